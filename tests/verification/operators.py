"""The words beside a number: whether they say "less than", "or more", "at least"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis.encoding.conditions import Condition

from .numbers import Reading, standing

_MORE = r"greater|more|higher|larger|longer|above|wider|beyond"
_LESS = r"less|lower|smaller|shorter|fewer|below"
#: Words before a number and the operators that they can mean; the first that fits counts.
_BEFORE: list[tuple[re.Pattern[str], tuple[str, ...]]] = [
    (re.compile(pattern + r" ?(?:approximately |about )?$"), meant)
    for pattern, meant in [
        (r"(?:not|never) (?:exceed\w*|more than|greater than|above|over|higher than)", ("<=",)),
        (r"no (?:more|greater|higher|larger) than", ("<=",)),
        (r"(?:not|no) (?:less|lower|fewer|smaller) than", (">=",)),
        (
            rf"(?:(?:{_MORE}) than or equal to|equal to or (?:{_MORE}|exceeding)(?: than)?|equals or exceeds|at or above)",
            (">=",),
        ),
        (rf"(?:(?:{_LESS}) than or equal to|equal to or (?:{_LESS})(?: than)?|at or below)", ("<=",)),
        (r"(?:equal to or better(?: than)?)", ("<=", ">=")),
        (r"at least", (">=",)),
        (r"(?:up to(?: and including)?|at most)", ("<=", "<")),
        (
            r"(?:exceed(?:ing|s)?|in excess of|beyond|(?:greater|more|higher|larger|longer|wider) than|above|over)",
            (">",),
        ),
        (r"(?:(?:less|lower|smaller|shorter|fewer|narrower) than|below|under)", ("<",)),
    ]
]
_AFTER = re.compile(rf"[^;,a-z]{{0,4}}[^;,]{{0,22}}?\b(?:or|and) (?P<word>{_MORE}|{_LESS}|better)\b")
#: Between a number and "or more" stands its unit, and no other thing that is counted.
_ELSEWHERE = re.compile(r"\b(?:at|along|for|in|on|with|one|two|to|and|from|of|but|having|when|per layer)\b|[0-9]")


def _meant(reading: Reading) -> tuple[str, ...]:
    """The operators that the words around a number can mean; () when there are none."""
    after = _AFTER.match(reading.after.lower())
    if after and not _ELSEWHERE.search(after[0][: after.start("word")]):
        if after["word"] == "better":
            return ("<=", ">=")
        return (">=",) if re.fullmatch(_MORE, after["word"]) else ("<=",)
    before = re.sub(r" ?\((?:better|less|lower|higher|greater|worse|finer|faster)\)", "", reading.before.lower())
    return next((meant for pattern, meant in _BEFORE if pattern.search(before)), ())


def contradicts(
    condition: Condition, canonical: str, texts: Iterable[str], decimal: str, unitless: bool = False
) -> str:
    """What the text says beside the number, when none of it fits the operator; "" when it fits or says nothing."""
    said = [(_meant(r), r) for r in standing(condition, canonical, texts, decimal, unitless)]
    if not any(meant for meant, _ in said) or any(condition.operator in meant for meant, _ in said):
        return ""
    return "; ".join(dict.fromkeys(f"…{r.before[-40:]}#{r.after[:30]}…" for meant, r in said if meant))
