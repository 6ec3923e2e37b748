from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from edge import schema
from edge.errors import BadConfig
from edge.schema import key


@dataclass(frozen=True)
class Section:
    """Of every kind of number."""

    count: int = key(1, "", low=1, high=9)
    side: int | None = key(None, "", low=1, high=9)
    share: float | None = key(None, "", low=0, high=1)


def test_a_number_that_may_be_absent_is_described_as_one_that_may_not() -> None:
    assert [schema.allowed(each) for each in fields(Section)] == [
        "a whole number from 1 to 9",
        "a whole number from 1 to 9",
        "a number from 0 to 1",
    ]


@pytest.mark.parametrize("name", ["count", "side"])
def test_a_fraction_is_no_whole_number(tmp_path: Path, name: str) -> None:
    (tmp_path / "c.yaml").write_text(f"{name}: 2.5\n")
    with pytest.raises(BadConfig, match=f"{name}: expected a whole number from 1 to 9, got '2.5'"):
        schema.read(tmp_path / "c.yaml", Section)
