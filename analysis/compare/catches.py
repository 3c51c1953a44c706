"""Which entries of a side would catch a product, as far as figures, technology and our readings can tell.

An illustration for comparison, never a classification. An entry is asked when its technologies fit the product: the same
node of the tree, or one above the other. Then, in this order:

1. **Product group.** An entry for software (3D), technology (3E), materials (3C) is not about a chip (3A); it is set
   aside where the product says to which groups it can belong.
2. **Reading.** Figures cannot show that a scanner is no upgrade kit. A product may carry readings of descriptions, each
   with its reason: ``no`` sets the entry aside, ``unclear`` leaves at most cannot-say, ``yes`` says that the description
   fits (numbers, if any, still decide).
3. **Numbers.** Yes if a box holds and no exception takes it out again, no if none can hold, else cannot-say: a property
   that is not known stays unknown. Limits that are not encoded answer cannot-say.
4. **Descriptive entries** (``thresholds: []``) catch by description alone, and say so: ``by-description``. A tree of
   technologies is coarser than the wording of a list, so a lawyer would take "same technology" as a reason to read the
   entry, not as an answer. It counts as a catch only where a reading says that the description fits or, without any
   reading, where *all* of the entry's most specific technologies are technologies of the product itself (an entry for
   peptide synthesisers and a peptide synthesiser). Where the entry spans other technologies too, or stands above or
   below the product in the tree, the answer is cannot-say.

**Anti-terrorism entries.** The US list ends in residual entries whose only reason for control is anti-terrorism (3A991.p
names every chip of 8 tera operations a second). They are listed, but nobody who asks whether a chip is controlled means
them, and no other list has anything like them. They are kept apart (``Catch.residual``), named in the sentence, and do
not make a yes.

**Time.** An entry whose first version is exact was not there before; one that was first seen on a day ("on or before")
leaves everything earlier unknown. ``since`` is the first day of the unbroken run of states that catch the product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from analysis.compare.facts import BoxTest, Facts, Truth, all_of, any_of, told
from analysis.compare.thresholds import Measures
from analysis.encoding.forms import GRADES, Exception_, Finding, Grade, Product, Reading, grade_of, weakest
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, Side, resolve
from analysis.encoding.timeline import Mark, Standing, State, day_after, day_before

Verdict = Literal["yes", "no", "cannot-say"]
Detail = Literal["yes", "no", "cannot-say", "by-description"]

#: The line that every answer about a product repeats.
NOTICE = "An illustration for comparison, not a classification or advice."
_GROUP = re.compile(r"^[0-9]([A-E])[0-9]{3}")
_GROUPS = {
    "A": "equipment and components",
    "B": "test and production equipment",
    "C": "materials",
    "D": "software",
    "E": "technology",
}


@dataclass(frozen=True)
class Catch:
    """One entry put to a product on one day.

    ``rank`` orders entries of the same verdict by how much they tell (smaller first); ``marked`` says in short what
    ``marks`` say at length (stayed, not enforced).
    """

    layer: str
    code: str
    label: str
    verdict: Detail
    because: str
    since: str | None
    censored: bool
    residual: bool
    technologies_missing: int
    rank: int
    marks: tuple[str, ...]
    marked: str
    met: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    pinpoint: str
    by: str
    grade: Grade
    state: State | None
    nearness: tuple[int, int, int, float] = (0, 0, 0, 0.0)

    @property
    def catches(self) -> bool:
        return self.verdict in ("yes", "by-description")

    @property
    def plain(self) -> Verdict:
        return "yes" if self.verdict == "by-description" else self.verdict


@dataclass(frozen=True)
class Answer:
    """The verdict of one side on one product. ``details`` has every entry that was asked, the telling ones first."""

    product: str
    side: str
    as_of: str
    verdict: Verdict
    layer: str
    code: str | None
    since: str | None
    censored: bool
    listed_since: str | None
    because: str
    grade: Grade | None
    details: tuple[Catch, ...]

    @property
    def caught_by(self) -> list[Catch]:
        """The entries that make the yes."""
        return [c for c in self.details if c.catches and not c.residual]


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


class Probe:
    """One product put to one side. Keeps what was worked out, so that many days can be asked."""

    def __init__(self, library: Library, product: str | Product, side: str | Side, as_of: str):
        self.library = library
        self.product = library.products[product] if isinstance(product, str) else product
        self.side = side if isinstance(side, Side) else resolve(library, side, as_of)
        self.facts = Facts(self.product, Measures(library.vocabulary.quantities))
        self._spans: dict[tuple[str, str], list[Verdicts]] = {}
        self._outcomes: dict[tuple[str, str, str], Outcome] = {}

    # -- which entries are asked -----------------------------------------------------------------------------

    @cached_property
    def _own(self) -> set[str]:
        table = self.library.vocabulary.technologies
        return {table.id_of(t) for t in self.product.technologies}

    @cached_property
    def around(self) -> set[str]:
        """The product's technologies, all above and all below them."""
        words = self.library.vocabulary
        found = {n for t in self._own for n in words.under(t)}
        for node in self._own:
            parent = words.technologies[node].parent
            while parent:
                found.add(parent)
                parent = words.technologies[parent].parent
        return found

    @cached_property
    def asked(self) -> list[Listing]:
        """Entries of the side that name a fitting technology in some state."""
        return [
            x for x in self.side.listings if any(self._nodes(s.technologies) & self.around for s in x.timeline.states)
        ]

    def _nodes(self, technologies: Iterable[str]) -> set[str]:
        table = self.library.vocabulary.technologies
        return {table.id_of(t) for t in technologies if table.knows(t)}

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
        key = (listing.layer, listing.code)
        if key not in self._spans:
            self._spans[key] = self._walk(listing)
        return self._spans[key]

    def _walk(self, listing: Listing) -> list[Verdicts]:
        states = listing.timeline.states
        if self.side.kind == "instrument":
            state = listing.standing.state
            assert state is not None
            outcome = self._ask(listing, listing.standing)
            return [Verdicts(state.from_ if listing.standing.listed else "", None, outcome)]
        days = {s.from_ for s in states}
        for _, effect in listing.timeline.effects:
            days.add(effect.from_)
            if effect.until:
                days.add(day_after(effect.until))
        days = {d for d in days if d >= states[0].from_}
        found: list[tuple[str, Outcome]] = [("", self._before(listing))]
        found += [(d, self._ask(listing, listing.timeline.at(d))) for d in sorted(days)]
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
            own = any(self._nodes(s.technologies) & self._own for s in listing.timeline.states)
            return Outcome("no", f"its description does not fit: {reading.reason}", rank=5 if own else 8)
        return None

    def _ask(self, listing: Listing, standing: Standing) -> Outcome:
        state = standing.state
        assert state is not None
        set_aside = self._set_aside(listing)
        if set_aside:
            return set_aside
        dates = grade_of(state.evidence, "dates")
        if standing.status in ("ended", "displaced"):
            was = self._outcome(listing, state) if not state.version.ends else None
            text = "caught it before; " if was and was.verdict in ("yes", "by-description") else ""
            text += "taken over by another layer: " if standing.status == "displaced" else "no longer listed: "
            return Outcome("no", text + standing.sentence, rank=-1 if text.startswith("caught") else 2, grade=dates)
        if standing.status != "in-force":
            return Outcome("cannot-say", standing.sentence, rank=5, grade=dates)
        if not self._nodes(state.technologies) & self.around:
            return Outcome("no", "names other technologies at that time", rank=9)
        censored = state.start != "exact" and state is listing.timeline.states[0]
        outcome = self._outcome(listing, state)
        return replace(outcome, censored=True) if censored else outcome

    def _outcome(self, listing: Listing, state: State) -> Outcome:
        key = (listing.layer, listing.code, state.from_)
        if key not in self._outcomes:
            reading = self.reading(listing.layer, listing.code)
            made = self._numbers(state) if state.boxes else self._description(state, reading)
            if reading and reading.fits == "unclear" and made.verdict in ("yes", "by-description"):
                text = f"{made.because}, but whether the description fits is unclear: {reading.reason}"
                made = Outcome("cannot-say", text, made.met, rank=3, grade=made.grade)
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
        nodes = self._nodes(state.technologies)
        specific = {n for n in nodes if not any(n != m and m in self._below(n) for m in nodes)}
        if specific <= self._own:
            return Outcome("by-description", "descriptive entry: by technology only", rank=2, grade=law)
        labels = self.library.vocabulary.technologies
        other = ", ".join(sorted(labels[n].label.en.lower() for n in specific - self._own))
        text = f"descriptive entry that names {other}; the technology alone does not decide"
        return Outcome("cannot-say", text, rank=3, grade=law)

    def _below(self, node: str) -> set[str]:
        return set(self.library.vocabulary.under(node))

    # -- one day ---------------------------------------------------------------------------------------------

    def catches(self, as_of: str) -> list[Catch]:
        """Every entry that was asked, as it answers on the day, the telling ones first."""
        found = [self._catch(listing, as_of) for listing in self.asked]
        order = {"yes": 0, "by-description": 0, "cannot-say": 1, "no": 2}
        return sorted(
            found,
            key=lambda c: (
                order[c.verdict],
                c.residual,
                c.technologies_missing if c.catches else 0,
                c.rank,
                len(c.unknown) if c.verdict == "cannot-say" else 0,
                c.nearness,
                c.technologies_missing,
                self.side.layers.index(c.layer),
                _natural(c.code),
            ),
        )

    def _catch(self, listing: Listing, as_of: str) -> Catch:
        spans = self.spans(listing)
        position = max(n for n, s in enumerate(spans) if s.from_ <= as_of)
        outcome = spans[position].outcome
        standing = listing.standing if self.side.kind == "instrument" else listing.timeline.at(as_of)
        state = standing.state
        since, censored = None, False
        if outcome.verdict in ("yes", "by-description"):
            first = position
            while first and spans[first - 1].outcome.verdict in ("yes", "by-description"):
                first -= 1
            since, censored = spans[first].from_ or None, spans[first].outcome.censored
        reasons = state.reasons if state else listing.timeline.states[0].reasons
        nodes = self._nodes((state or listing.timeline.states[0]).technologies)
        marked = "; ".join(_mark(m) for m in standing.marks if m.kind in ("stays", "not-enforced"))
        return Catch(
            layer=listing.layer,
            code=listing.code,
            label=listing.control.label,
            verdict=outcome.verdict,
            because=outcome.because + (f"; {marked}" if marked and outcome.verdict != "no" else ""),
            since=since,
            censored=censored,
            residual=set(reasons or ()) == {"AT"},
            # A reading that says yes has looked beyond the technologies.
            technologies_missing=0 if outcome.read else len(nodes - self._own),
            rank=outcome.rank,
            marks=tuple(m.note for m in standing.marks),
            marked=marked,
            met=outcome.met,
            missing=outcome.missing,
            unknown=outcome.unknown,
            pinpoint=(state or listing.timeline.states[0]).pinpoint,
            by=(state or listing.timeline.states[0]).by,
            grade=outcome.grade,
            state=state if standing.listed else None,
            nearness=outcome.nearness,
        )

    def answer(self, as_of: str | None = None) -> Answer:
        """The side's verdict on the day: yes beats cannot-say beats no, among entries and among layers.

        A layer of which nothing is known is no "no".
        """
        day = as_of or self.side.as_of
        details = self.catches(day)
        answers = [self._of_layer(layer, day, details) for layer in self.side.layers]
        order = ("yes", "cannot-say", "no")
        # Of layers that agree, the one that can name an entry speaks.
        return min(answers, key=lambda a: (order.index(a.verdict), a.code is None))

    def _of_layer(self, layer: str, day: str, everything: list[Catch]) -> Answer:
        details = [c for c in everything if c.layer == layer]
        telling = [c for c in details if not c.residual]
        yes = [c for c in telling if c.catches]
        residual = [c.code for c in details if c.residual and c.catches]
        aside = (
            f"; listed in {_few(residual)} for anti-terrorism reasons alone, which is not counted" if residual else ""
        )
        if yes:
            best = yes[0]
            start = self._listed_since(day)
            also = [c.code for c in everything if c.catches and not c.residual and c is not best]
            text = best.because + (f"; also in {_few(also)}" if also else "")
            if start and best.since and start < best.since:
                text += f"; listed without a break since {start}, first in another entry"
            return self._made(day, "yes", best, text, everything, start)
        open_ = [c for c in telling if c.verdict == "cannot-say"]
        if open_:
            more = len(open_) - 1
            text = open_[0].because + (f" (and {more} more such {'entry' if more == 1 else 'entries'})" if more else "")
            return self._made(day, "cannot-say", open_[0], text + aside, everything)
        decided = [c for c in telling if c.rank < 8]
        if decided:
            return self._made(day, "no", decided[0], decided[0].because + aside, everything)
        return self._unlisted(layer, day, everything, aside)

    def _made(
        self, day: str, verdict: Verdict, best: Catch, text: str, details: list[Catch], start: str | None = None
    ) -> Answer:
        if verdict == "yes" and best.censored:
            text += f"; in force on or before {best.since}"
        limit = self.library.regimes[best.layer].meta.verified_until
        if day > limit and self.side.kind != "instrument":
            text += f"; last verified on {limit}"
        return Answer(
            self.product.id, self.side.text, day, verdict, best.layer, best.code, best.since, best.censored, start,
            text, best.grade, tuple(details),
        )  # fmt: skip

    def _listed_since(self, day: str) -> str | None:
        """First day of the unbroken run, up to ``day``, on which some entry that counts caught the product."""
        runs = []
        for listing in self.asked:
            if set(listing.timeline.states[-1].reasons or ()) == {"AT"}:
                continue
            runs += [
                (s.from_, s.until or "9999-12-30")
                for s in self.spans(listing)
                if s.outcome.verdict in ("yes", "by-description") and s.from_ <= day
            ]
        start = min((begin for begin, end in runs if end >= day), default=None)
        while start is not None:
            earlier = min((begin for begin, end in runs if begin < start and day_after(end) >= start), default=None)
            if earlier is None:
                break
            start = earlier
        return start

    def _unlisted(self, layer: str, day: str, details: list[Catch], aside: str) -> Answer:
        """No entry tells anything: the findings may, else nothing is encoded."""
        verdict: Verdict = "cannot-say"
        grade: Grade | None = None
        names = [self.library.vocabulary.technologies[t].label.en.lower() for t in self.product.technologies]
        if not self.library.regimes[layer].controls:
            verdict, text = "no", f"{self.library.regimes[layer].meta.short} keeps no list of items"
        else:
            text = f"nothing is encoded about {_few(names)}"
            finding = self._finding(layer, day)
            if finding:
                negative = finding.finding in ("not-found", "considered")
                verdict = "no" if negative else "cannot-say"
                word = {"not-found": "searched and not found", "considered": "considered, none followed"}
                text = f"{word.get(finding.finding, finding.finding)}: {finding.note}"
                grade = weakest(finding.evidence)
        return Answer(
            self.product.id, self.side.text, day, verdict, layer, None, None, False, None, text + aside, grade,
            tuple(details),
        )  # fmt: skip

    def _finding(self, layer: str, day: str) -> Finding | None:
        """What findings say where no entry does: one that leaves it open, else a negative that reaches all technologies."""
        own = self.side.text.split("@")[0]
        names = {own} if self.side.kind == "instrument" else {own, layer}
        held = [
            f
            for f in self.library.regimes[layer].findings.values()
            if f.technology and f.side.split("@")[0] in names and f.from_ <= day and (f.until is None or day <= f.until)
        ]
        words = self.library.vocabulary.technologies
        order = ("delegated", "contested", "not-found", "considered")
        found = []
        for node in sorted(self._own):
            above: set[str] = set()
            up: str | None = node
            while up:
                above.add(up)
                up = words[up].parent
            mine = [
                f for f in held if f.technology and words.knows(f.technology) and words.id_of(f.technology) in above
            ]
            found.append(min(mine, key=lambda f: (order.index(f.finding), f.from_), default=None))
        open_ = next((f for f in found if f and f.finding in ("delegated", "contested")), None)
        return open_ or (found[0] if all(found) else None)


