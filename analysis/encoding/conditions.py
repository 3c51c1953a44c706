"""The grammar of thresholds: ``quantity operator number unit`` or ``flag == yes``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Operator = Literal[">=", ">", "<=", "<", "=="]

_FORM = re.compile(r"^([a-z][a-z0-9-]*) *(>=|<=|==|=>|=<|!=|>|<|=) *(\S+)(?: +(\S.*))?$")
_NUMBER = re.compile(r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?$")
#: Powers of ten beyond this are slips of the pen.
LARGEST = 60
OPERATORS: tuple[Operator, ...] = (">=", ">", "<=", "<", "==")


class ConditionError(ValueError):
    """A condition that does not parse; its text is a sentence."""


@dataclass(frozen=True)
class Condition:
    """One condition of a threshold as written.

    ``value`` is a Decimal in ``unit`` ("" when the quantity is dimensionless), or "yes"/"no" for a flag.
    """

    quantity: str
    operator: Operator
    value: Decimal | Literal["yes", "no"]
    unit: str = ""

    @property
    def is_flag(self) -> bool:
        return isinstance(self.value, str)

    def __str__(self) -> str:
        value = self.value if isinstance(self.value, str) else number(self.value)
        return " ".join(part for part in (self.quantity, self.operator, value, self.unit) if part)


@lru_cache(maxsize=20_000)
def parse_condition(text: str) -> Condition:
    """Parse one condition, e.g. ``"wavelength < 193 nm"``; raises ConditionError with a sentence."""
    match = _FORM.match(text.strip())
    if not match:
        raise ConditionError(f"condition '{text}' does not parse; write: quantity operator number unit")
    quantity, operator, value, unit = match.groups()
    if operator not in OPERATORS:
        raise ConditionError(f"condition '{text}' uses '{operator}'; use one of {' '.join(OPERATORS)}")
    if value in ("yes", "no"):
        if operator != "==" or unit:
            raise ConditionError(f"condition '{text}' is a yes/no condition; write: {quantity} == {value}")
        return Condition(quantity, "==", "yes" if value == "yes" else "no")
    try:
        amount = parse_number(value)
    except ConditionError as error:
        raise ConditionError(f"condition '{text}': {error}") from None
    return Condition(quantity, operator, amount, unit or "")


def parse_number(text: str) -> Decimal:
    """A number in plain digits, with a decimal point or a power of ten where needed; raises ConditionError."""
    if not _NUMBER.match(text):
        raise ConditionError(f"'{text}' is not a number; write digits, e.g. 4800, 1.5 or 1e26")
    amount = Decimal(text)
    if abs(amount.adjusted()) > LARGEST:
        raise ConditionError(f"'{text}' lies beyond 1e{LARGEST}")
    return amount


def number(value: Decimal) -> str:
    """A decimal as a reader expects it: no trailing zeros, a power of ten only where plain digits would be long."""
    if value == 0:
        return "0"
    value = value.normalize()
    if -6 < value.adjusted() < 15:
        return f"{value:f}"
    digits = value.as_tuple()
    mantissa = "".join(map(str, digits.digits))
    mantissa = mantissa[0] + ("." + mantissa[1:] if len(mantissa) > 1 else "")
    return f"{'-' if digits.sign else ''}{mantissa}e{value.adjusted()}"
