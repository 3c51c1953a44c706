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
   peptide synthesisers and a peptide synthesiser), and where no entry at home in that technology measures the product and
   lets it pass. Where the entry spans other technologies too, or stands above or below the product in the tree, the
   answer is cannot-say.

**Anti-terrorism entries.** The US list ends in residual entries whose only reason for control is anti-terrorism (3A991.p
names every chip of 8 tera operations a second). They are listed, but nobody who asks whether a chip is controlled means
them, and no other list has anything like them. They are kept apart (``Catch.residual``), named in the sentence, and do
not make a yes.

**Time.** An entry whose first version is exact was not there before; one that was first seen on a day ("on or before")
leaves everything earlier unknown. ``since`` is the first day of the unbroken run of states that catch the product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from analysis.compare.outcomes import BY_TECHNOLOGY, CATCHES, Asker, Detail, Verdicts
from analysis.encoding.forms import Finding, Grade, Product, holds, weakest
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, Side, resolve
from analysis.encoding.timeline import Mark, State, day_after

Verdict = Literal["yes", "no", "cannot-say"]

#: The line that every answer about a product repeats.
NOTICE = "An illustration for comparison, not a classification or advice."


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
        return self.verdict in CATCHES

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


class Probe(Asker):
    """One product put to one side."""

    def __init__(self, library: Library, product: str | Product, side: str | Side, as_of: str):
        super().__init__(library, library.products[product] if isinstance(product, str) else product)
        self.side = side if isinstance(side, Side) else resolve(library, side, as_of)

    def spans(self, listing: Listing) -> list[Verdicts]:
        """The answers of one entry through time; an instrument as a side gives one answer, from its own day."""
        if self.side.kind != "instrument":
            return super().spans(listing)
        start = listing.state.from_ if listing.standing.listed else ""
        return [Verdicts(start, None, self.ask(listing, listing.standing))]

    @cached_property
    def asked(self) -> list[Listing]:
        """Entries of the side that name a fitting technology in some state."""
        return [
            x for x in self.side.listings if any(self.nodes(s.technologies) & self.around for s in x.timeline.states)
        ]

    # -- one day ---------------------------------------------------------------------------------------------

    def catches(self, as_of: str) -> list[Catch]:
        """Every entry that was asked, as it answers on the day, the telling ones first."""
        found = [self._catch(listing, as_of) for listing in self.asked]
        found = [c for layer in self.side.layers for c in _doubt([c for c in found if c.layer == layer])]
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
        if outcome.verdict in CATCHES:
            first = position
            while first and spans[first - 1].outcome.verdict in CATCHES:
                first -= 1
            since, censored = spans[first].from_ or None, spans[first].outcome.censored
        reasons = state.reasons if state else listing.timeline.states[0].reasons
        nodes = self.nodes((state or listing.timeline.states[0]).technologies)
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
            technologies_missing=0 if outcome.read else len(nodes - self.own),
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
                if s.outcome.verdict in CATCHES and s.from_ <= day
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
            if f.technology and f.side.split("@")[0] in names and holds(f, day)
        ]
        words = self.library.vocabulary
        order = ("delegated", "contested", "not-found", "considered")
        found = []
        for node in sorted(self.own):
            reach = {node, *words.above(node)}
            mine = [f for f in held if f.technology and not reach.isdisjoint(words.nodes([f.technology]))]
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


def _doubt(catches: list[Catch]) -> list[Catch]:
    """The entries of one layer; what technology alone would catch is doubted where a measuring entry lets the product pass.

    Only where nothing firmer catches the product.
    """
    mine = [c for c in catches if not c.residual]
    measured = next((c for c in mine if c.verdict == "no" and c.rank in (0, 1) and not c.technologies_missing), None)
    if measured is None or any(c.catches and not c.because.startswith(BY_TECHNOLOGY) for c in mine):
        return catches
    text = f"{BY_TECHNOLOGY}, while {measured.code}, which measures, does not catch it"
    return [
        replace(c, verdict="cannot-say", because=text, since=None, rank=3)
        if c.catches and c.because.startswith(BY_TECHNOLOGY)
        else c
        for c in catches
    ]


def _mark(mark: Mark) -> str:
    """A mark without its note: the note says what it is about, at length, in ``Catch.marks``."""
    word = "stayed" if mark.kind == "stays" else "not enforced"
    end = f" until {mark.until}" if mark.until else ""
    return f"wholly or partly {word} since {mark.from_}{end} by {mark.by}"


def _few(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _natural(code: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", code) if p)


__all__ = ["NOTICE", "Answer", "Catch", "Probe", "Verdicts", "would_catch"]
