"""Numbers as control lists print them, and whether a number of ours stands in a printed text.

A text is read once into ``Reading``s: every number with the unit that follows it. A number that the extraction damaged
(``10 8`` and ``108`` for ten to the eighth, lost superscripts of units) gives several readings. A threshold stands in the
text when some reading has its value in a unit of the same dimension: ``685 °C`` stands for 958 K, ``0.3 T`` for 300 mT.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from analysis.encoding.conditions import Condition
from analysis.encoding.units import UnitError, factor

from .printed_units import units_at

_SIGNS = str.maketrans(
    {
        "−": "-", "–": "-", "—": "-", "‑": "-", "×": "x", "µ": "u", "μ": "u", "\u03a9": "ohm", "\u2126": "ohm", "º": "°",
        "²": "2", "³": "3", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2002": " ", "\u200b": "", "\n": " ",
        "·": ".", "•": " ", "∙": ".", "⁄": "/", "’": "'", "‘": "'", "“": '"', "”": '"', "\\": "*",
    }
)  # fmt: skip
_WORDS = {
    "zero": 0, "single": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "sixteen": 16, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100,
}  # fmt: skip
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_CELSIUS = re.compile(r" ?(?:°|degrees? ) ?C\b|[ ]?deg(?:rees)? ?C(?:elsius)?\b")
_CONNECT = re.compile(
    r"[ ,]*(?:(?:to|and|or|x|by|but|less|than|not|exceeding|more|greater|up|through|below|above|including|equal|/|-|±|=|<|>|"
    r"through|within|between|at|least|inclusive)[ ,]*)+"
)


#: Numbers that point at something: notes, paragraphs, sections, groups, standards.
_REFERENCE = re.compile(
    r"(?:\bNotes?|\bNo\.|[Pp]aragraphs?|[Pp]arts?|§|[Ss]upplement|Groups?|Category|CATEGORY|Column|ISO|IEC|ASTM|EN|N\.B\.|"
    r"[A-E]:|Step|CAS|P|STD|Annex|Articles?) ?(?:[a-z] )?$"
)
#: Numbers of a list: "1. For the purposes", "(2) Another".
_LISTED = re.compile(r"[0-9]{1,2}(?:\. (?=[A-Z'\"a])|\) )")


@dataclass(frozen=True)
class Reading:
    """One way to read one printed number. ``units`` are the units that may follow it, () when none does."""

    value: Fraction
    units: tuple[str, ...]
    before: str
    after: str


def plain(text: str) -> str:
    """Typography out of the way: signs, thin spaces, superscript digits."""
    return re.sub(r" +", " ", text.translate(_SIGNS))


@lru_cache(maxsize=8)
def _number(decimal: str) -> re.Pattern[str]:
    thousands = r"[0-9]{1,3}(?:,[0-9]{3})+" if decimal == "." else r"[0-9]{1,3}(?:[ .][0-9]{3})+"
    mark = re.escape(decimal)
    return re.compile(
        rf"(?<![A-Za-z0-9{mark}])(?<![A-Za-z0-9]\.)(?P<sign>- ?|[±] ?)?(?P<whole>{thousands}|[0-9]+)?(?P<part>{mark}[0-9]+)?"
        rf"(?P<power> ?[x*] ?10 ?\^?\(?(?P<exp>-? ?[0-9]{{1,2}})\)?(?![0-9.,][0-9]))?"
        rf"(?P<ratio> ?(?:: ?(?P<second>[0-9]+(?:{mark}[0-9]+)?)| to 1)(?!{mark}?[0-9]))?"
    )


@lru_cache(maxsize=4096)
def readings(text: str, decimal: str = ".") -> tuple[Reading, ...]:
    """Every way to read every number of a printed text. ``decimal`` is the decimal mark of the list."""
    text = plain(text)
    found: list[tuple[int, int, list[Fraction], tuple[str, ...], str]] = []
    for m in _number(decimal).finditer(text):
        if not (m["whole"] or m["part"]):
            continue
        digits = re.sub(r"[ .]" if decimal == "," else ",", "", m["whole"] or "0")
        value = Fraction(f"{digits}.{(m['part'] or '.0')[1:]}")
        signs = [value]
        if m["sign"] == "-":
            signs = [-value]
        elif m["sign"] == "- ":  # a minus or a dash
            signs = [-value, value]
        if re.search(_REFERENCE, text[max(0, m.start() - 16) : m.start()]) or _LISTED.match(text, m.start("whole")):
            continue
        values, end = [], m.end()
        second = Fraction((m["second"] or ("1" if m["ratio"] else "0")).replace(",", "."))
        if m["power"]:
            values += [v * Fraction(10) ** int(m["exp"].replace(" ", "")) for v in signs]
            joined = m["exp"].replace(" ", "")
            if len(joined) > 1 and not joined.startswith("-"):  # 10 13 n: the power may be one digit, the rest a unit's
                values.append(value * Fraction(10) ** int(joined[0]))
        else:
            values += signs
            if re.fullmatch("10[1-9][0-9]?", m["whole"] or "") and not m["part"]:
                values.append(Fraction(10) ** int(digits[2:]))  # 106 for ten to the sixth
            after = re.match(r" ?(-? ?[0-9]{1,2})(?![0-9]|[.,][0-9])", text[m.end() :])
            if digits == "10" and after and not m["ratio"]:
                found.append(
                    (m.start(), m.end() + after.end(), [Fraction(10) ** int(after[1].replace(" ", ""))], (), text)
                )
        if second:
            end = m.start("ratio")
            found.append((m.start(), m.end(), [value / second], (), text))
        large = re.match(r"[ -](thousand|million|billion|trillion)s?\b", text[end:])
        if large:
            values.append(value * _LARGE[large[1]])
            end += large.end()
        found.append((m.start(), end, values, (), text))
    for m in re.finditer(r"\b(?:" + "|".join(_WORDS) + r")\b", text, re.I):
        found.append((m.start(), m.end(), [Fraction(_WORDS[m[0].lower()])], (), text))
    found.sort(key=lambda f: (f[0], f[1]))
    made: list[Reading] = []
    inherited: list[list[Fraction]] = []
    for position, (start, end, values, _, _) in enumerate(found):
        celsius = _CELSIUS.match(text, end)
        units = units_at(text, end)
        shown = (text[max(0, start - 60) : start], text[end : end + 60])
        if celsius:
            values = [v + d for v in values for d in (273, Fraction("273.15"))]
            units = ("K",)
        later = found[position + 1][0] if position + 1 < len(found) else None
        for value in values:
            made.append(Reading(value, units, *shown))
        if not units and later is not None and _CONNECT.fullmatch(text[end:later]):
            inherited.append(values)
        elif inherited and units:
            for early in inherited:
                shift = (273, Fraction("273.15")) if celsius else (0,)
                made.extend(Reading(v + d, units, *shown) for v in early for d in shift)
            inherited = []
        elif not units or later is None:
            inherited = []
    return tuple(made)


@lru_cache(maxsize=100_000)
def _factor(unit: str, canonical: str) -> Fraction | None:
    times = re.match(r"([0-9.e-]+)\*(?=[A-Za-z])", unit)
    try:
        return Fraction(times[1] if times else 1) * factor(unit[times.end() :] if times else unit, canonical)
    except UnitError:
        return None


def matches(condition: Condition, canonical: str, texts: Iterable[str], decimal: str, unitless: bool = False) -> bool:
    """Whether the number of a condition stands in one of the texts, in its unit or a converted one.

    ``canonical`` is the unit of the quantity; ``unitless``: the law prints this quantity without its unit.
    """
    return any(True for _ in standing(condition, canonical, texts, decimal, unitless))


def _equal(printed: Fraction, ours: Fraction) -> bool:
    """Equal but for the last digits of a ratio that has no end (1:1.8) or of a broken power of a unit."""
    return abs(printed - ours) * 10**9 <= abs(ours)


def standing(
    condition: Condition, canonical: str, texts: Iterable[str], decimal: str, unitless: bool = False
) -> Iterator[Reading]:
    """The readings that show the number of a condition."""
    assert not isinstance(condition.value, str)
    own = condition.unit or "1"
    value = Fraction(condition.value)
    bare = (_factor(own, "1") is not None and canonical == "1") or unitless
    for text in texts:
        for reading in readings(text, decimal):
            if bare and not any(u != "1" for u in reading.units) and _equal(reading.value, value):
                yield reading
                continue
            for unit in reading.units:
                scale = _factor(unit, own)
                if scale is not None and _equal(reading.value * scale, value):
                    yield reading
                    break
