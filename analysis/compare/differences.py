"""Beside the numbers: how two entries differ in reasons for control, licences, exceptions, origin and who is bound.

What one version does not state is unknown and is said to be so; it is never counted as a difference.
"""

from __future__ import annotations

from analysis.compare.wording import listed, short
from analysis.encoding.forms import LicenceRow
from analysis.encoding.library import Library
from analysis.encoding.timeline import State

#: What is compared, in the order of a report.
FIELDS = ("reasons", "licence", "authorisations", "origin", "binds")
#: Laws that state no reason for control per entry.
WITHOUT_REASONS = frozenset({"eu-dual-use", "nl-national", "de-national"})
_ORIGINS = {
    "wassenaar": "a decision of the Wassenaar Arrangement",
    "australia-group": "a decision of the Australia Group",
    "mtcr": "a decision of the Missile Technology Control Regime",
    "nsg": "a decision of the Nuclear Suppliers Group",
    "cwc": "the Chemical Weapons Convention",
    "plurilateral": "agreed among like-minded states",
    "unilateral": "its own",
    "mixed": "partly a decision of a regime, partly its own",
}


_BOUND = {
    "foreign-made": "makers of foreign-made items",
    "us-person": "US persons",
    "technical-assistance-provider": "who gives technical assistance",
}


def differences(library: Library, layer_a: str, a: State, layer_b: str, b: State) -> dict[str, str]:
    """A sentence per field of ``FIELDS`` in which the two states differ or one does not say; fields that agree are left out."""
    one, two = short(layer_a), short(layer_b)
    if one == two:
        one, two = f"{one} (first)", f"{two} (second)"
    made = {
        "reasons": _sides(
            "Reasons for control",
            one,
            _reasons(layer_a, a),
            two,
            _reasons(layer_b, b),
            set(a.reasons or ()),
            set(b.reasons or ()),
        ),
        "licence": _sides("Licence needed", one, _licence(library, a), two, _licence(library, b), _rows(a), _rows(b)),
        "authorisations": _sides("Exceptions", one, _exceptions(a), two, _exceptions(b), _offers(a), _offers(b)),
        "origin": _sides(
            "Origin", one, _ORIGINS.get(a.origin or "", ""), two, _ORIGINS.get(b.origin or "", ""), a.origin, b.origin
        ),
        "binds": _sides(
            "Who is bound", one, _binds(a), two, _binds(b), set(a.version.binds or ()), set(b.version.binds or ())
        ),
    }
    return {field: text for field, text in made.items() if text}


def _sides(what: str, one: str, text_a: str, two: str, text_b: str, value_a: object, value_b: object) -> str:
    if (value_a == value_b and (text_a or text_b) and text_a == text_b) or not (text_a or text_b):
        return ""
    return f"{what}: {one} {text_a or 'not stated here'}; {two} {text_b or 'not stated here'}."


def _reasons(layer: str, state: State) -> str:
    if state.reasons:
        return ", ".join(state.reasons)
    return "states none per entry" if layer in WITHOUT_REASONS else ""


def _licence(library: Library, state: State) -> str:
    if state.licence is None:
        return ""
    if not state.licence:
        return "no licence"
    return "; ".join(licence_words(library, row) for row in state.licence)


def licence_words(library: Library, row: LicenceRow) -> str:
    """A licence row in words: reason, destinations, review (without the pinpoint)."""
    where = listed([destination_words(library, d) for d in row.destinations])
    less = f" except {listed([destination_words(library, d) for d in row.less])}" if row.less else ""
    review = "" if row.review == "not-stated" else f" ({row.review.replace('-', ' ')})"
    reason = f" for {row.reason}" if row.reason.isupper() else ""
    return f"to {where}{less}{reason}{review}"


def destination_words(library: Library, name: str) -> str:
    """A destination as it reads in a sentence."""
    table = library.vocabulary.destinations
    if not table.knows(name):
        return name
    record = table[name]
    if record.kind == "country":
        return record.label.en
    if record.kind == "chart-column":
        return f"column {record.id} of the country chart"
    if record.kind == "group":
        return f"Country Group {record.id}"
    return record.label.en[:1].lower() + record.label.en[1:]


def _rows(state: State) -> object:
    return (
        None
        if state.licence is None
        else {(r.reason, tuple(r.destinations), tuple(r.less), r.review) for r in state.licence}
    )


def _exceptions(state: State) -> str:
    if state.authorisations is None:
        return ""
    words = {"yes": "", "no": " not available", "partly": " in part"}
    shown = [f"{one.id}{words[one.available]}" for one in state.authorisations if one.id != "none"]
    return ", ".join(shown) or "none"


def _offers(state: State) -> object:
    return None if state.authorisations is None else {(one.id, one.available) for one in state.authorisations}


def _binds(state: State) -> str:
    return ", ".join(_BOUND.get(word, word) for word in state.version.binds or ())
