"""Units of thresholds: exact conversion into the canonical unit of a quantity (pint, decimals)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any


class UnitError(ValueError):
    """A unit that is unknown or of another dimension; its text is a sentence."""


@lru_cache(maxsize=1)
def registry() -> Any:
    """pint with our own short list of units; values are decimals, so conversions are exact."""
    import pint

    made: Any = pint.UnitRegistry(str(Path(__file__).with_name("units.txt")), non_int_type=Decimal, cache_folder=None)
    made.preprocessors.append(lambda text: text.replace("%", " percent "))
    return made


@lru_cache(maxsize=4096)
def factor(unit: str, canonical: str) -> Decimal:
    """What one ``unit`` is in ``canonical`` units. Raises UnitError when they do not measure the same thing."""
    unit, canonical = unit or "1", canonical or "1"
    if unit == canonical:
        return Decimal(1)
    import pint

    parsed = []
    for text in (unit, canonical):
        try:
            quantity = registry().parse_expression(text)
        except (
            pint.UndefinedUnitError,
            pint.DefinitionSyntaxError,
            AttributeError,
            TypeError,
            ValueError,
            SyntaxError,
        ):
            raise UnitError(f"'{text}' is not a known unit") from None
        except Exception as error:  # pint's tokenizer raises its own kinds
            raise UnitError(f"'{text}' is not a known unit ({error})") from None
        parsed.append(quantity if hasattr(quantity, "to") else registry().Quantity(Decimal(str(quantity)), ""))
    try:
        converted = parsed[0].to(parsed[1].units)
    except pint.DimensionalityError:
        raise UnitError(f"'{unit}' does not measure the same as '{canonical}'") from None
    return Decimal(converted.magnitude) / Decimal(parsed[1].magnitude)


def to_canonical(value: Decimal, unit: str, canonical: str) -> Decimal:
    """``value unit`` in canonical units, exactly; raises UnitError."""
    return value * factor(unit, canonical)
