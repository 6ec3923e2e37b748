import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.parallel import AHEAD, Shared, in_order


@settings(max_examples=50)
@given(st.lists(st.integers(), max_size=60), st.integers(1, 4))
def test_results_come_in_the_order_of_the_items(items, workers):
    assert list(in_order(lambda item: -item, items, workers)) == [-item for item in items]


def test_few_items_are_taken_before_their_turn():
    taken = 0

    def items():
        nonlocal taken
        while taken < 1000:
            taken += 1
            yield taken

    for number, result in enumerate(in_order(lambda item: item, items(), 2), 1):
        assert number == result and taken < number + AHEAD * 2


def test_workers_work_at_the_same_time():
    both = threading.Barrier(2, timeout=20)
    assert len(list(in_order(lambda item: both.wait(), range(8), 2))) == 8


def test_an_error_comes_in_its_place_and_ends_the_work():
    started = []

    def work(item):
        started.append(item)
        return 1 // (item - 3)

    results = in_order(work, range(1000), 2)
    assert [next(results) for _ in range(3)] == [-1, -1, -1]
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert max(started) < 3 + AHEAD * 2


def test_a_shared_tool_serves_one_thread_at_a_time_and_no_more_are_made_than_allowed():
    busy, numbers = [0, 0, 0], iter(range(1, 9))
    shared = Shared(lambda: next(numbers), 3, 0)

    def use(tool):
        busy[tool] += 1
        assert busy[tool] == 1
        threading.Event().wait(0.0005)
        busy[tool] -= 1
        return tool

    assert set(in_order(lambda item: shared.use(use), range(100), 5)) == {0, 1, 2}


def test_no_tool_is_made_before_it_is_needed():
    made = []
    shared = Shared(lambda: made.append("tool") or "tool", 4)
    assert made == []
    assert [shared.use(lambda tool: tool) for _ in range(3)] == ["tool"] * 3 and len(made) == 1


def test_a_shared_tool_is_free_again_after_an_error():
    shared = Shared(lambda: "only", 1)
    with pytest.raises(ZeroDivisionError):
        shared.use(lambda tool: 1 // 0)
    assert shared.use(lambda tool: tool) == "only"
