"""One entry and one product: what each state of the entry says, and from when to when.

Product group, reading, numbers, description: the rules are told in :mod:`analysis.compare.catches`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from analysis.compare.facts import BoxTest, Facts, Truth, all_of, any_of, told
from analysis.compare.thresholds import Measures
from analysis.encoding.forms import GRADES, Exception_, Grade, Product, Reading, grade_of
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing
from analysis.encoding.timeline import Standing, State, day_before

Detail = Literal["yes", "no", "cannot-say", "by-description"]
#: What counts as a catch.
CATCHES = ("yes", "by-description")
BY_TECHNOLOGY = "descriptive entry: by technology only"
_GROUP = re.compile(r"^[0-9]([A-E])[0-9]{3}")
_GROUPS = {
    "A": "equipment and components",
    "B": "test and production equipment",
    "C": "materials",
    "D": "software",
    "E": "technology",
}


@dataclass(frozen=True)
class Verdicts:
    """One run of days on which one entry gives one answer; ``until`` is its last day (None: open)."""

    from_: str
    until: str | None
    outcome: Outcome


@dataclass(frozen=True)
class Outcome:
    """What one state of an entry says of a product."""

    verdict: Detail
    because: str
    met: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    rank: int = 0
    grade: Grade = "official"
    censored: bool = False
    nearness: tuple[int, int, int, float] = (0, 0, 0, 0.0)
    read: bool = False


class Asker:
    """One product, ready to be put to entries. Keeps what was worked out, so that many days can be asked."""

    def __init__(self, library: Library, product: Product):
        self.library = library
        self.product = product
        self.facts = Facts(product, Measures(library.vocabulary.quantities))
        self._spans: dict[tuple[str, str], list[Verdicts]] = {}
        self._outcomes: dict[tuple[str, str, str], Outcome] = {}

    # -- which entries are asked -----------------------------------------------------------------------------

    @cached_property
    def own(self) -> set[str]:
        table = self.library.vocabulary.technologies
        return {table.id_of(t) for t in self.product.technologies}

    @cached_property
    def around(self) -> set[str]:
        """The product's technologies, all above and all below them."""
        words = self.library.vocabulary
        return {n for t in self.own for n in (*words.under(t), *words.above(t))}

    def nodes(self, technologies: Iterable[str]) -> set[str]:
        """The technologies that are known, by id."""
        return set(self.library.vocabulary.nodes(technologies))

    @cached_property
    def _readings(self) -> list[Reading]:
        more = self.library.products[self.product.reads_as].readings if self.product.reads_as else []
        return [*self.product.readings, *more]

    def reading(self, layer: str, code: str) -> Reading | None:
        """Our reading of an entry for this product: the one that names it most closely, the product's own first."""
        best: tuple[int, Reading] | None = None
        for reading in self._readings:
            for name in reading.codes:
                if reading.regime == layer and (code == name or code.startswith(name + ".")):
                    if best is None or len(name) > best[0]:
                        best = (len(name), reading)
        return best[1] if best else None

    # -- one entry through time ------------------------------------------------------------------------------

    def spans(self, listing: Listing) -> list[Verdicts]:
        """The answers of one entry from the beginning of time, oldest first, equal neighbours merged."""
        if listing.key not in self._spans:
            self._spans[listing.key] = self._walk(listing)
        return self._spans[listing.key]

    def _walk(self, listing: Listing) -> list[Verdicts]:
        life = listing.timeline
        found: list[tuple[str, Outcome]] = [("", self._before(listing))]
        found += [(d, self.ask(listing, life.at(d))) for d in life.turns if d >= life.states[0].from_]
        merged: list[tuple[str, Outcome]] = []
        for start, outcome in found:
            if not merged or merged[-1][1] != outcome:
                merged.append((start, outcome))
        ends = [day_before(start) for start, _ in merged[1:]]
        return [Verdicts(s, e, o) for (s, o), e in zip(merged, [*ends, None], strict=True)]

    def _before(self, listing: Listing) -> Outcome:
        """What is known of the time before the first encoded version."""
        first = listing.timeline.states[0]
        set_aside = self._set_aside(listing)
        if set_aside:
            return set_aside
        if first.start == "exact":
            return Outcome("no", f"not listed before {first.from_}", rank=3, grade=grade_of(first.evidence, "dates"))
        text = f"first seen on {first.from_}; what it said before is not encoded"
        return Outcome("cannot-say", text, rank=6, grade=grade_of(first.evidence, "dates"))

    def _set_aside(self, listing: Listing) -> Outcome | None:
        match = _GROUP.match(listing.code)
        groups = self.product.groups
        if match and groups and match.group(1) not in groups:
            return Outcome("no", f"an entry for {_GROUPS[match.group(1)]}, which the product is not", rank=9)
        reading = self.reading(listing.layer, listing.code)
        if reading and reading.fits == "no":
            # An entry at home in the product's own technology was read and found not to fit: that is an answer. One from
            # above or below in the tree tells nothing about what else the list may hold.
            own = any(self.nodes(s.technologies) & self.own for s in listing.timeline.states)
            return Outcome("no", f"its description does not fit: {reading.reason}", rank=5 if own else 8)
        return None

    def ask(self, listing: Listing, standing: Standing) -> Outcome:
        """What an entry says of the product as it stands."""
        state = standing.state
        assert state is not None
        set_aside = self._set_aside(listing)
        if set_aside:
            return set_aside
        dates = grade_of(state.evidence, "dates")
        if standing.status in ("ended", "displaced"):
            was = self._outcome(listing, state) if not state.version.ends else None
            text = "caught it before; " if was and was.verdict in CATCHES else ""
            text += "taken over by another layer: " if standing.status == "displaced" else "no longer listed: "
            return Outcome("no", text + standing.sentence, rank=-1 if text.startswith("caught") else 2, grade=dates)
        if standing.status != "in-force":
            return Outcome("cannot-say", standing.sentence, rank=5, grade=dates)
        if not self.nodes(state.technologies) & self.around:
            return Outcome("no", "names other technologies at that time", rank=9)
        censored = state.start != "exact" and state is listing.timeline.states[0]
        outcome = self._outcome(listing, state)
        return replace(outcome, censored=True) if censored else outcome

    def _outcome(self, listing: Listing, state: State) -> Outcome:
        key = (listing.layer, listing.code, state.from_)
        if key not in self._outcomes:
            reading = self.reading(listing.layer, listing.code)
            made = self._numbers(state) if state.boxes else self._description(state, reading)
            if reading and reading.fits == "unclear" and made.verdict in CATCHES:
                text = f"{made.because}, but whether the description fits is unclear: {reading.reason}"
                made = Outcome("cannot-say", text, made.met, rank=3, grade=made.grade)
            elif reading and reading.fits == "unclear" and made.verdict == "cannot-say" and not state.boxes:
                made = replace(made, because=f"whether the description fits is unclear: {reading.reason}")
            self._outcomes[key] = made
        return self._outcomes[key]

    def _numbers(self, state: State) -> Outcome:
        boxes = [self.facts.box(b) for b in state.boxes or ()]
        union = any_of(b.truth for b in boxes)
        exceptions = list(zip(state.except_ or [], map(self.facts.box, state.carved_out), strict=True))
        taken = any_of(b.truth for _, b in exceptions)
        law = grade_of(state.evidence, "thresholds")
        caught: Truth = all_of([union, None if taken is None else not taken])
        if union is False:
            best = min(boxes, key=lambda b: b.nearness)
            made = _from("no", best, law, rank=1)
            return replace(made, grade=weakest_of([law, *map(_of_failure, boxes)]))
        if taken is True:
            note, box = next((e, b) for e, b in exceptions if b.truth is True)
            best = next((b for b in boxes if b.truth is True), boxes[0])
            text = f"taken out by {note.pinpoint}: {'; '.join(told(box.tests))}"
            return Outcome("no", text, told(best.having(True)), rank=0, grade=_weakest(law, box))
        if caught is True:
            holding = [b for b in boxes if b.truth is True]
            best = min(holding, key=lambda b: GRADES.index(_weakest(law, b)))
            return _from("yes", best, law, rank=0)
        if union is None:
            best = min((b for b in boxes if b.truth is None), key=lambda b: len(b.having(None)))
            return _from("cannot-say", best, law, rank=0)
        return _doubtful(boxes, exceptions, law)

    def _description(self, state: State, reading: Reading | None) -> Outcome:
        law = grade_of(state.evidence, "text")
        if state.boxes is None:
            return Outcome("cannot-say", "its limits are not encoded", rank=4, grade=law)
        taken = [(e, self.facts.box(b)) for e, b in zip(state.except_ or [], state.carved_out, strict=True)]
        for note, box in taken:
            if box.truth is True:
                text = f"taken out by {note.pinpoint}: {'; '.join(told(box.tests))}"
                return Outcome("no", text, rank=0, grade=_weakest(law, box))
        if reading and reading.fits == "yes":
            return Outcome("by-description", f"descriptive entry: {reading.reason}", rank=1, grade=law, read=True)
        nodes = self.nodes(state.technologies)
        specific = {n for n in nodes if not any(n != m and m in self._below(n) for m in nodes)}
        if specific <= self.own:
            return Outcome("by-description", BY_TECHNOLOGY, rank=2, grade=law)
        labels = self.library.vocabulary.technologies
        other = ", ".join(sorted(labels[n].label.en.lower() for n in specific - self.own))
        text = f"descriptive entry that names {other}; the technology alone does not decide"
        return Outcome("cannot-say", text, rank=3, grade=law)

    def _below(self, node: str) -> set[str]:
        return set(self.library.vocabulary.under(node))


