"""Threshold sets of controls and the verdict between them, with the sentence that explains it.

``wider``: the other set lies within this one and not the other way round; ``narrower`` the reverse; ``equal``,
``overlapping``, ``disjoint``; ``not-comparable``: no quantity shared or a conversion missing. The verdict is about numbers
and flags only: whether two entries are about the same thing is the mapping's word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

from analysis.compare.boxes import Bound, Cell, Constraint, Flag, Monomial, Space, meet, subtract
from analysis.encoding.conditions import Condition, number
from analysis.encoding.forms import Box, Quantity
from analysis.encoding.timeline import State
from analysis.encoding.units import to_canonical

Verdict = Literal["equal", "wider", "narrower", "overlapping", "disjoint", "not-comparable", "cannot-say"]
MIRROR: dict[str, Verdict] = {
    "equal": "equal",
    "wider": "narrower",
    "narrower": "wider",
    "overlapping": "overlapping",
    "disjoint": "disjoint",
    "not-comparable": "not-comparable",
    "cannot-say": "cannot-say",
}


@dataclass(frozen=True)
class ThresholdSet:
    """The set of one or more entries together. ``cells`` is None where thresholds are not encoded.

    For the words: ``things`` says what the entries list (tools, software) where their codes tell, and ``many`` that the
    name is a plural.
    """

    name: str
    cells: tuple[Cell, ...] | None
    taken: tuple[Cell, ...] = ()
    things: str = ""
    many: bool = False

    @property
    def quantities(self) -> set[str]:
        return {c.quantity for cell in (*(self.cells or ()), *self.taken) for c in cell}


@dataclass(frozen=True)
class Comparison:
    """The verdict on A against B, and why."""

    verdict: Verdict
    sentence: str
    only_a: tuple[Cell, ...] = ()
    only_b: tuple[Cell, ...] = ()


class Measures:
    """The quantities of the vocabulary as the set algebra needs them."""

    def __init__(self, quantities: Mapping[str, Quantity]):
        self.quantities = quantities
        self._expanded: dict[str, Monomial] = {}

    def constraints(self, condition: Condition) -> tuple[Constraint, ...]:
        """A condition in canonical units; equality is two bounds."""
        name = self._id(condition.quantity)
        if isinstance(condition.value, str):
            return (Flag(name, condition.value == "yes"),)
        unit = self.quantities[name].unit or "1"
        value = to_canonical(condition.value, condition.unit, unit)
        written = condition.value.as_tuple().exponent if (condition.unit or "1") == unit else 0
        decimals = max(0, -int(written))
        op = condition.operator
        if op == "==":
            return (Bound(name, True, value, False, decimals), Bound(name, False, value, False, decimals))
        return (Bound(name, op in ("<", "<="), value, op in ("<", ">"), decimals),)

    def cell(self, box: Box) -> Cell:
        return tuple(c for condition in box for c in self.constraints(condition))

    def state(self, state: State, name: str = "") -> ThresholdSet:
        """The set of one control as it stands."""
        shown = name or f"{state.control.regime} {state.control.code}"
        what = things(state.control.code)
        if state.boxes is None:
            return ThresholdSet(shown, None, things=what)
        cells = tuple(self.cell(b) for b in state.boxes) or ((),)
        return ThresholdSet(shown, cells, tuple(self.cell(b) for b in state.carved_out), what)

    def together(self, name: str, sets: Sequence[ThresholdSet]) -> ThresholdSet:
        """The union of several entries, each less its own exceptions; a name for more than one is read as a plural."""
        kinds = {s.things for s in sets}
        what, many = kinds.pop() if len(kinds) == 1 else "", len(sets) > 1
        if any(s.cells is None for s in sets) or not sets:
            return ThresholdSet(name, None, things=what, many=many)
        cells: list[Cell] = []
        for one in sets:
            cells += subtract(self.space(one.quantities), one.cells or (), one.taken) if one.taken else one.cells or ()
        return ThresholdSet(name, tuple(cells), things=what, many=many)

    def space(self, quantities: Iterable[str]) -> Space:
        """The space of these quantities; those that follow from others are written in base quantities."""
        return Space({q: self.monomial(q) for q in quantities if self.quantities[q].derives})

    def monomial(self, name: str) -> Monomial:
        """``name`` as a product of powers of base quantities, in canonical units."""
        if name in self._expanded:
            return self._expanded[name]
        derives = self.quantities[name].derives
        if not derives:
            return Monomial(Fraction(1), ((name, 1),))
        factor, powers = Fraction(1), dict[str, int]()
        sign = 1
        for part in re.split(r"\s*([*/])\s*", derives):
            if part in "*/":
                sign = 1 if part == "*" else -1
                continue
            try:
                factor *= Fraction(Decimal(part)) ** sign
            except InvalidOperation:
                inner = self.monomial(self._id(part))
                factor *= inner.factor**sign
                for base, exponent in inner.powers:
                    powers[base] = powers.get(base, 0) + sign * exponent
        made = Monomial(factor, tuple(sorted((b, e) for b, e in powers.items() if e)))
        self._expanded[name] = made
        return made

    def _id(self, name: str) -> str:
        table = self.quantities
        return table.id_of(name) if hasattr(table, "id_of") else name

    # -- words ---------------------------------------------------------------------------------------------

    def label(self, name: str) -> str:
        """A quantity's label in running text: no capital unless it is an abbreviation or a name."""
        label = self.quantities[name].label.en
        return label if label[:2].isupper() or "-" in label[:3] else label[:1].lower() + label[1:]

    def amount(self, name: str, value: Fraction, decimals: int = 0) -> str:
        """A value with its unit, with at least as many ``decimals`` as the law prints."""
        unit = self.quantities[name].unit or "1"
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        # What a conversion leaves without an end (45 nm at K = 0.35) is rounded, and says so.
        shown = number(exact) if Fraction(exact) == value else f"about {number(round(exact, 3 - exact.adjusted()))}"
        if decimals and re.fullmatch(r"-?\d+(\.\d+)?", shown):
            whole, _, part = shown.partition(".")
            shown = f"{whole}.{part.ljust(decimals, '0')}"
        return shown if unit == "1" else f"{shown}{'' if unit == '%' else ' '}{unit_text(unit)}"

    def bound(self, bound: Bound) -> str:
        """The value of a bound as the law prints it."""
        return self.amount(bound.quantity, bound.value, bound.decimals)

    def phrase(self, constraint: Constraint) -> str:
        """One constraint in words."""
        label = self.label(constraint.quantity)
        if isinstance(constraint, Flag):
            return label if constraint.yes else f"not {label}"
        words = {(True, False): "up to", (True, True): "below", (False, False): "of at least", (False, True): "above"}
        return f"{label} {words[constraint.upper, constraint.strict]} {self.bound(constraint)}"

    def phrases(self, cell: Cell) -> str:
        """A cell in words, both bounds of a quantity together."""
        ranges: dict[str, dict[bool, Bound]] = {}
        parts: list[str] = []
        for c in cell:
            if isinstance(c, Flag):
                parts.append(self.phrase(c))
            else:
                ranges.setdefault(c.quantity, {})[c.upper] = c
        for name, bounds in ranges.items():
            if len(bounds) == 2 and bounds[True].value == bounds[False].value:
                parts.append(f"{self.label(name)} of {self.bound(bounds[True])}")
            elif len(bounds) == 2:
                low = ("above" if bounds[False].strict else "from") + " " + self.bound(bounds[False])
                high = ("below" if bounds[True].strict else "up to") + " " + self.bound(bounds[True])
                parts.append(f"{self.label(name)} {low} and {high}")
            else:
                parts.append(self.phrase(next(iter(bounds.values()))))
        return ", ".join(parts)


