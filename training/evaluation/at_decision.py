"""What a user gets at the installed decision: named right, wrong or not at all, and what else is given a name."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from edge.recognition.calibration import product_scores
from edge.recognition.decision import Rule
from edge.recognition.matcher import match
from edge.types import Vectors
from training.evaluation.drawn_banks import DrawnBank, draw_banks
from training.evaluation.embedded import EmbeddedSet
from training.evaluation.metrics import opis

DRAWS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares in [0, 1], means over draws.

    nearest: probes of enrolled products whose nearest product is right, whatever its score: the ceiling of right.
    right, wrong, unknown: of the same probes, what is answered. look_alikes: products of the set that are not enrolled,
    given a name. others: things of other kinds, given a name; by what they are. opis: how unequal one threshold on the
    score would be for the enrolled products.
    """

    nearest: float
    right: float
    wrong: float
    unknown: float
    look_alikes: float
    others: Mapping[str, float]
    opis: float

    def plain(self) -> dict[str, float | dict[str, float]]:
        """For a card: rounded to four places."""
        return {
            name: {k: round(v, 4) for k, v in value.items()} if isinstance(value, dict) else round(value, 4)
            for name, value in asdict(self).items()
        }


def outcome(embedded: EmbeddedSet, rules: Mapping[str, Rule], others: Mapping[str, Vectors], photos: int) -> Outcome:
    """Given a set of new products, return what happens with that many photos enrolled of each product.

    others: vectors of nobody's products by their kind. rules: by the same kinds, the rule that each is put to, whose
    cohort must not hold it; the first rule decides on the set.
    """
    rows: list[tuple[float, ...]] = []
    others = {kind: vectors for kind, vectors in others.items() if len(vectors)}
    accepted: dict[str, list[float]] = {kind: [] for kind in others}
    strangers = np.concatenate([embedded.vectors[:0], *others.values()])
    for bank in draw_banks(embedded, photos, DRAWS, seed=1):
        decisions = {kind: rule.decision(bank.gallery) for kind, rule in rules.items()}
        answers = match(bank.gallery, bank.probes, next(iter(decisions.values())))
        correct = np.array([each.candidates[0].product for each in answers]) == bank.truth
        named, known = np.array([each.product is not None for each in answers]), bank.known
        shares = [_share(each, known) for each in (correct, named & correct, named & ~correct, ~named)]
        rows.append((*shares, _share(named, ~known), bank_opis(bank, strangers)))
        for kind, vectors in others.items():
            answers = match(bank.gallery, vectors, decisions[kind])
            accepted[kind].append(float(np.mean([each.product is not None for each in answers])))
    nearest, right, wrong, unknown, look_alikes, inconsistency = map(float, np.nanmean(rows, axis=0))
    kinds = {kind: float(np.mean(each)) for kind, each in accepted.items()}
    return Outcome(nearest, right, wrong, unknown, look_alikes, kinds, inconsistency)


def lines(outcomes: Mapping[int, Outcome]) -> list[str]:
    """Given what happens by the number of photos of each product, return it as the lines of a table."""
    kinds = list(next(iter(outcomes.values())).others)
    rows = ["  photos  nearest  right  wrong  unknown  look-alikes  " + "  ".join(kinds)]
    for photos, each in outcomes.items():
        shares = "".join(f"  {each.others[kind]:{len(kind)}.4f}" for kind in kinds)
        rows.append(
            f"  {photos:6}  {each.nearest:7.3f}  {each.right:5.3f}  {each.wrong:5.3f}  {each.unknown:7.3f}"
            f"  {each.look_alikes:11.3f}{shares}"
        )
    return [row.rstrip() for row in rows]


def bank_opis(bank: DrawnBank, others: Vectors) -> float:
    """Given a bank and vectors (M, D) of nobody's products, return the OPIS of its products, see `metrics.opis`."""
    names = list(bank.gallery.rows)
    scores = product_scores(bank.gallery, np.concatenate([bank.probes, others]))
    own = np.concatenate([bank.truth, np.full(len(others), "")])[:, None] == np.array(names)
    columns = range(len(names))
    return opis([scores[own[:, i], i] for i in columns], [scores[~own[:, i], i] for i in columns])


def _share(what: npt.NDArray[np.bool_], of: npt.NDArray[np.bool_]) -> float:
    return float(what[of].mean()) if of.any() else float("nan")
