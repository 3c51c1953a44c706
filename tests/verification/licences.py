"""What the licence table of an entry says about one paragraph: for which reasons, and to which column of the chart."""

from __future__ import annotations

import re
from typing import Literal

from .official import related

Says = Literal["yes", "no", "some"]

_RANGE = re.compile(r"([a-z](?:\.[a-z0-9]+)*) (?:to|through) \.?([a-z](?:\.[a-z0-9]+)*)")
_LABEL = re.compile(r"(?<![A-Za-z0-9.])\.?([a-z](?:\.[a-z0-9]{1,2})*)(?=[,;.) ]|$)")
#: Words that make a row speak about part of what its paragraphs hold.
_PART = re.compile(
    r"\b(?:when|if|that|which|usable|those|meets?|except|EXCEPT|as applicable|for use|for|of|in the form|unless|refer)\b"
)
#: Words of a list of paragraphs; a single letter among other words is a word.
_LIST = re.compile(
    r"^(?:(?:items?|commodities|“?software”?|controlled by|specified by|in|only) )*(?=[0-9][A-E][0-9]{3})"
)


def row_says(control: str, path: str) -> Says:
    """Whether a row of the table ("NS applies to 3B001.a.1 to a.3, b") is about a paragraph."""
    code = path[:5]
    text = re.sub(r"^[A-Z]{2} applies,?(?: to)? ?", "", control).strip()
    if text.startswith("entire entry"):
        rest = text.removeprefix("entire entry").strip(" .")
        if not rest or rest.startswith("(refer"):
            return "yes"
        except_ = re.fullmatch(r",? except (.+)", rest)
        if except_ and (labels := _labels(except_[1], code)) and not _PART.search(except_[1]):
            return (
                "no"
                if any(path == x or path.startswith(x + ".") for x in labels)
                else _cover(labels, path, "some", "yes")
            )
        return "some"
    other = {c for c in re.findall(r"[0-9][A-E][0-9]{3}", text) if c != code}
    if other or not _LIST.match(text):
        return "some"
    labels = _labels(text, code)
    if not labels:
        return "some"
    whole = any(path == x or path.startswith(x + ".") for x in labels)
    if whole:
        return "some" if _PART.search(text) else "yes"
    return _cover(labels, path, "some", "no")


def _cover(labels: set[str], path: str, touched: Says, apart: Says) -> Says:
    return touched if any(related(x, path) for x in labels) else apart


def _labels(text: str, code: str) -> set[str]:
    """The labels that a list of paragraphs names, ranges written out: ``a.1 to a.3, b`` and ``k to n``."""
    text = re.sub(rf"{code} ?\.? ?", "", re.sub(r"\(.*?\)", "", text))
    found = set()
    for first, last in _RANGE.findall(text):
        head, _, end = last.rpartition(".")
        start = first.rpartition(".")[2]
        if start.isdigit() and end.isdigit():
            found |= {f"{head}.{n}" for n in range(int(start), int(end) + 1)}
        elif len(start) == len(end) == 1:
            found |= {f"{head}.{chr(n)}".lstrip(".") for n in range(ord(start), ord(end) + 1)}
    found |= set(_LABEL.findall(text))
    return {f"{code}.{label}" for label in found}


def destinations(chart: str) -> set[str]:
    """The destinations of a row as the encodings write them; empty where the words have no short form."""
    column = re.match(r"([A-Z]{2}) Column ([123])", chart)
    if column:
        return {column[1] + column[2]}
    if re.search(r"[Ww]orldwide", chart):
        return {"all"}
    found = set(re.findall(r"\b([ADE]:[1-6])\b", chart.split("excluding")[0]))
    found |= {"MO"} if "Macau" in chart else set()
    return found | ({"AE"} if "United Arab Emirates" in chart else set())