#: What the product groups of dual-use lists hold (the letter of a code such as 3B001.f.1), in the plural.
_THINGS = {"A": "items", "B": "tools", "C": "materials", "D": "software", "E": "technology"}


def things(code: str) -> str:
    """What an entry lists by the letter of its code; "" where the code has none."""
    group = re.match(r"\d([A-E])\d", code)
    return _THINGS[group[1]] if group else ""


def unit_text(unit: str) -> str:
    """A unit as printed: GB/s/mm², ohm·cm."""
    text = unit.replace("**", "^").replace("*", "·").replace("ohm", "Ω").replace("deg", "°")
    text = re.sub(r"\bu(?=[A-Za-z])", "µ", text)
    for digit, raised in (("^2", "²"), ("^3", "³")):
        text = text.replace(digit, raised)
    return text.replace("1/", "per ") if text.startswith("1/") else text


def compare(a: ThresholdSet, b: ThresholdSet, measures: Measures) -> Comparison:
    """The verdict on A against B, with its sentence."""
    for one in (a, b):
        if one.cells is None:
            return Comparison("cannot-say", f"The thresholds of {one.name} are not encoded, so nothing can be said.")
    assert a.cells is not None and b.cells is not None
    if not a.quantities or not b.quantities:
        bare = [s.name for s in (a, b) if not s.quantities]
        if len(bare) == 2:
            why = f"Neither {a.name} nor {b.name} states a number; the described scope decides."
        else:
            why = f"{bare[0]} states no number; whether it reaches further turns on its described scope."
        return Comparison("not-comparable", why)
    used = a.quantities | b.quantities
    merged = _merge(used, measures)
    space = Space({q: measures.monomial(q) for q in set(merged.values()) if measures.quantities[q].derives})
    shared = {merged[q] for q in a.quantities} & {merged[q] for q in b.quantities}
    if not shared and not _linked(a, b, merged, measures):
        of_a, of_b = (", ".join(sorted(measures.label(q) for q in s.quantities)) for s in (a, b))
        return Comparison(
            "not-comparable", f"No quantity in common: {a.name} measures {of_a}; {b.name} measures {of_b}."
        )
    cells_a, taken_a = (_rescale(c, merged, measures) for c in (a.cells, a.taken))
    cells_b, taken_b = (_rescale(c, merged, measures) for c in (b.cells, b.taken))
    set_a = subtract(space, cells_a, taken_a)
    set_b = subtract(space, cells_b, taken_b)
    only_a, only_b = subtract(space, set_a, set_b), subtract(space, set_b, set_a)
    verdict: Verdict
    if not only_a and not only_b:
        verdict = "equal"
    elif not only_b:
        verdict = "wider"
    elif not only_a:
        verdict = "narrower"
    else:
        verdict = "overlapping" if meet(space, set_a, set_b) else "disjoint"
    converted = sorted(q for q, target in merged.items() if q != target)
    note = "".join(f" ({measures.label(q)} converted into {measures.label(merged[q])})" for q in converted)
    sentence = _sentence(verdict, a, b, only_a, only_b, set_a, set_b, space, measures) + note + "."
    return Comparison(verdict, sentence, tuple(only_a), tuple(only_b))


