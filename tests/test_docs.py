import importlib.util
import json
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from edge import cli, exit_codes
from edge.config import Config, load_config
from edge.console import calibration
from edge.events.format import as_json
from edge.events.journald import Journald
from edge.events.ledger import KEEP, Ledger
from edge.events.ledger_table import LEDGER
from edge.recognition.expected import Expected, Share
from edge.types import Box, Candidate, Event, Match
from tests.bank.pictures import write
from tests.tiny import TINY

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


def integration() -> str:
    return (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")


def documented(after: str) -> set[str]:
    """The names in the first column of the first table after a text on the page for other programs."""
    text = integration().partition(after)[2]
    table = re.search(r"(?:^\|.*\n)+", text, flags=re.M)
    assert table, after
    return {name for row in table[0].splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


EVENT = Event(
    *("identified", "19aa8f1c2d3-5b1e", "2025-11-21T22:13:07.512Z", 4.7, 71, Box(1, 2, 3, 4)),
    Match("cola", 0.6, (Candidate("cola", 0.9, "cola/1.jpg"), Candidate("tea", 0.4, "tea1.jpg")), 0.99),
)


def test_the_examples_for_other_programs_work(tmp_path: Path) -> None:
    program = re.findall(r"```python\n(.*?)```", integration(), flags=re.S)[0]
    query = re.findall(r'"(SELECT .*?)"', integration())[0]
    path = tmp_path / "state" / "ledger.db"
    program = program.replace("/var/lib/bottlebank/ledger.db", str(path))

    def printed() -> list[str]:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, cwd=tmp_path, check=True, text=True, capture_output=True).stdout.splitlines()

    with closing(Ledger(path)) as ledger:
        ledger.record(replace(EVENT, event="placed", match=None), EVENT)
        files = sorted(path.parent.iterdir())
        assert printed()[1] == f"{EVENT.at} identified {EVENT.placement} cola" and printed() == []
        assert sorted(path.parent.iterdir()) == files
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            assert [row[0] for row in connection.execute(query)] == [1, 2]
        ledger.record(replace(EVENT, event="removed"))
    assert printed() == [f"{EVENT.at} removed {EVENT.placement} cola"] and printed() == []
    assert list(path.parent.iterdir()) == [path]


def test_the_tables_of_the_ledger_are_documented(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        for table in ("events", "gaps"):
            columns = ledger.database.read(lambda db, table=table: db.execute(f"PRAGMA table_info({table})").fetchall())
            assert documented(f"Table `{table}`") == {column[1] for column in columns}
    assert f"`PRAGMA user_version` is the version of the tables, now {LEDGER.version}." in integration()
    assert f"The newest {KEEP:,} events are kept" in integration()


def test_the_fields_of_the_journal_are_documented(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "journal"))
        with closing(Journald(str(tmp_path / "journal"))) as journal:
            journal.write(EVENT)
        fields = set(re.findall(rb"^([A-Z_]+)$", listening.recv(4096), flags=re.M))
    assert documented("**The journal**") == {name.decode() for name in fields} - {"PRIORITY", "SYSLOG_IDENTIFIER"}


def test_the_output_of_commands_is_documented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state, photos = tmp_path / "state", tmp_path / "enroll"
    write(photos / "cola" / "1.png", 1)
    config = tmp_path / "config.yaml"
    config.write_text(f"model: {{path: {TINY}}}\nstate: {{folder: {state}}}\nenroll: {{folder: {photos}}}\n")
    with closing(Ledger(state / "ledger.db")) as ledger:
        ledger.record(EVENT)

    def output(*words: str) -> list[str]:
        cli.main([*words, "--config", str(config)])
        return capsys.readouterr().out.splitlines()

    def keys(*words: str) -> set[str]:
        return set(json.loads(output(*words, "--json")[0]))

    photo = str(photos / "cola" / "1.png")
    assert documented("`enroll --json`") == keys("enroll")
    assert documented("`list --json`") == keys("list")
    assert documented("`status --json`") == keys("status")
    assert documented("`events --csv`") == set(output("events", "--csv")[0].split(","))
    assert documented("`identify --json`") == keys("identify", photo)
    assert documented("`identify --csv`") == set(output("identify", photo, "--csv")[0].split(","))
    output("embed", str(photos), "--output", str(tmp_path / "vectors.npz"))
    assert documented("`embed --output FILE.npz`") == set(np.load(tmp_path / "vectors.npz"))
    (state / "review").mkdir()
    write(state / "review" / f"{EVENT.placement}.png", 2).rename(state / "review" / f"{EVENT.placement}.jpg")
    assert documented("`review --json`") == keys("review") - set(json.loads(as_json(EVENT)))
    expected = Expected(0.01, *[Share.of(1, 2)] * 4, {})
    assert documented("`calibrate --json`") == set(json.loads(calibration.as_json([], expected, [])))
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)`", page, flags=re.M)) == set(json.loads(as_json(EVENT)))
