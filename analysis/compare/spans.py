"""When an entry was listed, and where its content went: spans of a life with the effects of instruments laid over it.

An entry may be older than its code: a rule that moves a range of numbers from one paragraph to another on one day lists
nothing new. ``moves`` finds such steps from the numbers alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz

from analysis.compare.boxes import Bound, Cell, Constraint, Flag, subtract
from analysis.compare.thresholds import Measures, ThresholdSet
from analysis.encoding.library import Library
from analysis.encoding.sides import Side, lives
from analysis.encoding.timeline import State, Timeline, day_after, day_before

Ending = Literal["", "changed", "ended", "displaced", "unknown"]
_ALL_DAYS = "9999-12-31"


@dataclass(frozen=True)
class Span:
    """One state of an entry while it was listed, from ``from_`` to ``until`` (last day; None: open on the day asked for).

    ``ending`` says what came after (``changed``: another state of the same entry), ``cause`` is the instrument that did it.
    """

    state: State
    from_: str
    until: str | None
    ending: Ending = ""
    cause: str = ""


@dataclass(frozen=True)
class Move:
    """On ``date`` the instrument ``by`` took ``cells`` out of one entry of a regime and put them into another."""

    regime: str
    code_from: str
    code_to: str
    date: str
    by: str
    cells: tuple[Cell, ...]


def spans(life: Timeline, as_of: str = _ALL_DAYS) -> list[Span]:
    """The stretches in which the entry was listed, oldest first, as known on ``as_of``."""
    found: list[Span] = []
    open_: tuple[State, str] | None = None
    for turn in (t for t in life.turns if t <= as_of):
        standing = life.at(turn)
        state = standing.state if standing.listed else None
        if open_ and state is not open_[0]:
            ending: Ending = "changed"
            cause = state.by if state else ""
            if state is None:
                ending = standing.status if standing.status in ("ended", "displaced") else "unknown"
                cause = _cause(life, turn, ending)
            found.append(Span(*open_, day_before(turn), ending, cause))
            open_ = None
        if state is not None and open_ is None:
            open_ = (state, turn)
    if open_:
        found.append(Span(*open_, None))
    return found


def _cause(life: Timeline, turn: str, ending: str) -> str:
    """The instrument that took the entry out on ``turn``."""
    state = next((s for s in reversed(life.states) if s.from_ <= turn), None)
    if state is not None and state.version.ends:
        return state.by
    kind = "displaces" if ending == "displaced" else "ends"
    return next((by for by, e in life.effects if e.kind == kind and e.from_ == turn), "")


def side_lives(side: Side) -> list[tuple[str, Timeline]]:
    """Every life of a side with its layer, in the order of the files."""
    return [(data.id, life) for data in side.regimes for life in lives(side.library, data.id, side.only)]


# -- numbers ---------------------------------------------------------------------------------------------------


_PLAINEST: WeakKeyDictionary[Measures, dict[str, tuple[str, Fraction]]] = WeakKeyDictionary()


def plain(cells: Iterable[Cell], measures: Measures) -> list[Cell]:
    """The same cells with quantities that differ by a factor only written as one of them (K = 0.35 as K = 0.25)."""
    known = _PLAINEST.get(measures)
    if known is None:
        known = _PLAINEST[measures] = _plainest(measures)

    def written(c: Constraint) -> Constraint:
        if isinstance(c, Flag) or c.quantity not in known:
            return c
        name, factor = known[c.quantity]
        return Bound(name, c.upper, c.value * factor, c.strict)

    return [tuple(written(c) for c in cell) for cell in cells]


def _plainest(measures: Measures) -> dict[str, tuple[str, Fraction]]:
    """Quantities that are a multiple of another: name -> the other and how much of it one of them is."""
    numbers = [name for name, q in measures.quantities.items() if q.kind == "number"]
    first: dict[object, str] = {}
    made = {}
    for name in sorted(numbers, key=lambda n: (bool(measures.quantities[n].derives), n)):
        monomial = measures.monomial(name)
        other = first.setdefault(monomial.powers, name)
        if other != name:
            made[name] = (other, measures.monomial(other).factor / monomial.factor)
    return made


def net(state: State, measures: Measures) -> list[Cell] | None:
    """The set of a state less its exceptions, in plain quantities; None where the numbers are not encoded."""
    return net_set(measures.state(state), measures)


def net_set(given: ThresholdSet, measures: Measures) -> list[Cell] | None:
    """The same for a threshold set, of one entry or of several together."""
    whole = measures.together(given.name, [given])
    return None if whole.cells is None else plain(whole.cells, measures)


def quantities(cells: Iterable[Cell]) -> set[str]:
    """The quantities that the cells bound."""
    return {c.quantity for cell in cells for c in cell}


def less(cells: Sequence[Cell], taken: Sequence[Cell], measures: Measures) -> list[Cell]:
    """The part of ``cells`` outside ``taken``."""
    return subtract(measures.space(quantities([*cells, *taken])), cells, taken)


def covers(wide: Sequence[Cell], cells: Sequence[Cell], measures: Measures) -> bool:
    """Whether every point of ``cells`` lies in ``wide``."""
    return not less(cells, wide, measures)


# -- content that moves ----------------------------------------------------------------------------------------


def moves(library: Library, regime: str, measures: Measures) -> list[Move]:
    """Steps on which one instrument took a range of numbers out of one entry and put it into another of the same regime.

    A step counts when everything that the first entry lost on a day was gained by the second on the same day through the
    same instrument, both state numbers, and both stand in the same group of the list (3B). Ordered by date and code.
    """
    every = lives(library, regime)
    changed: dict[tuple[str, str], list[tuple[str, list[Cell]]]] = {}
    lost: list[tuple[str, str, str, list[Cell]]] = []
    for life in every:
        previous: list[Cell] | None = []
        last_until: str | None = None
        for span in spans(life):
            now = net(span.state, measures)
            before = previous if last_until == day_before(span.from_) else []
            if now is not None and before is not None and span.state.start == "exact":
                gained = less(now, before, measures)
                if gained and quantities(now):
                    changed.setdefault((span.from_, span.state.by), []).append((life.control.code, gained))
                if before and quantities(before):
                    gone = less(before, now, measures)
                    if gone:
                        lost.append((life.control.code, span.from_, span.state.by, gone))
            if span.ending == "ended" and now and quantities(now) and span.until:
                lost.append((life.control.code, day_after(span.until), span.cause, now))
            previous, last_until = now, span.until
    label = {life.control.code: life.control.label for life in every}
    found = []
    for code, date, by, gone in lost:
        heirs = [
            other
            for other, gained in changed.get((date, by), ())
            if other != code
            and other[:2] == code[:2]
            and quantities(gone) & quantities(gained)
            and covers(gained, gone, measures)
        ]
        if heirs:
            # Parts and upgrades of a tool may carry its numbers; the heir is the one that is called most like it.
            heir = max(heirs, key=lambda other: (fuzz.token_sort_ratio(label[code], label[other]), other))
            found.append(Move(regime, code, heir, date, by, tuple(gone)))
    return sorted(found, key=lambda m: (m.date, m.code_from, m.code_to))
