"""Scope: the entries of two or more sides for one technology, side by side, and what curated pairs say about them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.compare.changes import licence_text, shown
from analysis.compare.coverage import sides_of
from analysis.compare.thresholds import Measures, compare
from analysis.encoding.conditions import parse_condition
from analysis.encoding.forms import Mapping, grade_of
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, Side
from analysis.encoding.timeline import State

_ENTRY = (
    "side side_label layer code label scope thresholds except reasons origin licence authorisations since "
    "first start by pinpoint marks grade_text grade_thresholds grade_dates checked against technologies file"
).split()


def within(library: Library, technology: str) -> set[str]:
    """The node and everything below it."""
    return set(library.vocabulary.under(technology))


def about(library: Library, state: State, nodes: set[str]) -> bool:
    """Whether a state names one of ``nodes`` (aliases count)."""
    table = library.vocabulary.technologies
    return any(table.knows(t) and table.id_of(t) in nodes for t in state.technologies)


def entries(library: Library, sides: Sequence[str | Side], as_of: str, technology: str) -> pd.DataFrame:
    """One row per entry in force on the side's day that names ``technology`` or something below it.

    Columns: side, side_label, layer, code, label, scope, thresholds (text; "not encoded" where unknown), except, reasons,
    origin, licence, authorisations, since (start of the state), first (start of the first state), start, by, pinpoint, marks,
    grade_text, grade_thresholds, grade_dates, checked, against, technologies, file.
    """
    nodes = within(library, technology)
    measures = Measures(library.vocabulary.quantities)
    rows = []
    for side in sides_of(library, sides, as_of):
        for listing in side.listed:
            state = listing.standing.state
            assert state is not None
            if about(library, state, nodes):
                rows.append(_row(side, listing, state, measures))
    return pd.DataFrame(rows, columns=_ENTRY)


def _row(side: Side, listing: Listing, state: State, measures: Measures) -> dict[str, object]:
    newest = max((e for e in state.evidence if e.checked), key=lambda e: e.checked or "", default=None)
    return {
        "side": side.text,
        "side_label": side.label,
        "layer": listing.layer,
        "code": listing.code,
        "label": listing.control.label,
        "scope": state.scope or "",
        "thresholds": threshold_text(state, measures),
        "except": shown(state, "except") or "",
        "reasons": ", ".join(state.reasons or []),
        "origin": (state.origin or "not stated").replace("-", " "),
        "licence": "; ".join(licence_text(r) for r in state.licence or []),
        "authorisations": shown(state, "authorisations") or "",
        "since": state.from_,
        "first": listing.timeline.states[0].from_,
        "start": state.start,
        "by": state.by,
        "pinpoint": state.pinpoint,
        "marks": "; ".join(m.note for m in listing.standing.marks if m.kind != "beyond"),
        "grade_text": grade_of(state.evidence, "text"),
        "grade_thresholds": grade_of(state.evidence, "thresholds"),
        "grade_dates": grade_of(state.evidence, "dates"),
        "checked": newest.checked if newest else "",
        "against": newest.against if newest else "",
        "technologies": list(state.technologies),
        "file": listing.control.place,
    }


def threshold_text(state: State, measures: Measures) -> str:
    """Thresholds in words: alternatives joined by "or"; what notes take out comes last."""
    if state.boxes is None:
        return "not encoded"
    if not state.boxes:
        text = "no number"
    else:
        text = "; or ".join(measures.phrases(measures.cell(box)) for box in state.boxes)
    for exception in state.except_ or []:
        box = tuple(parse_condition(c) for c in exception.conditions)
        text += f"; not: {measures.phrases(measures.cell(box))} ({exception.pinpoint})"
    return text


def holds(mapping: Mapping, as_of: str) -> bool:
    return (mapping.from_ is None or mapping.from_ <= as_of) and (mapping.until is None or as_of <= mapping.until)


def pairs(library: Library, a: str | Side, b: str | Side, as_of: str, technology: str | None = None) -> pd.DataFrame:
    """Curated pairs of two sides: relation, threshold verdict, and what else differs.

    Columns: layer_a, code_a, label_a, layer_b, code_b, label_b, relation (read from A to B), reason, verdict, sentence,
    reasons_a, reasons_b, origin_a, origin_b, first_a, first_b, start_a, start_b, grade, file. Both entries must be in force on
    the day; with ``technology`` one of them must name it.
    """
    side_a, side_b = sides_of(library, [a, b], as_of)
    measures = Measures(library.vocabulary.quantities)
    nodes = within(library, technology) if technology else None
    mine = {(x.layer, x.code): x for x in side_a.listed}
    theirs = {(x.layer, x.code): x for x in side_b.listed}
    mirror = {"broadMatch": "narrowMatch", "narrowMatch": "broadMatch"}
    rows = []
    for mapping in library.mappings:
        if not holds(mapping, as_of):
            continue
        left, right = (mapping.a.regime, mapping.a.code), (mapping.b.regime, mapping.b.code)
        relation: str = mapping.relation
        if left in theirs and right in mine and not (left in mine and right in theirs):
            left, right, relation = right, left, mirror.get(relation, relation)
        if left not in mine or right not in theirs:
            continue
        x, y = mine[left], theirs[right]
        state_x, state_y = x.standing.state, y.standing.state
        assert state_x is not None and state_y is not None
        if nodes is not None and not (about(library, state_x, nodes) or about(library, state_y, nodes)):
            continue
        verdict = compare(measures.state(state_x, _name(x)), measures.state(state_y, _name(y)), measures)
        rows.append(
            {
                "layer_a": left[0],
                "code_a": left[1],
                "label_a": x.control.label,
                "layer_b": right[0],
                "code_b": right[1],
                "label_b": y.control.label,
                "relation": relation,
                "reason": mapping.reason,
                "verdict": verdict.verdict,
                "sentence": verdict.sentence,
                "reasons_a": ", ".join(state_x.reasons or []),
                "reasons_b": ", ".join(state_y.reasons or []),
                "origin_a": state_x.origin or "",
                "origin_b": state_y.origin or "",
                "first_a": x.timeline.states[0].from_,
                "first_b": y.timeline.states[0].from_,
                "start_a": x.timeline.states[0].start,
                "start_b": y.timeline.states[0].start,
                "grade": max(
                    (grade_of(s.evidence, "thresholds") for s in (state_x, state_y)),
                    key=("official", "secondary", "unverified").index,
                ),
                "file": mapping.place,
            }
        )
    columns = (
        "layer_a code_a label_a layer_b code_b label_b relation reason verdict sentence reasons_a reasons_b origin_a origin_b "
        "first_a first_b start_a start_b grade file"
    )
    return pd.DataFrame(rows, columns=columns.split())


def _name(listing: Listing) -> str:
    short = {"us-ear": "US", "eu-dual-use": "EU", "nl-national": "Dutch", "de-national": "German", "uk-strategic": "UK"}
    return f"{short.get(listing.layer, listing.layer)} {listing.code}"


def unpaired(table: pd.DataFrame, pairs_: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``entries`` that no curated pair of the same comparison names: what only one side has, or is unmapped."""
    paired = set(zip(pairs_["layer_a"], pairs_["code_a"], strict=True)) | set(
        zip(pairs_["layer_b"], pairs_["code_b"], strict=True)
    )
    if not len(table):
        return table
    return table[[(layer, code) not in paired for layer, code in zip(table["layer"], table["code"], strict=True)]]
