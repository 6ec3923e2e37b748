import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from edge import cli, exit_codes
from edge.config import Config, load_config

ROOT = Path(__file__).resolve().parent.parent


def generator() -> ModuleType:
    """The module docs/generate.py, which is no package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES: dict[str, str] = generator().pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name], f"{name}: run `python docs/generate.py`"


def test_the_sample_says_the_defaults_and_nothing_else(tmp_path: Path) -> None:
    sample = ROOT / "systemd" / "bottlebank.yaml"
    assert load_config(sample) == Config()
    everything = tmp_path / "everything.yaml"
    everything.write_text(re.sub(r"^  #(?=\S)", "  ", sample.read_text(), flags=re.M))
    assert "\n  kind: picamera2\n" in everything.read_text()
    assert load_config(everything) == Config()


def test_every_command_option_and_exit_code_is_explained() -> None:
    page = PAGES["docs/cli.md"]
    assert "| None" not in page and "None |" not in page, "an option without help"
    for command in cli.COMMANDS:
        assert f"\n## {command}\n" in page
    for name, number in vars(exit_codes).items():
        if name.isupper() and isinstance(number, int):
            assert f"\n| {number} | " in page, name


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))])
def test_every_link_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
    if page.startswith("docs/") and page != "docs/index.md":
        assert f"({Path(page).name})" in (ROOT / "docs" / "index.md").read_text(), (
            f"docs/index.md does not lead to {page}"
        )
