"""What an entry says, as text: its fields, its name in a sentence, lists with "and"."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.compare.thresholds import Measures
from analysis.encoding.forms import Authorisation, Control, LicenceRow, boxes
from analysis.encoding.timeline import State

#: Regimes as the first word of their entries.
_SHORT = {
    "us-ear": "US",
    "eu-dual-use": "EU",
    "nl-national": "Dutch",
    "de-national": "German",
    "uk-strategic": "UK",
    "wassenaar": "Wassenaar",
}


def short(layer: str) -> str:
    """A regime as the first word of its entries: "Dutch"; its id where it has no such word."""
    return _SHORT.get(layer, layer)


def name(layer: str, control: Control) -> str:
    """An entry in a sentence: "US 3B993.f.1"; by its label where the source gives no code."""
    return f"{short(layer)} {control.name if control.name == control.code else f'“{control.name}”'}"


def listed(words: Iterable[str]) -> str:
    """Different words in a sentence: "a, b and c"; "" for none."""
    every = list(dict.fromkeys(words))
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else "".join(every)


def shown(state: State, field: str, measures: Measures | None = None) -> str | None:
    """A field of a state as one line of text; None where the version leaves it unstated.

    With ``measures`` thresholds are said in words, else in the grammar of the files.
    """

    def box(conditions: list[str]) -> str:
        if measures is None:
            return " and ".join(conditions)
        return measures.phrases(measures.cell(boxes([conditions])[0]))

    if field == "thresholds":
        return None if state.thresholds is None else "; or ".join(box(b) for b in state.thresholds) or "no number"
    if field == "except":
        if state.except_ is None:
            return "" if state.thresholds is not None else None
        return "; ".join(f"{box(e.conditions)} ({e.pinpoint})" for e in state.except_)
    if field == "licence":
        return None if state.licence is None else "; ".join(licence_text(row) for row in state.licence)
    if field == "authorisations":
        return None if state.authorisations is None else "; ".join(authorisation_text(a) for a in state.authorisations)
    if field == "technologies":
        return ", ".join(sorted(state.technologies))
    if field == "scope":
        return state.scope
    value = getattr(state, field) if hasattr(state, field) else getattr(state.version, field)
    if value is None:
        return None
    return ", ".join(value) if isinstance(value, list) else str(value)


def threshold_text(state: State, measures: Measures) -> str:
    """Thresholds in words: alternatives joined by "or"; what notes take out comes last; "not encoded" where unknown."""
    numbers = shown(state, "thresholds", measures)
    if numbers is None:
        return "not encoded"
    taken = (
        f"; not: {measures.phrases(measures.cell(box))} ({note.pinpoint})"
        for note, box in zip(state.except_ or [], state.carved_out, strict=True)
    )
    return numbers + "".join(taken)


def licence_text(row: LicenceRow) -> str:
    """A licence row as the law names things: "NS to CN less A:5, case by case (742.4(a))"."""
    less = f" less {', '.join(row.less)}" if row.less else ""
    review = "" if row.review == "not-stated" else f", {row.review.replace('-', ' ')}"
    return f"{row.reason} to {', '.join(row.destinations)}{less}{review} ({row.pinpoint})"


def authorisation_text(one: Authorisation) -> str:
    """A licence exception or general authorisation: "NAC in part (its conditions)"."""
    word = {"yes": "available", "no": "not available", "partly": "in part"}[one.available]
    return f"{one.id} {word}" + (f" ({one.conditions})" if one.conditions else "")
