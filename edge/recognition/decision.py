"""Whether the nearest product is named: by thresholds that were given, or by what the bank itself calls for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.model.cohort import Cohort
from edge.recognition.calibration import Calibration, calibrate
from edge.types import NOT_A_PRODUCT, Candidate, Gallery, Match


@dataclass(frozen=True, slots=True)
class Rule:
    """How names are decided, whatever the bank.

    threshold: cosine in [-1, 1] for every product; None leaves it to the cohort. products: cosines for single products,
    which win over both. cohort: of the model; None needs a threshold. false_accepts: the share of other things, in
    (0, 1), that may be named.
    """

    threshold: float | None
    products: Mapping[str, float] = field(default_factory=dict)
    cohort: Cohort | None = None
    false_accepts: float = 0.01

    def __post_init__(self) -> None:
        if self.threshold is None and self.cohort is None:
            raise ValueError("expected a threshold or a cohort, got neither")

    def calibration(self, gallery: Gallery) -> Calibration | None:
        """Given a bank, return what it calls for; None without a cohort."""
        return calibrate(gallery, self.cohort, self.false_accepts) if self.cohort else None

    def decision(self, gallery: Gallery) -> "Decision":
        """Given a bank, return the decision for it."""
        return Decision(self, self.calibration(gallery))


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule, applied to one bank."""

    rule: Rule
    calibration: Calibration | None

    def unknown(self) -> Match:
        """The answer of an empty bank."""
        return Match(None, 1.0 if self.rule.threshold is None else self.rule.threshold, ())

    def answer(self, candidates: tuple[Candidate, ...]) -> Match:
        """Given the best candidates, at least one, return the answer."""
        best, second = candidates[0], candidates[1].score if len(candidates) > 1 else None
        threshold = self.threshold(best.product, second)
        named = best.score >= threshold and best.product != NOT_A_PRODUCT
        confidence = None
        if self.calibration:
            confidence = self.calibration.confidence(best.score, second)
        return Match(best.product if named else None, threshold, candidates, confidence)

    def threshold(self, product: str, second: float | None) -> float:
        """Given the nearest product and the best cosine of another one, if any, return the cosine it has to reach."""
        given = self.rule.products.get(product, self.rule.threshold)
        if given is not None:
            return given
        assert self.calibration
        return self.calibration.threshold(product, second)
