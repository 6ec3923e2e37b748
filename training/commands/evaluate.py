"""What a model can do, on the exported file through the edge code: `python -m training evaluate`."""

import argparse
import dataclasses
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from edge.errors import BadPhoto
from edge.model.card import ModelCard
from edge.model.embedder import Embedder
from training.data.photos import find_photos
from training.evaluation import page, protocol
from training.evaluation.embedded import Embed, embed_photos, pool
from training.evaluation.figures import FIGURES, measure
from training.evaluation.reproduce import TOLERANCE, compare, not_measured, write_card
from training.evaluation.results import OPERATING_FARS, ROUNDS, Group, Result, result

POOLED = "all sets"


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="an exported .tflite, its card beside it")
    parser.add_argument("--photos", type=Path, action="append", required=True, help="a set of photos; may be repeated")
    parser.add_argument("--out", type=Path, help="folder for report.html and report.json (default reports/NAME)")
    parser.add_argument(
        "--far", type=float, default=0.01, help="false accept rate whose threshold is told, and written (default 0.01)"
    )
    parser.add_argument(
        "--write-card", action="store_true", help="write figures, operating points and threshold into the card"
    )


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure, report, and compare with the card. Return 0, or 1 if a figure differs from the card's."""
    if not 0 < args.far < 1:
        raise BadPhoto(f"--far: expected a rate between 0 and 1, got {args.far}")
    embedder = Embedder(args.model)
    card = embedder.card
    results = evaluate(embedder.embed, args.photos, card.about.get("trained", ()), args.far, card.id)
    out = args.out or Path("reports") / args.model.stem
    write_report(out, args.model, card, results)
    for each in results:
        print("\n".join(["", f"{each.name}", *lines(each)]))
    chosen = deciding(results[-1])
    point = next(point for point in chosen.operating if point.far == args.far)
    print(
        f"\nthreshold for {100 * args.far:g} % false accepts: {point.threshold:.3f}, accepts {point.tar:.3f} of genuine"
    )
    print(f"report: {out / 'report.html'}")
    if args.write_card:
        write_card(card, args.model, results, chosen.operating, point.threshold)
        print(f"written to the card {args.model.with_suffix('.yaml')}")
        return 0
    return _compare(card, results)


def evaluate(
    embed: Embed, sets: Sequence[Path], trained: Collection[str], far: float = 0.01, model: str = ""
) -> list[Result]:
    """Given crops → vectors, folders of sets and the names of the products trained on, measure each set, and all of
    them as one if there are several. Raise BadPhoto if a set cannot be measured.
    """
    names = [folder.resolve().name for folder in sets]
    if len(set(names)) < len(names):
        raise BadPhoto(f"sets of photos: expected different names, got {', '.join(names)}; rename a folder")
    every = []
    for name, folder in zip(names, sets, strict=True):
        photos = find_photos(folder)
        left_out = {photo.product for photo in photos if photo.product} - set(trained)
        every.append((name, embed_photos(embed, photos, sorted(left_out), model)))
    if len(every) > 1:
        every.append((POOLED, pool([embedded for _, embedded in every])))
    fars = sorted({*OPERATING_FARS, far}, reverse=True)
    return [result(name, [embedded], fars) for name, embedded in every]


def quick(
    embed: Embed, photos: Path, products: Sequence[str] | None = None, *, seed: int = 0, shots: int = 4, draws: int = 5
) -> dict[str, float]:
    """Given crops → vectors and the folder of a set, return its figures over these products (None: all) as if none
    were trained on, without intervals: for comparing models while developing.

    The names of the figures are those of `training.evaluation.figures.FIGURES`.
    """
    wanted = [p for p in find_photos(photos) if products is None or p.product in products or p.role == "non-product"]
    embedded = embed_photos(embed, wanted)
    table = protocol.trials(embedded, embedded.products, shots=shots, draws=draws, seed=seed)
    return {name: figure["value"] for name, figure in measure(table).items()}


def deciding(result: Result) -> Group:
    """Given a measured set, return the group that thresholds are taken from: every product, else the never-trained."""
    return next(result.groups[name] for name in ("both", "never-trained", "trained") if name in result.groups)


def lines(result: Result) -> list[str]:
    """Given a measured set, return its figures as the lines of a table, a column for each group."""
    width = 26
    rows = [f"  {'':24}" + "".join(f"{name:<{width}}" for name in result.groups)]
    for name in FIGURES:
        cells = [_cell(group.figures.get(name)) for group in result.groups.values()]
        rows.append(f"  {name:24}" + "".join(f"{cell:<{width}}" for cell in cells))
    return [row.rstrip() for row in rows]


def write_report(out: Path, model: Path, card: ModelCard, results: Sequence[Result]) -> None:
    """Write report.html and report.json into a folder, making it."""
    plain = {
        "model": {"file": model.name} | {k: v for k, v in dataclasses.asdict(card).items() if k != "operating_points"},
        "protocol": settings(),
        "sets": [each.plain() for each in results],
    }
    page.write(out / "report.json", json.dumps(plain, indent=1, allow_nan=False) + "\n")
    about = (
        f"<p>{card.precision}, {card.size} pixels, {card.dimension} dimensions, id {card.id[:12]}. {explained()}</p>"
    )
    page.write(out / "report.html", page.page(model.name, [about, *map(page.section, results)]))


def settings() -> dict[str, Any]:
    """What a report is measured with."""
    return {"enrolled photos a product": protocol.SHOTS, "draws": protocol.DRAWS, "bootstrap rounds": ROUNDS}


def explained() -> str:
    """The same in a sentence."""
    return (
        f"{protocol.SHOTS} enrolled photos a product, {protocol.DRAWS} draws; 95 % intervals from {ROUNDS} bootstrap "
        "rounds over products."
    )


def _cell(figure: dict[str, float] | None) -> str:
    if figure is None:
        return "-"
    bounds = f" ({figure['low']:.3f} to {figure['high']:.3f})" if "low" in figure else ""
    return f"{figure['value']:.3f}{bounds}"


def _compare(card: ModelCard, results: Sequence[Result]) -> int:
    if not card.about.get("figures"):
        print("the card has no figures yet; --write-card writes these")
        return 0
    agree, differ = compare(card, results)
    for name in not_measured(card, results):
        print(f"not measured now: {name}")
    if differ or not agree:
        print(
            "\n".join(["not reproduced:", *differ, *([] if agree or differ else ["none of the card's sets was given"])])
        )
        return 1
    print(f"reproduced: {agree} figures are the card's, within {TOLERANCE}")
    return 0