def would_catch(library: Library, product: str | Product, side: str | Side, as_of: str) -> Answer:
    """Whether a side would catch a product on a day: the verdict, by which entry and condition, since when.

    ``product`` is an id or a record, ``side`` as everywhere (``us-ear``, ``law-in:nl``, ``eu-dual-use:com-2016-616``); a side
    with a day of its own keeps it. ``details`` has every entry that was asked. See the module for the rules. Raises
    UnknownName with the nearest valid name.
    """
    return Probe(library, product, side, as_of).answer()


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


def _mark(mark: Mark) -> str:
    """A mark without its note: the note says what it is about, at length, in ``Catch.marks``."""
    word = "stayed" if mark.kind == "stays" else "not enforced"
    end = f" until {mark.until}" if mark.until else ""
    return f"wholly or partly {word} since {mark.from_}{end} by {mark.by}"


def _weakest(law: Grade, box: BoxTest) -> Grade:
    return weakest_of([law, *(t.grade for t in box.tests if t.grade)])


def weakest_of(grades: Iterable[Grade]) -> Grade:
    """The weakest of some grades."""
    return max(grades, key=GRADES.index)


def _few(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _natural(code: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", code) if p)


__all__ = ["NOTICE", "Answer", "Catch", "Probe", "Verdicts", "would_catch"]