def _from(verdict: Detail, box: BoxTest, law: Grade, rank: int) -> Outcome:
    met, missing, unknown = (told(box.having(v)) for v in (True, False, None))
    decisive = {"yes": met, "no": missing, "cannot-say": unknown}[verdict]
    near = box.nearness if verdict == "no" else (0, 0, 0, 0.0)
    return Outcome(verdict, "; ".join(decisive), met, missing, unknown, rank, _weakest(law, box), nearness=near)


def _doubtful(boxes: Sequence[BoxTest], exceptions: Sequence[tuple[Exception_, BoxTest]], law: Grade) -> Outcome:
    """Caught by the numbers, but whether a note takes it out again is not known."""
    box = next(b for b in boxes if b.truth is True)
    note, taken = next((e, b) for e, b in exceptions if b.truth is None)
    unknown, met = told(taken.having(None)), told(box.having(True))
    text = f"whether {note.pinpoint} takes it out is not known: {'; '.join(unknown)}"
    return Outcome("cannot-say", text, met, (), unknown, 0, _weakest(law, box))


def _of_failure(box: BoxTest) -> Grade:
    """How well it is supported that a box fails: one failed condition is enough."""
    return min((t.grade for t in box.having(False) if t.grade), key=GRADES.index, default="official")


def _weakest(law: Grade, box: BoxTest) -> Grade:
    return weakest_of([law, *(t.grade for t in box.tests if t.grade)])


def weakest_of(grades: Iterable[Grade]) -> Grade:
    """The weakest of some grades."""
    return max(grades, key=GRADES.index)
