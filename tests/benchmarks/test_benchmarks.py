"""That the benchmarks count right; what they measure is not for tests."""

import os
import time
from subprocess import CalledProcessError

import numpy as np
import pytest

from benchmarks import __main__ as every
from benchmarks import banks, batches, counts, idle, material, page, plots, tables, ways
from edge.bench.measurement import Measurement


def test_the_bank_holds_groups_of_photos_and_half_of_the_probes_belong_to_it():
    gallery, probes = banks.gallery(400, 64, np.random.default_rng(1))
    assert gallery.vectors.shape == (400, 64) and len(set(gallery.products)) == 50
    assert np.allclose(np.linalg.norm(gallery.vectors, axis=1), 1, atol=1e-5)
    best = (probes @ gallery.vectors.T).max(axis=1)
    assert len(probes) == banks.PROBES and (best[: banks.PROBES // 2] > 0.6).all()
    assert (best[banks.PROBES // 2 :] < 0.6).all()


def test_the_table_compares_with_batch_and_the_cosines_of_the_three_ways():
    def row(way, seconds, answers):
        return {"way": way, "seconds": seconds, "cpu": 1, "ratio": 1, "memory": 90, "answers": answers}

    found = {
        "rows": [
            row("plain loop", 6, [["a", 0.5], ["b", 0.1]]),
            row("identify --how one", 4, [["a", 0.5], ["c", 0.6]]),
            row("identify --how batch", 2, [["a", 0.5], ["c", 0.6]]),
            row("identify --how fused", 2, [["a", 0.5], ["c", 0.6001]]),
        ]
    }
    lines = batches.table(found).splitlines()
    assert "| 3.00 | 90 | 1 |" in lines[2] and "| 2.00 | 90 | 2 |" in lines[3]
    assert batches.difference(found) == pytest.approx(1e-4)


def test_ratios_are_taken_within_a_round_and_the_bare_model_is_shared_among_the_cores():
    own = ("plain loop", "identify --how one", "identify --how batch", "identify --how fused")
    rows = [{"way": way, "rounds": [2.0, 4.0, 2.0], "answers": [["a", 0.5]]} for way in (*own, *ways.PEERS)]
    rows.append({"way": "bare invoke()", "rounds": [3.0, 5.0, 4.0], "answers": []})
    rows.append({"way": "bare invoke() on every core", "rounds": [1.6, 3.2, 1.6], "answers": []})
    rows += [{"way": way, "rounds": [1.0, 1.0, 0.5], "answers": []} for way in ways.FAST]
    rows[0]["rounds"] = [3.0, 12.0, 4.0]
    compared = batches.compared({"rows": rows, "cores": 2}, large=False)
    plain, fused, bare, everywhere, cosines = compared[-5:]
    assert (plain.value, plain.met) == (2.0, True) and (fused.value, fused.met) == (1.0, True)
    assert bare.value == pytest.approx(4 / 3) and not bare.met
    assert everywhere.value == pytest.approx(1.25) and not everywhere.met
    assert [goal.value for goal in compared if "one by one" in goal.name] == [1.0, 4.0]
    assert cosines.value == 0 and cosines.met


def test_a_goal_says_how_far_it_is_away():
    least, most = tables.goals([Measurement("a", 2, 3, at_least=True), Measurement("b", 1.1, 1)]).splitlines()[2:]
    assert (
        least == "| a | 2 | at least 3 | **missed** | +50 % |"
        and most == "| b | 1.1 | at most 1 | **missed** | +10 % |"
    )
    assert "| met | -25 % |" in tables.goals([Measurement("c", 4, 3, at_least=True)])


def test_a_folder_of_links_has_as_many_images_as_asked(tmp_path, monkeypatch):
    (tmp_path / "small").mkdir()
    for name in "ab":
        (tmp_path / "small" / f"{name}.jpg").touch()
    monkeypatch.setattr(material, "BUILD", tmp_path)
    (tmp_path / "many").mkdir()
    counts.linked(2500, tmp_path / "many")
    assert len(list((tmp_path / "many").glob("*/*.jpg"))) == 2500 and len(list((tmp_path / "many").iterdir())) == 3


def test_the_time_of_a_process_is_that_of_its_threads():
    def seconds() -> float:
        return time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)

    outer = seconds()
    before, inner = sum(idle.thread_seconds(os.getpid()).values()), seconds()
    while seconds() < inner + 0.3:
        pass
    inner = seconds() - inner
    spent = sum(idle.thread_seconds(os.getpid()).values()) - before
    outer = seconds() - outer
    slack = 0.02  # the kernel counts a running thread up to its last tick
    assert inner - slack <= spent <= outer + slack


def test_results_are_kept_and_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(plots, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(plots, "DOCS", tmp_path)
    plots.keep("one", {"a": 1})
    plots.draw("one", [1, 10], {"a": [1, 2], "b": [2, 4]}, ("x", "y"))
    assert (tmp_path / "results" / "one.json").read_text() == '{\n "a": 1\n}'
    plots.bars("two", {"a": 1, "b": 20}, "seconds")
    assert "<svg" in (tmp_path / "one.svg").read_text() and "<svg" in (tmp_path / "two.svg").read_text()


def test_each_benchmark_has_a_place_on_the_page_and_fills_it(tmp_path, monkeypatch):
    text = page.PAGE.read_text(encoding="utf-8")
    monkeypatch.setattr(page, "PAGE", tmp_path / "speed.md")
    page.PAGE.write_text(text, encoding="utf-8")
    for name in every.ALL:
        page.put(name, f"figures of {name}\n")
        page.put(name, f"new figures of {name}\n")
    filled = page.PAGE.read_text(encoding="utf-8")
    assert [line for line in filled.splitlines() if line.startswith("figures")] == []
    assert [line for line in filled.splitlines() if line.startswith("new figures")] == [
        f"new figures of {name}" for name in sorted(every.ALL, key=lambda name: text.index(f"<!-- {name} -->"))
    ]
    assert [line for line in filled.splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]
    with pytest.raises(ValueError, match="expected the marks of nothing"):
        page.put("nothing", "")


def test_what_a_benchmark_prints_is_shown_and_kept(capfd):
    assert every.run("edge.cli --version").startswith("bottlebank ")
    assert capfd.readouterr().out.startswith("bottlebank ")
    with pytest.raises(CalledProcessError):
        every.run("edge.cli nonsense")
