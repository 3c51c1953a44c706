"""Thresholds as sets: unions of boxes, less exceptions, in the space of their quantities. All arithmetic is exact.

A cell is a conjunction of bounds. The difference of two unions of cells is again a union of cells, so "A lies within B"
is "A less B is empty", also when several boxes of B cover one of A together.

Quantities that follow from others (performance density from performance and area) make some bounds depend on each other.
Written as powers, such bounds are products of the base quantities; a set of them is empty if and only if eliminating
the base quantities one by one (Fourier and Motzkin's method, in multiplicative form) ends in a contradiction.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

#: Powers of base quantities: quantity -> exponent.
Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Bound:
    """``quantity <= value`` (``upper``) or ``quantity >= value``, without equality when ``strict``.

    ``decimals`` is how many the law prints (1.50 nm has two); it is for words only and makes no difference to the set.
    """

    quantity: str
    upper: bool
    value: Fraction
    strict: bool
    decimals: int = field(default=0, compare=False)

    def negated(self) -> Bound:
        return Bound(self.quantity, not self.upper, self.value, not self.strict, self.decimals)


@dataclass(frozen=True)
class Flag:
    """``quantity`` is yes (or no)."""

    quantity: str
    yes: bool

    def negated(self) -> Flag:
        return Flag(self.quantity, not self.yes)


Constraint = Bound | Flag
Cell = tuple[Constraint, ...]


@dataclass(frozen=True)
class Monomial:
    """``factor`` times a product of powers of base quantities, all of them positive."""

    factor: Fraction
    powers: Powers


class Space:
    """The quantities of a comparison and how some follow from others.

    ``derived`` gives the monomial of each quantity that follows from others; a quantity that is not named there is a
    base quantity of its own.
    """

    def __init__(self, derived: Mapping[str, Monomial] | None = None):
        self.derived = dict(derived or {})

    def monomial(self, quantity: str) -> Monomial:
        return self.derived.get(quantity) or Monomial(Fraction(1), ((quantity, 1),))

    def empty(self, cell: Cell) -> bool:
        """Whether nothing satisfies all constraints of ``cell``."""
        lows: dict[str, tuple[Fraction, bool]] = {}
        highs: dict[str, tuple[Fraction, bool]] = {}
        flags: dict[str, bool] = {}
        for c in cell:
            if isinstance(c, Flag):
                if flags.setdefault(c.quantity, c.yes) != c.yes:
                    return True
            elif c.upper:
                if c.quantity not in highs or (c.value, not c.strict) < (
                    highs[c.quantity][0],
                    not highs[c.quantity][1],
                ):
                    highs[c.quantity] = (c.value, c.strict)
            elif c.quantity not in lows or (c.value, c.strict) > lows[c.quantity]:
                lows[c.quantity] = (c.value, c.strict)
        for name, (low, open_low) in lows.items():
            if name in highs:
                high, open_high = highs[name]
                if low > high or (low == high and (open_low or open_high)):
                    return True
        together = self._together(lows.keys() | highs.keys())
        return self.entangled(together) and self._contradictory(
            {q: b for q, b in lows.items() if q in together}, {q: b for q, b in highs.items() if q in together}
        )

    def _together(self, quantities: Iterable[str]) -> set[str]:
        """Those of the quantities that follow from others or that others follow from: all of them positive."""
        quantities = list(quantities)
        bases = {base for q in quantities if q in self.derived for base, _ in self.derived[q].powers}
        return {q for q in quantities if q in self.derived or q in bases}

    def entangled(self, quantities: Collection[str]) -> bool:
        """Whether some of the quantities depend on each other (exponent vectors linearly dependent)."""
        vectors = [dict(self.monomial(q).powers) for q in quantities]
        if not any(q in self.derived for q in quantities):
            return False
        return _rank(vectors) < len(vectors)

    def _contradictory(
        self, lows: Mapping[str, tuple[Fraction, bool]], highs: Mapping[str, tuple[Fraction, bool]]
    ) -> bool:
        system: list[tuple[dict[str, int], Fraction, bool]] = []
        for bounds, sign in ((highs, 1), (lows, -1)):
            for quantity, (value, strict) in bounds.items():
                m = self.monomial(quantity)
                limit = value / m.factor
                if limit <= 0:
                    if sign == 1:
                        return True  # a positive quantity below zero
                    continue
                system.append(({b: sign * e for b, e in m.powers}, limit**sign, strict))
        return _eliminate(system)


def _rank(vectors: list[dict[str, int]]) -> int:
    rows = [{k: Fraction(v) for k, v in vector.items()} for vector in vectors]
    rank = 0
    for column in sorted({k for row in rows for k in row}):
        pivot = next((r for r in rows[rank:] if r.get(column)), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        for row in rows[rank + 1 :]:
            share = row.get(column, Fraction(0)) / pivot[column]
            if share:
                for k, v in pivot.items():
                    row[k] = row.get(k, Fraction(0)) - share * v
        rank += 1
    return rank


def _eliminate(system: list[tuple[dict[str, int], Fraction, bool]]) -> bool:
    """Whether the inequalities ``product of powers <= limit`` contradict each other."""
    while True:
        rest = []
        for powers, limit, strict in system:
            powers = {k: e for k, e in powers.items() if e}
            if powers:
                rest.append((powers, limit, strict))
            elif limit < 1 or (limit == 1 and strict):
                return True
        if not rest:
            return False
        variable = min({k for powers, _, _ in rest for k in powers})
        above = [c for c in rest if c[0].get(variable, 0) > 0]
        below = [c for c in rest if c[0].get(variable, 0) < 0]
        system = [c for c in rest if not c[0].get(variable, 0)]
        for p, p_limit, p_strict in above:
            for n, n_limit, n_strict in below:
                common = math.gcd(p[variable], -n[variable])
                up, down = -n[variable] // common, p[variable] // common
                joint = {k: up * p.get(k, 0) + down * n.get(k, 0) for k in p.keys() | n.keys()}
                system.append((joint, p_limit**up * n_limit**down, p_strict or n_strict))


def subtract(space: Space, cells: Iterable[Cell], taken: Sequence[Cell]) -> list[Cell]:
    """The part of the union of ``cells`` outside the union of ``taken``, as cells."""
    left = [c for c in cells if not space.empty(c)]
    for box in taken:
        remaining: list[Cell] = []
        for cell in left:
            if space.empty((*cell, *box)):
                remaining.append(cell)
                continue
            inside = cell
            for constraint in box:
                outside = (*inside, constraint.negated())
                if not space.empty(outside):
                    remaining.append(simplify(outside))
                inside = (*inside, constraint)
        left = remaining
        if not left:
            break
    return left


def meet(space: Space, a: Iterable[Cell], b: Sequence[Cell]) -> list[Cell]:
    """The common part of two unions."""
    return [simplify((*x, *y)) for x in a for y in b if not space.empty((*x, *y))]


def simplify(cell: Cell) -> Cell:
    """The same cell with only the tightest bound of each kind."""
    best: dict[tuple[str, str], Constraint] = {}
    for c in cell:
        if isinstance(c, Flag):
            best[(c.quantity, "flag")] = c
            continue
        key = (c.quantity, "upper" if c.upper else "lower")
        old = best.get(key)
        if not isinstance(old, Bound):
            best[key] = c
            continue
        tighter = c.value < old.value if c.upper else c.value > old.value
        if tighter or (c.value == old.value and c.strict):
            best[key] = c
    return tuple(best.values())
