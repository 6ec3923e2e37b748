import numpy as np

from edge.daemon import saved_background


def test_it_comes_back_as_it_was(tmp_path):
    state = {"mean": np.arange(6, dtype=np.float32).reshape(2, 3), "mask": np.eye(2, dtype=bool)}
    saved_background.save_background(tmp_path, state)
    back = saved_background.load_background(tmp_path)
    assert back.keys() == state.keys()
    assert all(np.array_equal(back[name], state[name]) and back[name].dtype == state[name].dtype for name in state)


def test_none_where_there_is_none_and_where_it_is_damaged(tmp_path, caplog):
    assert saved_background.load_background(tmp_path) is None
    assert caplog.messages == []
    saved_background.save_background(tmp_path, {"mean": np.zeros(999, np.float32)})
    whole = (tmp_path / saved_background.FILE).read_bytes()
    for content in (b"", whole[:100], b"not a zip file at all", whole[:60] + bytes(len(whole) - 60)):
        (tmp_path / saved_background.FILE).write_bytes(content)
        assert saved_background.load_background(tmp_path) is None
        assert "the saved empty scene is not used" in caplog.messages[-1]
    assert len(caplog.messages) == 4
