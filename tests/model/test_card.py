from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BadCrop, BadModel, EdgeError
from edge.images.letterbox import letterbox
from edge.model.card import SHIPPED, ModelCard, OperatingPoint, load_card, model_id, remedy


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 128))
def test_white_stays_white_centred_on_black(height: int, width: int, size: int) -> None:
    square = letterbox(np.full((height, width, 3), 255, np.uint8), size)
    assert square.shape == (size, size, 3) and square.dtype == np.uint8
    rows, columns = np.nonzero(square[:, :, 0])
    assert np.all(square[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] == 255)
    assert abs(rows.min() - (size - 1 - rows.max())) <= 1
    assert abs(columns.min() - (size - 1 - columns.max())) <= 1
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == size


@pytest.mark.parametrize("side", [63, 64, 127, 255, 257, 511, 513, 1023])
def test_nothing_is_shifted_or_cut_off_while_it_is_made_smaller(side: int) -> None:
    ramp = np.linspace(0, 255, 2 * side + 1)[1::2].round().astype(np.uint8)  # the level at each pixel's middle
    picture = np.broadcast_to(ramp[:, np.newaxis], (side, side, 3))
    expected = np.linspace(0, 255, 65)[1::2]
    assert np.abs(letterbox(np.ascontiguousarray(picture), 32)[0, :, 0] - expected).max() < 2


def test_colour_order_is_kept() -> None:
    red = np.zeros((40, 20, 3), np.uint8)
    red[..., 0] = 200
    assert letterbox(red, 32)[16, 16].tolist() == [200, 0, 0]


@pytest.mark.parametrize("shape", [(0, 4, 3), (4, 4), (4, 4, 4)])
def test_what_is_no_picture_is_refused_by_its_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(BadCrop, match="expected a non-empty") as refusal:
        letterbox(np.zeros(shape, np.uint8), 8)
    assert isinstance(refusal.value, EdgeError) and str(shape) in str(refusal.value)


def test_size_under_one_is_refused() -> None:
    with pytest.raises(BadCrop, match="got 0"):
        letterbox(np.zeros((4, 4, 3), np.uint8), 0)


def test_a_card_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    model = tmp_path / "m.tflite"
    model.write_bytes(b"weights")
    card = ModelCard(model_id(model), 224, 1280, "int8", 0.7, (OperatingPoint(0.01, 0.72, 0.9),), {"data": ["grocery"]})
    card.save(model)
    assert load_card(model) == card


def test_a_card_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the disk is full, or the power fails."""
    model = tmp_path / "m.tflite"
    model.write_bytes(b"weights")
    card = ModelCard(model_id(model), 224, 1280, "int8", 0.7)
    card.save(model)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace(card, threshold=0.1).save(model)
    assert load_card(model) == card and sorted(path.name for path in tmp_path.iterdir()) == ["m.tflite", "m.yaml"]


def test_a_card_that_does_not_fit_is_refused_with_what_differs(tmp_path: Path) -> None:
    model = tmp_path / "m.tflite"
    model.write_bytes(b"weights")
    with pytest.raises(BadModel, match="not found"):
        load_card(model)
    ModelCard("0" * 64, 224, 1280, "int8", 0.7).save(model)
    with pytest.raises(BadModel, match="its card says 000000000000"):
        load_card(model)
    model.with_suffix(".yaml").write_text("size: 224\n")
    with pytest.raises(BadModel, match="expected the keys id, size"):
        load_card(model)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("threshold", ".nan", "threshold: expected a number from -1 to 1, got nan"),
        ("threshold", "high", "threshold: expected a number from -1 to 1, got 'high'"),
        ("threshold", "7", "threshold: expected a number from -1 to 1, got 7"),
        (
            "operating_points",
            "[{far: 0.1, threshold: .inf, tar: 1}]",
            "operating_points.0.1: expected a number from -1 to 1, got inf",
        ),
        ("size", "-1", "size: expected a whole number from 1, got -1"),
        ("dimension", "many", "dimension: expected a whole number from 1, got 'many'"),
        ("id", "7", "id: expected text, got 7"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(tmp_path: Path, key: str, value: str, said: str) -> None:
    model = tmp_path / "m.tflite"
    model.write_bytes(b"weights")
    values = {"id": model_id(model), "size": "224", "dimension": "8", "precision": "int8", "threshold": "0.7"}
    model.with_suffix(".yaml").write_text(
        "".join(f"{name}: {text}\n" for name, text in (values | {key: value}).items())
    )
    with pytest.raises(BadModel, match=f"model card .*m.yaml: {said}; export model and card again"):
        load_card(model)


def test_a_shipped_model_that_is_damaged_says_install_again(tmp_path: Path) -> None:
    assert remedy(SHIPPED / "bottlebank.tflite") == "the file is damaged, install Bottlebank again"
    assert remedy(tmp_path / "bottlebank.tflite") == "export model and card again"