def _merge(used: Iterable[str], measures: Measures) -> dict[str, str]:
    """Quantities that differ by a factor only are compared as one: each name -> the name it is compared as."""
    merged: dict[str, str] = {}
    by_powers: dict[tuple[tuple[str, int], ...], str] = {}
    for name in sorted(used, key=lambda q: (bool(measures.quantities[q].derives), q)):
        if measures.quantities[name].kind == "flag":
            merged[name] = name
            continue
        merged[name] = by_powers.setdefault(measures.monomial(name).powers, name)
    return merged


def _linked(a: ThresholdSet, b: ThresholdSet, merged: Mapping[str, str], measures: Measures) -> bool:
    """Whether quantities of A and B, though different, depend on each other."""
    space = Space({q: measures.monomial(q) for q in set(merged.values()) if measures.quantities[q].derives})
    numeric = [merged[q] for q in sorted(a.quantities | b.quantities) if measures.quantities[q].kind == "number"]
    return space.entangled(dict.fromkeys(numeric))


def _rescale(cells: Iterable[Cell], merged: Mapping[str, str], measures: Measures) -> list[Cell]:
    def scaled(c: Constraint) -> Constraint:
        target = merged[c.quantity]
        if isinstance(c, Flag) or target == c.quantity:
            return c
        share = measures.monomial(target).factor / measures.monomial(c.quantity).factor
        return Bound(target, c.upper, c.value * share, c.strict)

    return [tuple(scaled(c) for c in cell) for cell in cells]


