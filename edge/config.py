"""What can be configured: a dataclass a section, whose fields are the keys. See `docs/configuration.md`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from edge import schema
from edge.errors import BadConfig
from edge.schema import Polygon, key

SYSTEM_FILE = Path("/etc/bottlebank/bottlebank.yaml")
"""What is read where no file is named."""


MODELS = Path(__file__).parent / "models"
"""The models that ship with this package: a link in a clone and a folder once installed."""


@dataclass(frozen=True, slots=True)
class CameraConfig:
    """Where frames come from."""

    kind: str = key(
        "picamera2",
        "What gives the frames: a Raspberry Pi camera, a USB camera, a video file, a folder of images, a drawn scene.",
        choices=("picamera2", "v4l2", "video", "folder", "simulated"),
    )
    device: str = key("0", "Which camera: its number, or for v4l2 also its device file, such as /dev/video2.")
    path: Path | None = key(None, "The file or folder to read; needed for video and folder.", shown="none")
    width: int = key(
        1280, "Width of the frames that crops are cut from, before they are turned.", unit="pixels", low=160, high=8192
    )
    height: int = key(
        720, "Height of the frames that crops are cut from, before they are turned.", unit="pixels", low=120, high=8192
    )
    fps: float = key(
        10,
        "How often a frame is asked of the camera, or taken from a video; how many images of a folder make a second.",
        unit="frames a second",
        low=1,
        high=120,
    )
    format: str | None = key(
        None, "Pixel format asked of a v4l2 camera, by its four letters.", choices=("MJPG", "YUYV"), shown="its own"
    )
    rotate: int = key(
        0,
        "How far the picture is turned clockwise, 180 for a camera mounted upside down; in `replay` too.",
        unit="degrees",
        choices=(0, 90, 180, 270),
    )
    mains: str = key(
        "auto",
        "The frequency of the mains, which lamps flicker with; auto leaves it to the camera where it can tell.",
        unit="Hz",
        choices=("50", "60", "auto"),
    )
    seed: int = key(1, "Which simulated scene is drawn; the same number gives the same scene.", low=0, high=2**31 - 1)

    def __post_init__(self) -> None:
        if self.kind in ("video", "folder") and self.path is None:
            raise BadConfig(f"path: missing; the {self.kind} camera needs the path to read")


@dataclass(frozen=True, slots=True)
class IsolationConfig:
    """Where objects are looked for."""

    ignore: tuple[Polygon, ...] = key(
        tuple,
        "What is not looked at, such as a screen, a window or a road: a list of polygons, each a list of three or more "
        "corners `[x, y]`, from `[0, 0]` at the top left to `[1, 1]` at the bottom right; `bottlebank check --picture` "
        "draws them.",
        unit="parts of the picture",
        low=0,
        high=1,
        shown="none",
    )


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """What turns a crop into an embedding."""

    path: Path = key(
        Path("bottlebank"),
        "The model, a .tflite file with its card (.yaml) beside it, or one that ships: bottlebank, bottlebank-int8.",
    )
    threads: int = key(1, "Processor threads for one inference.", low=1, high=64)
    delegate: Path | None = key(
        None, "A delegate library that runs the model on an accelerator (Edge TPU, Hailo).", shown="none"
    )

    def __post_init__(self) -> None:
        if not self.path.suffix and self.path.name == str(self.path):
            object.__setattr__(self, "path", MODELS / f"{self.path}.tflite")


@dataclass(frozen=True, slots=True)
class MatchConfig:
    """When an embedding is called a product."""

    false_accepts: float = key(
        0.01,
        "The share of other things that may be taken for a product; each bank gets its thresholds from it.",
        low=0.0001,
        high=0.5,
    )
    threshold: float | None = key(
        None,
        "What the nearest enrolled photo must reach, else the object is unknown, in place of the bank's thresholds.",
        unit="cosine",
        low=-1,
        high=1,
        shown="the bank's own",
    )
    products: Mapping[str, float] = key(
        dict,
        "Thresholds for single products, each as `product: cosine`.",
        unit="cosine",
        low=-1,
        high=1,
        shown="none",
    )
    votes: int = key(5, "How many looks at one object are put together for its name.", unit="frames", low=1, high=25)


@dataclass(frozen=True, slots=True)
class EnrollConfig:
    """Which products are known."""

    folder: Path = key(
        Path("/var/lib/bottlebank/enroll"),
        "The enrollment photos: one folder per product, or files named after the product with a number.",
    )


@dataclass(frozen=True, slots=True)
class StateConfig:
    """What is kept over a restart."""

    folder: Path = key(Path("/var/lib/bottlebank"), "The bank, the ledger of events and the learned background.")

    @property
    def bank(self) -> Path:
        """The SQLite file of what is enrolled."""
        return self.folder / "bank.db"

    @property
    def review(self) -> Path:
        """The folder of the crops that a person should look at."""
        return self.folder / "review"

    @property
    def ledger(self) -> Path:
        """The SQLite file of what happened."""
        return self.folder / "ledger.db"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the file can say."""

    camera: CameraConfig = field(default_factory=CameraConfig)
    isolation: IsolationConfig = field(default_factory=IsolationConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    match: MatchConfig = field(default_factory=MatchConfig)
    enroll: EnrollConfig = field(default_factory=EnrollConfig)
    state: StateConfig = field(default_factory=StateConfig)


def load_config(path: Path | None) -> Config:
    """Given a YAML file, return its configuration; given None, that of the system's file, or every default without one.

    Raise BadConfig with one line per fault: file, line, key, what was expected.
    """
    if path is None and not SYSTEM_FILE.exists():
        return Config()
    file = path or SYSTEM_FILE
    config = schema.read(file, Config)
    return replace(
        config, **{each.name: _located(getattr(config, each.name), file, each.name) for each in fields(config)}
    )


def _located(section: Any, file: Path, name: str) -> Any:
    """Given a section of a file, return it with `~` expanded and relative paths made relative to the file's folder.

    The bare name of a delegate stays: the dynamic linker looks for it.
    """
    located = {}
    for each in fields(section):
        value = getattr(section, each.name)
        if isinstance(value, Path) and not (each.name == "delegate" and str(value) == value.name):
            try:
                located[each.name] = file.absolute().parent / value.expanduser()
            except RuntimeError as error:
                raise BadConfig(f"{file}: {name}.{each.name}: '{value}': {error}") from error
    return replace(section, **located)
