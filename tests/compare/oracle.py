"""A slow and obvious judge of thresholds: it tries points.

A set is written as text conditions, as in the files. The judge knows its quantities by heart, converts units by a table
of its own, and tries every point of a grid that has all bounds, something between each two of them, and something
beyond them; on such a grid any two different sets differ in a point. It shares no code with what it judges.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product
from typing import Any

Point = Mapping[str, Fraction | bool]

#: What one of each unit is in the unit of its quantity.
UNITS = {
    "nm": Fraction(1),
    "um": Fraction(1000),
    "angstrom": Fraction(1, 10),
    "h": Fraction(1),
    "min": Fraction(1, 60),
    "s": Fraction(1, 3600),
    "mm^2": Fraction(1),
    "cm^2": Fraction(100),
    "dB": Fraction(1),
    "1/mm^2": Fraction(1),
    "": Fraction(1),
}
_HOLDS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
}


@dataclass(frozen=True)
class Set:
    """Boxes, any of which will do, less the boxes of ``taken``; each a list of conditions as in the files."""

    boxes: tuple[tuple[str, ...], ...]
    taken: tuple[tuple[str, ...], ...] = ()

    @property
    def conditions(self) -> Iterator[str]:
        for box in (*self.boxes, *self.taken):
            yield from box

    @property
    def quantities(self) -> set[str]:
        return {condition.split()[0] for condition in self.conditions}

    def has(self, point: Point) -> bool:
        inside = any(all(holds(c, point) for c in box) for box in self.boxes)
        return inside and not any(all(holds(c, point) for c in box) for box in self.taken)


@lru_cache(maxsize=10_000)
def parsed(condition: str) -> tuple[str, str, Fraction | bool]:
    """Quantity, sign, and the number in the unit of the quantity (or whether the flag must be up)."""
    quantity, sign, value, *unit = condition.split()
    if value in ("yes", "no"):
        return quantity, sign, value == "yes"
    return quantity, sign, Fraction(value) * UNITS[" ".join(unit)]


def holds(condition: str, point: Point) -> bool:
    quantity, sign, limit = parsed(condition)
    return bool(_HOLDS[sign](point[quantity], limit))


def grid(sets: Iterable[Set]) -> list[Point]:
    """All combinations of the bounds of each quantity, of something between them, and of something beyond."""
    values: dict[str, list[Fraction | bool]] = {}
    limits: dict[str, set[Fraction]] = {}
    for one in sets:
        for condition in one.conditions:
            quantity, _, limit = parsed(condition)
            if isinstance(limit, bool):
                values[quantity] = [True, False]
            else:
                limits.setdefault(quantity, set()).add(limit)
    for quantity, found in limits.items():
        ordered = sorted(found)
        between = [(x + y) / 2 for x, y in pairwise(ordered)]
        values[quantity] = [ordered[0] - 1, *ordered, *between, ordered[-1] + 1]
    return [dict(zip(values, point, strict=True)) for point in product(*values.values())]


def verdict(a: Set, b: Set, points: Sequence[Point]) -> str:
    """The verdict on A against B, from the points alone."""
    only_a = any(a.has(p) and not b.has(p) for p in points)
    only_b = any(b.has(p) and not a.has(p) for p in points)
    if not only_a and not only_b:
        return "equal"
    if not only_b:
        return "wider"
    if not only_a:
        return "narrower"
    return "overlapping" if any(a.has(p) and b.has(p) for p in points) else "disjoint"