def _sentence(
    verdict: Verdict,
    a: ThresholdSet,
    b: ThresholdSet,
    only_a: Sequence[Cell],
    only_b: Sequence[Cell],
    set_a: Sequence[Cell],
    set_b: Sequence[Cell],
    space: Space,
    measures: Measures,
) -> str:
    if verdict == "equal":
        return f"{a.name} and {b.name} draw the same line"
    if verdict == "wider":
        return _reach(b, set_b, a, set_a, only_a, space, measures)
    if verdict == "narrower":
        return _reach(a, set_a, b, set_b, only_b, space, measures)
    if verdict == "disjoint":
        apart = _apart(a, set_a, b, set_b, measures)
        here, there = (f"{_takes(s)} {_some(cells, measures)}" for s, cells in ((a, set_a), (b, set_b)))
        return apart or f"nothing is caught by both: {here}; {there}"
    more_a, more_b = (f"{_takes(s, 'also ')} {_some(cells, measures)}" for s, cells in ((a, only_a), (b, only_b)))
    return f"each catches something that the other does not: {more_a}; {more_b}"


def _takes(one: ThresholdSet, word: str = "") -> str:
    """The name with its verb: "US 3B001 also takes"; "the US entries together also take"."""
    return f"{one.name} {word}{'take' if one.many else 'takes'}"


def _does(one: ThresholdSet, verb: str) -> str:
    """The name with a verb given in the singular: "the Dutch entry stops"; "the US entries stop"."""
    return f"{one.name} {verb.removesuffix('s') if one.many else verb}"


def _some(cells: Sequence[Cell], measures: Measures) -> str:
    shown = measures.phrases(cells[0]) or "everything described"
    more = len(cells) - 1
    return shown + (f" (and {more} more range{'s' if more > 1 else ''})" if more else "")


def _hull(cells: Sequence[Cell]) -> dict[str, dict[bool, Bound]]:
    """Outermost bounds that all cells state, per quantity and direction."""
    hull: dict[str, dict[bool, Bound]] = {}
    for number_, cell in enumerate(cells):
        here: dict[str, dict[bool, Bound]] = {}
        for c in cell:
            if isinstance(c, Bound):
                old = here.setdefault(c.quantity, {}).get(c.upper)
                tighter = old is None or ((c.value < old.value) if c.upper else (c.value > old.value))
                if tighter or (old is not None and c.value == old.value and c.strict):
                    here[c.quantity][c.upper] = c
        if number_ == 0:
            hull = here
            continue
        for name in list(hull):
            for upper in list(hull[name]):
                other = here.get(name, {}).get(upper)
                mine = hull[name][upper]
                if other is None:
                    del hull[name][upper]
                elif ((other.value > mine.value) if upper else (other.value < mine.value)) or (
                    other.value == mine.value and mine.strict
                ):
                    hull[name][upper] = other
    return hull


