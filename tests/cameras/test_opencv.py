from types import SimpleNamespace
from typing import Any

import pytest

from edge.cameras.opencv import ERRORS, hush


@pytest.mark.parametrize("version", ["4.12", "4.13"])
def test_opencv_is_hushed_wherever_its_version_has_the_call(version: str) -> None:
    """Raspberry Pi OS Bookworm has the older, and without the call neither a USB camera nor a video opened there."""
    levels: list[int] = []
    call: Any = SimpleNamespace(setLogLevel=levels.append)
    hush(call if version == "4.12" else SimpleNamespace(utils=SimpleNamespace(logging=call)))
    assert levels == [ERRORS]
