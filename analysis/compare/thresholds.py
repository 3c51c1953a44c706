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
    """The set of one or more entries together. ``cells`` is None where thresholds are not encoded."""

    name: str
    cells: tuple[Cell, ...] | None
    taken: tuple[Cell, ...] = ()

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
        value = to_canonical(condition.value, condition.unit, self.quantities[name].unit or "1")
        op = condition.operator
        if op == "==":
            return (Bound(name, True, value, False), Bound(name, False, value, False))
        return (Bound(name, op in ("<", "<="), value, op in ("<", ">")),)

    def cell(self, box: Box) -> Cell:
        return tuple(c for condition in box for c in self.constraints(condition))

    def state(self, state: State, name: str = "") -> ThresholdSet:
        """The set of one control as it stands."""
        shown = name or f"{state.control.regime} {state.control.code}"
        if state.boxes is None:
            return ThresholdSet(shown, None)
        cells = tuple(self.cell(b) for b in state.boxes) or ((),)
        return ThresholdSet(shown, cells, tuple(self.cell(b) for b in state.carved_out))

    def together(self, name: str, sets: Sequence[ThresholdSet]) -> ThresholdSet:
        """The union of several entries, each less its own exceptions."""
        if any(s.cells is None for s in sets) or not sets:
            return ThresholdSet(name, None)
        cells: list[Cell] = []
        for one in sets:
            cells += subtract(self.space(one.quantities), one.cells or (), one.taken) if one.taken else one.cells or ()
        return ThresholdSet(name, tuple(cells))

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

    def amount(self, name: str, value: Fraction) -> str:
        unit = self.quantities[name].unit or "1"
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        # What a conversion leaves without an end (45 nm at K = 0.35) is rounded, and says so.
        shown = number(exact) if Fraction(exact) == value else f"about {number(round(exact, 3 - exact.adjusted()))}"
        return shown if unit == "1" else f"{shown}{'' if unit == '%' else ' '}{unit_text(unit)}"

    def phrase(self, constraint: Constraint) -> str:
        """One constraint in words."""
        label = self.label(constraint.quantity)
        if isinstance(constraint, Flag):
            return label if constraint.yes else f"not {label}"
        words = {(True, False): "up to", (True, True): "below", (False, False): "of at least", (False, True): "above"}
        return (
            f"{label} {words[constraint.upper, constraint.strict]} {self.amount(constraint.quantity, constraint.value)}"
        )

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
                parts.append(f"{self.label(name)} of {self.amount(name, bounds[True].value)}")
            elif len(bounds) == 2:
                low = ("above" if bounds[False].strict else "from") + " " + self.amount(name, bounds[False].value)
                high = ("below" if bounds[True].strict else "up to") + " " + self.amount(name, bounds[True].value)
                parts.append(f"{self.label(name)} {low} and {high}")
            else:
                parts.append(self.phrase(next(iter(bounds.values()))))
        return ", ".join(parts)


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
    sentence = _sentence(verdict, a.name, b.name, only_a, only_b, set_a, set_b, measures) + note + "."
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
    return space._entangled(dict.fromkeys(numeric))


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
    a: str,
    b: str,
    only_a: Sequence[Cell],
    only_b: Sequence[Cell],
    set_a: Sequence[Cell],
    set_b: Sequence[Cell],
    measures: Measures,
) -> str:
    if verdict == "equal":
        return f"{a} and {b} draw the same line"
    if verdict == "wider":
        return _reach(b, set_b, a, set_a, only_a, measures)
    if verdict == "narrower":
        return _reach(a, set_a, b, set_b, only_b, measures)
    if verdict == "disjoint":
        apart = _apart(a, set_a, b, set_b, measures)
        return (
            apart
            or f"nothing is caught by both: {a} takes {_some(set_a, measures)}; {b} takes {_some(set_b, measures)}"
        )
    more_a, more_b = _some(only_a, measures), _some(only_b, measures)
    return f"each catches something that the other does not: {a} also takes {more_a}; {b} also takes {more_b}"


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
    small: str, small_set: Sequence[Cell], big: str, big_set: Sequence[Cell], extra: Sequence[Cell], m: Measures
) -> str:
    """How the wider side reaches further: at the bound that it moves or drops, else by an example."""
    narrow, wide = _hull(small_set), _hull(big_set)
    for name, bounds in narrow.items():
        for upper, bound in bounds.items():
            other = wide.get(name, {}).get(upper)
            if other == bound or (other and (other.value < bound.value if upper else other.value > bound.value)):
                continue  # the same line, or one that other conditions make meaningless
            stops = f"{small} {'stops at' if upper else 'begins at'} {m.amount(name, bound.value)} {m.label(name)}"
            if other is None:
                return f"{stops}; {big} sets no such limit"
            if other.value == bound.value:
                return f"both turn on {m.amount(name, bound.value)} {m.label(name)}, but only {big} takes that value itself"
            return f"{stops}; {big} also takes {'up to' if upper else 'from'} {m.amount(name, other.value)}"
    return f"{big} takes all that {small} takes, and also {_some(extra, m)}"


def _apart(a: str, set_a: Sequence[Cell], b: str, set_b: Sequence[Cell], m: Measures) -> str:
    """A quantity on which one side ends before the other begins."""
    hull_a, hull_b = _hull(set_a), _hull(set_b)
    for name in hull_a.keys() & hull_b.keys():
        for low, high, low_name, high_name in ((hull_a, hull_b, a, b), (hull_b, hull_a, b, a)):
            top, bottom = low[name].get(True), high[name].get(False)
            if top and bottom and (top.value, not top.strict) <= (bottom.value, bottom.strict):
                return (
                    f"{low_name} ends where {high_name} begins, at {m.amount(name, bottom.value)} {m.label(name)}"
                    if top.value == bottom.value
                    else f"{low_name} stops at {m.amount(name, top.value)} {m.label(name)}; "
                    f"{high_name} begins at {m.amount(name, bottom.value)}"
                )
    return ""
