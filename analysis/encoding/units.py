"""Units of thresholds: exact conversion into the canonical unit of a quantity (pint, with fractions).

What a unit is in root units is kept beside the parsed YAML, so that a check of sound encodings need not import pint.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

_LIST = Path(__file__).with_name("units.txt")
_POWER = r"(?:(?:\^|\*\*)-?[0-9](?:\.[0-9])?)?"
_NAME = rf"(?:%|[A-Za-zµ][A-Za-zµ0-9_]*){_POWER}"
_GROUP = rf"(?:{_NAME}|\({_NAME}(?: ?[*/] ?{_NAME})*\){_POWER})"
#: Names, powers, products and quotients; no numbers, so that "4 800" is no 4 of a unit 800.
_FORM = re.compile(rf"^(?:1|{_GROUP})(?: ?[*/] ?{_GROUP})*$")


class UnitError(ValueError):
    """A unit that is unknown or of another dimension; its text is a sentence."""


@lru_cache(maxsize=1)
def registry() -> Any:
    """pint with our own short list of units; values are fractions, so conversions are exact."""
    import pint

    made: Any = pint.UnitRegistry(str(_LIST), non_int_type=Fraction, cache_folder=None)
    made.preprocessors.append(lambda text: text.replace("%", " percent "))
    return made


class Kept:
    """Units as (how many root units, dimension), by their text; kept in a file that may be deleted at any time."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self.known: dict[str, tuple[Fraction, str]] = {}
        self.new = False

    def open(self, folder: Path) -> None:
        """Take what was kept in ``folder`` for this list of units."""
        digest = hashlib.sha256(_LIST.read_bytes()).hexdigest()[:16]
        self.file = folder / f"units-{digest}.json"
        with suppress(OSError, ValueError, TypeError):
            for text, (number, dimension) in json.loads(self.file.read_text("utf-8")).items():
                self.known.setdefault(text, (Fraction(number), str(dimension)))

    def save(self) -> None:
        if not self.new or self.file is None:
            return
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            partial = self.file.with_suffix(f".{os.getpid()}.part")
            shown = {text: [str(number), dimension] for text, (number, dimension) in sorted(self.known.items())}
            partial.write_text(json.dumps(shown, ensure_ascii=False, indent=0), "utf-8")
            partial.replace(self.file)
            self.new = False


KEPT = Kept()


def root(unit: str) -> tuple[Fraction, str]:
    """What one ``unit`` is in root units, and its dimension; raises UnitError when the unit is not known."""
    unit = unit or "1"
    if unit not in KEPT.known:
        KEPT.known[unit] = _parse(unit)
        KEPT.new = True
    return KEPT.known[unit]


def _parse(unit: str) -> tuple[Fraction, str]:
    if not _FORM.match(unit):
        raise UnitError(f"'{unit}' is not a known unit")
    if unit == "1":
        return Fraction(1), ""
    import pint

    try:
        quantity = registry().parse_expression(unit).to_root_units()
    except (pint.PintError, AttributeError, ValueError, SyntaxError):
        raise UnitError(f"'{unit}' is not a known unit") from None
    number = quantity.magnitude
    powers = sorted((name, str(power)) for name, power in quantity.dimensionality.items())
    # Only a broken power (deg/h**0.5) leaves the fractions.
    exact = Fraction(repr(number)) if isinstance(number, float) else Fraction(number)
    return exact, " ".join(f"{name}^{power}" for name, power in powers)


@lru_cache(maxsize=4096)
def factor(unit: str, canonical: str) -> Fraction:
    """What one ``unit`` is in ``canonical`` units. Raises UnitError when they do not measure the same thing."""
    unit, canonical = unit or "1", canonical or "1"
    if unit == canonical:
        return Fraction(1)
    (number, dimension), (other, wanted) = root(unit), root(canonical)
    if dimension != wanted:
        raise UnitError(f"'{unit}' does not measure the same as '{canonical}'")
    return number / other


def to_canonical(value: Decimal, unit: str, canonical: str) -> Fraction:
    """``value unit`` in canonical units, exactly; raises UnitError."""
    return Fraction(value) * factor(unit, canonical)