def _reach(
    small: ThresholdSet,
    small_set: Sequence[Cell],
    big: ThresholdSet,
    big_set: Sequence[Cell],
    extra: Sequence[Cell],
    space: Space,
    m: Measures,
) -> str:
    """How the wider side reaches further: at the bound that it moves or drops, else by an example."""
    narrow, wide = _hull(small_set), _hull(big_set)
    moved = []
    for name, bounds in narrow.items():
        for upper, bound in bounds.items():
            other = wide.get(name, {}).get(upper)
            if other == bound or (other and _beyond(bound, other)):
                continue  # the same line, or one that other conditions make meaningless
            moved.append((bound, other))
    flags = (
        [c for c in small_set[0] if isinstance(c, Flag) and all(c in cell for cell in small_set)] if small_set else []
    )
    for bound, other in moved:
        rest: Cell = (*flags, *(b for bounds in narrow.values() for b in bounds.values() if b is not bound))
        if other is None and not subtract(space, [rest], big_set):
            return f"{_stops(small, bound, m)}; {_does(big, 'sets')} no such limit"
        ends = {c for cell in big_set for c in cell if isinstance(c, Bound) and _beyond(c, bound)}
        clear = next((c for c in _farthest_first(ends) if not subtract(space, [(*rest, c)], big_set)), None)
        if clear is None:
            continue
        if clear.value == bound.value:
            both = f"{small.name} and {big.name} both turn on {m.bound(bound)} {m.label(bound.quantity)}"
            return f"{both}, but only {_takes(big)} that value itself"
        further = f", and under further conditions {_until(other, m)}" if other and other != clear else ""
        return f"{_stops(small, bound, m)}; {_goes_on(big, clear, m)}{further}"
    for bound, other in moved:
        if other is not None and other.value != bound.value:
            return f"{_stops(small, bound, m)}; {_goes_on(big, other, m)}"
    return f"{_takes(big)} all that {_takes(small)}, and also {_some(extra, m)}"


def _beyond(one: Bound, other: Bound) -> bool:
    """Whether ``one`` lets more through than ``other``, a bound of the same quantity and direction."""
    if (one.quantity, one.upper) != (other.quantity, other.upper):
        return False
    if one.value == other.value:
        return other.strict and not one.strict
    return one.value > other.value if one.upper else one.value < other.value


def _farthest_first(bounds: Iterable[Bound]) -> list[Bound]:
    return sorted(bounds, key=lambda b: (-b.value if b.upper else b.value, b.strict))


def _stops(one: ThresholdSet, bound: Bound, m: Measures) -> str:
    return f"{_does(one, 'stops' if bound.upper else 'begins')} at {m.bound(bound)} {m.label(bound.quantity)}"


def _goes_on(one: ThresholdSet, bound: Bound, m: Measures) -> str:
    things_ = f"{one.things} " if one.things else ""
    return f"{_takes(one, 'also ')} {things_}{_until(bound, m)}"


def _until(bound: Bound, m: Measures) -> str:
    return f"{'up to' if bound.upper else 'from'} {m.bound(bound)}"


def _apart(a: ThresholdSet, set_a: Sequence[Cell], b: ThresholdSet, set_b: Sequence[Cell], m: Measures) -> str:
    """A quantity on which one side ends before the other begins."""
    hull_a, hull_b = _hull(set_a), _hull(set_b)
    for name in (n for n in hull_a if n in hull_b):
        for low, high, below, above in ((hull_a, hull_b, a, b), (hull_b, hull_a, b, a)):
            top, bottom = low[name].get(True), high[name].get(False)
            if top and bottom and (top.value, not top.strict) <= (bottom.value, bottom.strict):
                begins = _does(above, "begins")
                if top.value == bottom.value:
                    return f"{_does(below, 'ends')} where {begins}, at {m.bound(bottom)} {m.label(name)}"
                return f"{_does(below, 'stops')} at {m.bound(top)} {m.label(name)}; {begins} at {m.bound(bottom)}"
    return ""
