"""How an item ran on two sides: dated steps, and after each of them what both sides' entries together catch.

Entries that curated pairs join, or between which a range of numbers moved, make one item. Each step says who did what by
which instrument; the verdict after a day compares all entries of one side that stood then with all of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.compare.coverage import sides_of
from analysis.compare.leadlag import SAME, Firsts
from analysis.compare.scope import about, oriented, within
from analysis.compare.spans import Move, Span
from analysis.compare.thresholds import Measures, ThresholdSet, compare
from analysis.compare.wording import listed, name, short, shown, threshold_text
from analysis.encoding.forms import grade_of, holds
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.encoding.timeline import State, day_after, day_before

#: An entry on one side: "a" or "b", layer, code.
Node = tuple[str, str, str]
#: Items with more entries on a side than this are taken apart along their weaker relations.
WIDEST = 8
_COLUMNS = (
    "group title mapped date exact side layer code kind text instrument pinpoint grade grade_numbers verdict sentence codes_a "
    "codes_b"
).split()
_SUBSTANCE = ("thresholds", "except", "licence", "reasons", "authorisations")
_WORDS = {
    "thresholds": "numbers",
    "except": "carve-outs",
    "licence": "licence rows",
    "reasons": "reasons for control",
    "authorisations": "exceptions",
}


@dataclass
class _Step:
    date: str
    node: Node
    kind: str
    text: str
    exact: bool = True
    instrument: str = ""
    pinpoint: str = ""
    grade: str = ""
    grade_numbers: str = ""


def course(library: Library, a: str | Side, b: str | Side, as_of: str, technology: str | None = None) -> pd.DataFrame:
    """One row per step of every item that changed on a known day, by item and date.

    Columns: group (number of the item), title, mapped (False: an entry without a counterpart that no longer stands), date,
    exact (False: on or before), side ("a" or "b"), layer, code, kind (``listed``, ``changed``, ``moved``, ``displaced``,
    ``ended``, ``unknown``, ``marked``), text, instrument, pinpoint, grade (evidence for the date), grade_numbers (for
    the numbers in the text; "" where it has none), verdict and sentence
    (of A against B after that day, all entries of the item together; ``only-a``, ``only-b`` and ``neither`` where a side
    lists nothing), codes_a and codes_b (entries that stood after that day).
    """
    side_a, side_b = sides_of(library, [a, b], as_of)
    measures = Measures(library.vocabulary.quantities)
    firsts = {"a": Firsts(side_a, measures), "b": Firsts(side_b, measures)}
    nodes = within(library, technology) if technology else None
    rows: list[dict[str, object]] = []
    number = 0
    for members, mapped in _items(library, firsts):
        states = [s.state for m in members for s in firsts[m[0]].spans(m[1:])]
        if not states or (nodes is not None and not any(about(library, s, nodes) for s in states)):
            continue
        if not mapped and all(_stands(firsts, m) for m in members):
            continue
        steps = [s for m in members for s in _steps(library, firsts, m, measures)]
        if not any(s.exact for s in steps) or (mapped and len(steps) < 2):
            continue
        number += 1
        made = _rows(firsts, members, steps, measures)
        title = _title(firsts, members)
        rows += [{"group": number, "title": title, "mapped": mapped, **row} for row in made]
    return pd.DataFrame(rows, columns=_COLUMNS, dtype=object)


def _stands(firsts: Mapping[str, Firsts], node: Node) -> bool:
    found = firsts[node[0]].spans(node[1:])
    return bool(found) and found[-1].until is None


def _items(library: Library, firsts: Mapping[str, Firsts]) -> list[tuple[list[Node], bool]]:
    """Entries that belong together, with whether a curated pair joins them; alone: what nothing joins."""
    strong: list[tuple[Node, Node]] = []
    weak: list[tuple[Node, Node]] = []
    for mapping in library.mappings:
        left, right, relation = oriented(mapping, firsts["a"].lives, firsts["b"].lives)
        if left in firsts["a"].lives and right in firsts["b"].lives and relation in SAME:
            edge: tuple[Node, Node] = (("a", *left), ("b", *right))
            (strong if relation in ("exactMatch", "closeMatch") else weak).append(edge)
    shifts = [
        ((end, m.regime, m.code_from), (end, m.regime, m.code_to))
        for end, one in firsts.items()
        for found in one.moved.values()
        for m in found
    ]
    every = [(end, *key) for end, one in firsts.items() for key in one.lives]
    made: list[tuple[list[Node], bool]] = []
    for members in _joined(every, [*strong, *weak, *shifts]):
        if _width(members) > WIDEST:
            inner = [e for e in (*strong, *shifts) if e[0] in set(members)]
            parts = _joined(members, inner)
        else:
            parts = [members]
        made += [(part, len({m[0] for m in part}) == 2) for part in parts if _width(part) <= 3 * WIDEST]
    return made


def _width(members: Sequence[Node]) -> int:
    return max(sum(m[0] == end for m in members) for end in "ab")


def _joined(nodes: Iterable[Node], edges: Iterable[tuple[Node, Node]]) -> list[list[Node]]:
    """Connected parts, in the order of their first node."""
    order = {node: n for n, node in enumerate(nodes)}
    parent = {node: node for node in order}

    def top(node: Node) -> Node:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, two in edges:
        if one in parent and two in parent:
            first, second = sorted((top(one), top(two)), key=order.__getitem__)
            parent[second] = first
    parts: dict[Node, list[Node]] = {}
    for node in order:
        parts.setdefault(top(node), []).append(node)
    return list(parts.values())


def _steps(library: Library, firsts: Mapping[str, Firsts], node: Node, measures: Measures) -> list[_Step]:
    """What happened to one entry."""
    end, layer, code = node
    one = firsts[end]
    called = _called(one, node)
    moved_in = {m.date: m for m in one.moved.get((layer, code), ())}
    moved_out = {m.date: m for found in one.moved.values() for m in found if (m.regime, m.code_from) == (layer, code)}
    steps: list[_Step] = []
    previous: Span | None = None
    for span in one.spans((layer, code)):
        state = span.state
        source = {
            "exact": state.start == "exact",
            "instrument": state.by,
            "pinpoint": state.pinpoint,
            "grade": grade_of(state.evidence, "dates"),
            "grade_numbers": grade_of(state.evidence, "thresholds") if state.thresholds else "",
        }
        numbers = threshold_text(state, measures)
        follows = previous is not None and previous.until == day_before(span.from_)
        if not follows:
            move = moved_in.get(span.from_)
            if move:
                text = f"{called} takes over from {move.code_from}: {numbers}"
                steps.append(_Step(span.from_, node, "moved", text, **source))  # type: ignore[arg-type]
            else:
                control = one.lives[layer, code].control
                label = f" ({control.label})" if control.name == code else ""
                again = "stands again" if previous else "begins"
                text = f"{called}{label} {again}: {numbers}"
                steps.append(_Step(span.from_, node, "listed", text, **source))  # type: ignore[arg-type]
        elif previous is not None:
            fields = _changed(previous.state, state)
            only_moved = fields == ["thresholds"] and span.from_ in moved_out
            if fields and not only_moved:
                text = f"{called} changes its {listed(_WORDS[f] for f in fields)}"
                if "thresholds" in fields:
                    text += f": {numbers}"
                else:
                    source["grade_numbers"] = ""
                steps.append(_Step(span.from_, node, "changed", text, **source))  # type: ignore[arg-type]
        steps += _marks(library, one, node, span)
        if span.until and span.ending in ("displaced", "ended", "unknown"):
            steps.append(_ending(library, one, node, span, numbers))
        previous = span
    return steps


def _called(one: Firsts, node: Node) -> str:
    return name(node[1], one.lives[node[1:]].control)


def _changed(old: State, new: State) -> list[str]:
    pairs = [(f, shown(old, f), shown(new, f)) for f in _SUBSTANCE]
    return [f for f, before, after in pairs if before is not None and after is not None and before != after]


def _ending(library: Library, one: Firsts, node: Node, span: Span, numbers: str) -> _Step:
    assert span.until is not None
    called, date = _called(one, node), day_after(span.until)
    stood = one.spans(node[1:])[0]
    start = "" if stood.state.start == "exact" else "on or before "
    was = f"it stood from {start}{stood.from_} to {span.until} and read at the end: {numbers}"
    words = {
        "displaced": f"{called} is displaced by another list of the same place; {was}",
        "ended": f"{called} ends; {was}",
        "unknown": f"what became of {called} is not known; {was}",
    }
    text = words[span.ending]
    effects = one.lives[node[1:]].effects
    note = next((e.note for by, e in effects if by == span.cause and e.from_ == date and e.note), "")
    if note:
        text += f" ({note})"
    grade = grade_of(library.instrument(span.cause).evidence, "dates") if span.cause else ""
    numbers_grade = grade_of(span.state.evidence, "thresholds") if span.state.thresholds else ""
    return _Step(date, node, span.ending, text, True, span.cause, "", grade, numbers_grade)


def _marks(library: Library, one: Firsts, node: Node, span: Span) -> list[_Step]:
    """Stays and non-enforcement that began while the state stood."""
    life = one.lives[node[1:]]
    found: list[_Step] = []
    last = min(span.until or one.as_of, one.as_of)
    for day in sorted(
        {e.from_ for _, e in life.effects if e.kind in ("stays", "not-enforced") and span.from_ <= e.from_ <= last}
    ):
        for mark in life.at(day).marks:
            if mark.kind in ("stays", "not-enforced") and mark.from_ == day:
                grade = grade_of(library.instrument(mark.by).evidence, "dates")
                text = f"{_called(one, node)}: {mark.note}"
                found.append(_Step(day, node, "marked", text, True, mark.by, "", grade))
    return found


def _rows(
    firsts: Mapping[str, Firsts], members: Sequence[Node], steps: Sequence[_Step], measures: Measures
) -> list[dict[str, object]]:
    order = {m: n for n, m in enumerate(members)}
    kinds = ("displaced", "ended", "unknown", "changed", "listed", "moved", "marked")
    rows: list[dict[str, object]] = []
    for date in sorted({s.date for s in steps}):
        verdict, sentence, standing = _verdict(firsts, members, date, measures)
        today = sorted((s for s in steps if s.date == date), key=lambda s: (kinds.index(s.kind), order[s.node]))
        for step in today:
            rows.append(
                {
                    "date": date,
                    "exact": step.exact,
                    "side": step.node[0],
                    "layer": step.node[1],
                    "code": step.node[2],
                    "kind": step.kind,
                    "text": step.text,
                    "instrument": step.instrument,
                    "pinpoint": step.pinpoint,
                    "grade": step.grade,
                    "grade_numbers": step.grade_numbers,
                    "verdict": verdict,
                    "sentence": sentence,
                    "codes_a": standing["a"],
                    "codes_b": standing["b"],
                }
            )
    return rows


def _verdict(
    firsts: Mapping[str, Firsts], members: Sequence[Node], date: str, measures: Measures
) -> tuple[str, str, dict[str, list[str]]]:
    """The entries of both sides that stand on a day, all together against all together."""
    there: dict[str, list[tuple[Node, State]]] = {"a": [], "b": []}
    for node in members:
        for span in firsts[node[0]].spans(node[1:]):
            if holds(span, date):
                there[node[0]].append((node, span.state))
    standing = {end: [node[2] for node, _ in found] for end, found in there.items()}
    names = {end: _together(firsts[end], found) for end, found in there.items() if found}
    if not there["a"] or not there["b"]:
        if not there["a"] and not there["b"]:
            return "neither", "Neither side lists it any more.", standing
        end = "a" if there["a"] else "b"
        return f"only-{end}", f"Only {names[end]} takes it.", standing
    sets = {}
    for end, found in there.items():
        each = [measures.state(state, _called(firsts[end], node)) for node, state in found]
        if len(each) > 1 and any(s.cells is not None and not s.quantities for s in each):
            why = f"Part of {names[end]} states no number; the described scope decides."
            return "not-comparable", why, standing
        sets[end] = each[0] if len(each) == 1 else measures.together(names[end], each)
    said = compare(_named(sets["a"], names["a"]), _named(sets["b"], names["b"]), measures)
    return said.verdict, said.sentence, standing


def _named(given: ThresholdSet, name: str) -> ThresholdSet:
    return replace(given, name=name, many=False)


def _together(one: Firsts, found: Sequence[tuple[Node, State]]) -> str:
    """The entries of one side as one name: "US 3B001.f.1.b with 3B993.f.1"."""
    names = [_called(one, node) for node, _ in found]
    layers = list(dict.fromkeys(short(node[1]) for node, _ in found))
    if len(names) > 3:
        return f"the {' and '.join(layers)} list in {len(names)} entries"
    if len(layers) == 1:
        names = [names[0], *(n.removeprefix(f"{layers[0]} ") for n in names[1:])]
    return " with ".join([names[0], " and ".join(names[1:])]) if len(names) > 1 else names[0]


def _title(firsts: Mapping[str, Firsts], members: Sequence[Node]) -> str:
    names = [_called(firsts[m[0]], m) for m in members]
    label = firsts[members[0][0]].lives[members[0][1:]].control.label
    shown_names = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    return f"{label}: {', '.join(shown_names)}"


__all__ = ["Move", "course"]
