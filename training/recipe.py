"""A recipe: everything that decides what a training run gives, in one YAML file, kept with the run.

The fields below are the keys. `python -m training train NAME` takes a file's path or a name from training/recipes.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from edge import schema
from edge.errors import BadConfig
from edge.schema import key

FOLDER = Path(__file__).parent / "recipes"


@dataclass(frozen=True, slots=True)
class BackboneRecipe:
    """The network under the head."""

    name: str = key("mobilenet_v2", "One of training/model/backbones.py.")
    size: int | None = key(None, "Side of its square input.", unit="pixels", low=32, high=1024, shown="its own")
    alpha: float | None = key(None, "Factor on its number of channels.", low=0.1, high=2, shown="1, or it takes none")
    weights: str = key("imagenet", "`imagenet`, `none`, the path of a weights file, or of an extractor.keras.")


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """What stands on the embedding while training."""

    kind: str = key("arcface", "ArcFace, or a plain linear layer for comparison.", choices=("arcface", "softmax"))
    scale: float = key(30.0, "s of ArcFace.", low=1, high=128)
    margin: float = key(0.5, "m of ArcFace.", unit="radians", low=0, high=1.5)
    easy_margin: bool = key(False, "Apply the margin only where the cosine is above 0.")
    imprint: bool = key(True, "Start ArcFace's centres as the means of what the starting network makes of each class.")


@dataclass(frozen=True, slots=True)
class FitRecipe:
    """How it is trained. Each stage starts from the weights of the one before that named unseen products best."""

    stages: Mapping[str, float] = key(
        lambda: {"head": 1e-3, "stem": 1e-4},
        "What each stage unfreezes, from the head down to a block or the stem, and its learning rate; "
        "`{}`: nothing is trained.",
        low=1e-8,
        high=1,
        shown="head: 0.001, then stem: 0.0001",
    )
    epochs: int = key(20, "Of each stage.", low=1, high=10_000)
    batch: int = key(32, "Photos in a step.", low=2, high=4096)
    size: int | None = key(
        None,
        "Side of the images while training: smaller ones train faster and lose little.",
        unit="pixels",
        low=32,
        high=1024,
        shown="the backbone's",
    )
    patience: int = key(5, "Epochs without gain after which the learning rate falls.", low=1, high=1000)
    decay: float = key(0.8, "What the learning rate is multiplied by then.", low=0.01, high=1)
    label_smoothing: float = key(0.0, "Share of each label spread over all classes.", low=0, high=0.5)
    distill: float = key(
        0.0, "Weight of keeping unlabelled photos where the starting weights had them.", low=0, high=100
    )
    average: float = key(
        0.0,
        "Share of the running average of the weights that stays in each step; the result is that average. 0: none.",
        low=0,
        high=0.9999,
    )
    blend: float = key(
        1.0, "Share of the trained weights in the result; the rest are the starting weights.", low=0, high=1
    )
    precision: str = key(
        "auto",
        "Of the arithmetic; auto: mixed_float16 on a GPU, else float32.",
        choices=("auto", "float32", "mixed_float16", "mixed_bfloat16"),
    )
    seed: int = key(0, "Of everything drawn at random.", low=0, high=2**31 - 1)
    save_every: int = key(200, "Steps between two checkpoints.", low=1, high=1_000_000)


@dataclass(frozen=True, slots=True)
class DataRecipe:
    """What it is trained on, besides the folders that the command names."""

    made_up: int = key(
        0, "Products that do not exist, drawn and turned before all kinds of backgrounds.", low=0, high=100_000
    )
    made_up_views: int = key(8, "Pictures of each of them in an epoch.", low=1, high=1000)
    made_up_kept: int = key(
        16, "Pictures of each that are drawn, once for all runs; the epochs take turns.", low=1, high=1000
    )
    photo_views: int = key(
        1, "How often each photo is in an epoch, each time altered otherwise; 0: not at all.", low=0, high=1000
    )
    unlabelled: float = key(0.25, "Share of each step for unlabelled photos, where there are any.", low=0, high=0.9)
    augmentation: str = key(
        "pi",
        "What the Pi's camera does to a crop; or only the first write-up's shift and zoom.",
        choices=("pi", "shift-zoom"),
    )


@dataclass(frozen=True, slots=True)
class Recipe:
    """All of it."""

    backbone: BackboneRecipe = field(default_factory=BackboneRecipe)
    head: HeadRecipe = field(default_factory=HeadRecipe)
    fit: FitRecipe = field(default_factory=FitRecipe)
    data: DataRecipe = field(default_factory=DataRecipe)

    @property
    def uses_photos(self) -> bool:
        """Whether the photos that the command names are trained on."""
        return bool(self.fit.stages) and self.data.photo_views > 0


def known() -> list[str]:
    """The names of the recipes in training/recipes."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_recipe(source: str | Path) -> Recipe:
    """Given the path of a recipe, or a name in training/recipes, return it.

    Raise BadConfig with one line per fault, or naming the known recipes if there is no such file.
    """
    path = Path(source)
    if not path.suffix:
        path = FOLDER / f"{source}.yaml"
        if not path.is_file():
            raise BadConfig(
                f"recipe {source}: no such recipe; give the path of a .yaml file or one of {', '.join(known())}"
            )
    return schema.read(path, Recipe)


def dump(recipe: Recipe) -> str:
    """Given a recipe, return it as YAML with every key, so that `load_recipe` gives an equal one."""
    plain: dict[str, Any] = dataclasses.asdict(recipe)
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


def described(recipe: Recipe) -> dict[str, Any]:
    """Given a recipe, return its keys for a card: the weights by their file name, since paths are of one machine."""
    plain: dict[str, Any] = yaml.safe_load(dump(recipe))
    plain["backbone"]["weights"] = Path(recipe.backbone.weights).name
    return plain
