import logging
import os
import threading

import pytest

from edge.model.runtime import load_model
from edge.model.stderr import stderr_to_log
from tests.tiny import TINY


def test_a_model_is_loaded_without_a_word(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    load_model(TINY)
    assert capfd.readouterr().err == ""
    assert {record.levelno for record in caplog.records} <= {logging.DEBUG}


def test_what_is_no_notice_is_a_warning_and_standard_error_comes_back(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with stderr_to_log():
        os.write(2, b"INFO: a notice\nERROR: a fault\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n" and caplog.messages == ["ERROR: a fault"]


@pytest.mark.parametrize("call", ["memfd_create", "dup"])
def test_where_it_cannot_be_diverted_it_stays(
    call: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as sandbox:
        sandbox.setattr(os, call, refuse)
        with stderr_to_log():
            os.write(2, b"inside\n")
    assert capfd.readouterr().err == "inside\n"


def test_several_threads_may_collect_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    inside = threading.Barrier(3)

    def collect() -> None:
        with stderr_to_log():
            inside.wait(10)

    threads = [threading.Thread(target=collect) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"
