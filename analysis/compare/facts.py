"""What is known of a product, and whether it meets a condition: yes, no or not known.

A published figure is a point or, where only a bound is known ("below 1.5 nm"), a half-line; everything else is unknown.
A condition holds when every value that the figures allow meets it, fails when none does, and is not known otherwise.
Figures of other quantities count as far as they fix the one that is asked for: the performance density follows from
performance and die area, a minimum resolvable feature with K = 0.35 from wavelength and aperture or from the one with
K = 0.25. All of it is exact (fractions; :class:`analysis.compare.boxes.Space` decides what follows).

Three values are combined as Kleene does: a box holds if all its conditions hold and fails if one fails; a union of boxes
holds if one holds and fails if all fail; what a note takes out is out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.compare.boxes import Bound, Constraint, Flag, Space
from analysis.compare.thresholds import Measures
from analysis.encoding.conditions import Condition
from analysis.encoding.forms import GRADES, Box, Grade, Product, ProductProperty, weakest
from analysis.encoding.units import to_canonical

Truth = bool | None
#: Bounds of a product's figure: (upper, strict) of the half-line that it lies on.
_HALF = {"at-least": (False, False), "more-than": (False, True), "at-most": (True, False), "less-than": (True, True)}
_NEED = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "==": "exactly"}


@dataclass(frozen=True)
class Fact:
    """One figure of a product as constraints in canonical units, and how well it is supported."""

    quantity: str
    constraints: tuple[Constraint, ...]
    grade: Grade
    record: ProductProperty


@dataclass(frozen=True)
class Test:
    """One condition put to a product: ``what`` is known of it, what the law ``needs``, whether that is met.

    ``grade`` is that of the figures that decided, the best that suffice; ``distance`` says how far a figure lies from the
    limit (logarithm of the quotient), to tell a near miss from a far one.
    """

    condition: Condition
    truth: Truth
    what: str
    needs: str
    grade: Grade | None = None
    distance: float = 0.0

    __test__ = False  # not for pytest

    @property
    def text(self) -> str:
        return f"{self.what} ({self.needs} needed)"


def told(tests: Iterable[Test]) -> tuple[str, ...]:
    """Tests in words; both bounds of one quantity are said together."""
    groups: dict[str, list[Test]] = {}
    for test in tests:
        groups.setdefault(test.condition.quantity, []).append(test)
    return tuple(
        f"{max((t.what for t in group), key=len)} ({' and '.join(dict.fromkeys(t.needs for t in group))} needed)"
        for group in groups.values()
    )


@dataclass(frozen=True)
class BoxTest:
    """All conditions of one box put to a product."""

    tests: tuple[Test, ...]

    @property
    def truth(self) -> Truth:
        return all_of(t.truth for t in self.tests)

    def having(self, truth: Truth) -> list[Test]:
        return [t for t in self.tests if t.truth is truth]

    @property
    def nearness(self) -> tuple[int, int, int, float]:
        """Sorts boxes that fail: the one that came nearest to holding first."""
        failed = self.having(False)
        return len(failed), len(self.having(None)), -len(self.having(True)), sum(t.distance for t in failed)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's conjunction."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's disjunction."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


class Facts:
    """The figures of one product, ready to be asked."""

    def __init__(self, product: Product, measures: Measures):
        self.product = product
        self.measures = measures
        self.facts = [self._fact(p) for p in product.properties]
        self._asked: dict[Condition, Test] = {}

    def _fact(self, record: ProductProperty) -> Fact:
        measures = self.measures
        name = measures.quantities[record.quantity].id
        quantity = measures.quantities[name]
        made: tuple[Constraint, ...]
        if quantity.kind == "flag":
            made = (Flag(name, record.value == "yes"),)
        else:
            unit = quantity.unit or "1"
            value = Fraction(to_canonical(Decimal(record.value), record.unit or unit, unit))
            if record.bound:
                upper, strict = _HALF[record.bound]
                made = (Bound(name, upper, value, strict),)
            else:
                made = (Bound(name, True, value, False), Bound(name, False, value, False))
        return Fact(name, made, weakest(record.evidence), record)

    # -- conditions and boxes --------------------------------------------------------------------------------

    def box(self, box: Box) -> BoxTest:
        return BoxTest(tuple(self.test(condition) for condition in box))

    def test(self, condition: Condition) -> Test:
        """The condition put to the product."""
        if condition not in self._asked:
            self._asked[condition] = self._test(condition)
        return self._asked[condition]

    def _test(self, condition: Condition) -> Test:
        wanted = self.measures.constraints(condition)
        name = wanted[0].quantity
        direct = [f for f in self.facts if f.quantity == name]
        truth = _decide(Space(), direct, wanted)
        used, space = direct, Space()
        if truth is None and isinstance(wanted[0], Bound):
            used = self._related(name)
            names = {name, *(f.quantity for f in used)}
            space = Space({q: self.measures.monomial(q) for q in names if self.measures.quantities[q].derives})
            truth = _decide(space, used, wanted)
        grade = None
        if truth is not None:
            grade = next(
                g
                for n, g in enumerate(GRADES)
                if _decide(space, [f for f in used if f.grade in GRADES[: n + 1]], wanted) is truth
            )
        known = tuple(c for f in used for c in f.constraints)
        what, needs = self._words(condition, name, direct, wanted, [] if truth is None else used)
        if truth is None and known and space.empty(known):
            what = f"{self.measures.label(name)}: the published figures contradict each other"
        return Test(condition, truth, what, needs, grade, self._distance(name, wanted) if truth is False else 0.0)

    def _distance(self, name: str, wanted: Sequence[Constraint]) -> float:
        limit, value = wanted[0], self._value(name)
        if isinstance(limit, Flag) or value is None or value <= 0 or limit.value <= 0:
            return 10.0
        return abs(math.log(value / limit.value))

    def _related(self, name: str) -> list[Fact]:
        """Figures that bear on ``name``: those that share base quantities with it, directly or through others."""
        bases = {b for b, _ in self.measures.monomial(name).powers}
        numeric = [f for f in self.facts if isinstance(f.constraints[0], Bound)]
        while True:
            found = [f for f in numeric if bases & {b for b, _ in self.measures.monomial(f.quantity).powers}]
            more = bases.union(*({b for b, _ in self.measures.monomial(f.quantity).powers} for f in found))
            if more == bases:
                return found
            bases = more

    # -- words -----------------------------------------------------------------------------------------------

    def _words(
        self,
        condition: Condition,
        name: str,
        direct: Sequence[Fact],
        wanted: Sequence[Constraint],
        used: Sequence[Fact],
    ) -> tuple[str, str]:
        """What is known of the quantity, and what the law needs; ``used`` are the figures that decided."""
        label = self.measures.label(name)
        if isinstance(condition.value, str):
            known = "not known" if not direct else "yes" if direct[0].record.value == "yes" else "no"
            return f"{label}: {known}", condition.value
        limit = wanted[0]
        assert isinstance(limit, Bound)
        needs = f"{_NEED[condition.operator]} {self.measures.amount(name, limit.value)}"
        if direct:
            shown = " and ".join(dict.fromkeys(self._shown(f, limit.value) for f in _plainest(direct)))
            return f"{label}: {shown}", needs
        value = self._value(name)
        if value is not None:
            return f"{label}: {self._amount(name, value, limit.value)}, worked out", needs
        if used:
            whence = " and ".join(f"{self.measures.label(f.quantity)} {self._plain(f)}" for f in used)
            return f"{label}: follows from {whence}", needs
        return f"{label}: not known", needs

    def _shown(self, fact: Fact, limit: Fraction) -> str:
        words = {"at-least": "at least ", "more-than": "above ", "at-most": "at most ", "less-than": "below ", None: ""}
        bound = fact.constraints[0]
        assert isinstance(bound, Bound)
        return words[fact.record.bound] + self._amount(fact.quantity, bound.value, limit)

    def _plain(self, fact: Fact) -> str:
        bound = fact.constraints[0]
        assert isinstance(bound, Bound)
        return self._shown(fact, bound.value)

    def _amount(self, name: str, value: Fraction, limit: Fraction) -> str:
        """A figure with as few digits as still show on which side of the limit it lies."""
        for digits in range(4, 28):
            rounded = Fraction(Decimal(f"{Decimal(value.numerator) / Decimal(value.denominator):.{digits}g}"))
            if (rounded > limit) == (value > limit) and (rounded == limit) == (value == limit):
                if digits == 4 and value.denominator == 1 and abs(value) < 10**9:
                    rounded = value  # whole numbers as they stand
                break
        return self.measures.amount(name, rounded)

    def _value(self, name: str) -> Fraction | None:
        """The exact value of a quantity that follows from others, None where it is not fixed."""
        wanted = self.measures.monomial(name)
        exact: dict[str, Fraction] = {}
        for fact in self.facts:
            bound = fact.constraints[0]
            if isinstance(bound, Bound) and fact.record.bound is None:
                exact.setdefault(fact.quantity, bound.value)
        for quantity, value in exact.items():
            given = self.measures.monomial(quantity)
            if given.powers == wanted.powers:
                return value * wanted.factor / given.factor
        if all(base in exact for base, _ in wanted.powers):
            result = wanted.factor
            for base, exponent in wanted.powers:
                result *= exact[base] ** exponent
            return result
        return None


def _plainest(facts: Sequence[Fact]) -> list[Fact]:
    """The facts worth saying: the exact figure where there is one."""
    exact = [f for f in facts if f.record.bound is None]
    return exact[:1] or list(facts)


def _decide(space: Space, facts: Sequence[Fact], wanted: Sequence[Constraint]) -> Truth:
    """Whether all values that ``facts`` allow lie within ``wanted`` (True), none does (False), or neither (None)."""
    known = tuple(c for f in facts for c in f.constraints)
    if not known or space.empty(known):
        return None  # nothing known, or figures that contradict each other
    if space.empty((*known, *wanted)):
        return False
    return True if all(space.empty((*known, c.negated())) for c in wanted) else None
