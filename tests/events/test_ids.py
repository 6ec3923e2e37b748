from itertools import islice

from edge.events.ids import ids


def test_ids_sort_by_time_and_never_come_twice():
    clock = iter([1_764_000_000_000 * 10**6] * 300 + [5 * 10**6] * 300)
    names = list(islice(ids(lambda: next(clock)), 600))
    assert names == sorted(names) and len({name.partition("-")[0] for name in names}) == 600
    assert names[0].startswith("19ab697e800-") and len(names[0]) == 16
