"""Lead and lag: when each of two sides listed the same item, who was first, and what the dates cannot tell.

An item is a curated pair of entries. Where both state numbers, a side lists the item from the first day on which its
entry (or the entry from which the range was moved) caught everything that both catch in the end. Where numbers cannot
tell (none are stated, or an older version measured something else), it counts from the first version of the entry.

What is *not* leadership is kept apart: carrying out a decision of a regime to which both belong (``implementation``). What
is not known stays out of medians: a first version that only says "on or before" is left-censored, an item that the
other side does not list on the day is right-censored. The regimes of one place (the Union and the Netherlands) do not
act independently of each other; such comparisons are marked.

Waiting times until the other side follows are estimated with the product-limit estimator of E. L. Kaplan and P. Meier,
"Nonparametric Estimation from Incomplete Observations", Journal of the American Statistical Association 53 (1958) 457.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.compare.boxes import Cell, meet
from analysis.compare.coverage import sides_of
from analysis.compare.scope import about, oriented, within
from analysis.compare.spans import Move, Span, covers, moves, net, plain, quantities, side_lives, spans
from analysis.compare.thresholds import Measures
from analysis.encoding.forms import GRADES, Mapping, grade_of
from analysis.encoding.library import Library
from analysis.encoding.sides import Side, resolve
from analysis.encoding.timeline import Timeline

Basis = Literal["effective", "published", "adopted"]
#: Bases of comparison, and how each is said.
BASES: dict[Basis, str] = {"effective": "effect", "published": "publication", "adopted": "adoption"}
MULTILATERAL = frozenset({"wassenaar", "australia-group", "mtcr", "nsg", "cwc"})
#: Kinds of item; see ``cases``.
KINDS = ("alone", "with-few", "implementation", "mixed", "unknown")
#: Relations that say that two entries are about one item.
SAME = frozenset({"exactMatch", "closeMatch", "broadMatch", "narrowMatch"})
_STRENGTH = ("exactMatch", "closeMatch", "narrowMatch", "broadMatch")
_ENDS = "layer code label listed exact via instrument adopted published effective origin grade".split()
_COLUMNS = [
    "item",
    *(f"{name}_{end}" for end in "ab" for name in _ENDS),
    *(
        "relation technologies topic kind first days_effective days_published days_adopted at_least censoring basis "
        "independent counts file"
    ).split(),
]


@dataclass(frozen=True)
class Listing:
    """When a side listed an item.

    ``date`` is the day of effect ("" when it never did, as known on the day asked for); ``exact`` is False where the first
    version only says "on or before". ``via`` is the code under which it stood first; ``published`` and ``adopted`` are the
    dates of the instrument that listed it (None where not known to the day, and where the start is not exact). ``measured``
    is False where that version measured other quantities, so that only the entry says that it is the same item.
    """

    date: str
    exact: bool
    via: str
    instrument: str
    adopted: str | None
    published: str | None
    origin: str
    grade: str
    measured: bool = True


_NEVER = Listing("", True, "", "", None, None, "", "")


class Firsts:
    """First listings of the entries of one side, as known on its day."""

    def __init__(self, side: Side, measures: Measures):
        self.library, self.as_of, self.measures = side.library, side.as_of, measures
        self.lives: dict[tuple[str, str], Timeline] = {(r, x.control.code): x for r, x in side_lives(side)}
        self.moved: dict[tuple[str, str], list[Move]] = {}
        for layer in side.layers:
            for move in moves(self.library, layer, measures) if side.only is None else ():
                if move.date <= side.as_of:
                    self.moved.setdefault((layer, move.code_to), []).append(move)
        self._spans: dict[tuple[str, str], list[Span]] = {}

    def spans(self, key: tuple[str, str]) -> list[Span]:
        if key not in self._spans:
            self._spans[key] = spans(self.lives[key], self.as_of) if key in self.lives else []
        return self._spans[key]

    def last_set(self, key: tuple[str, str], at: str = "9999-12-31") -> list[Cell] | None:
        """The numbers of the newest listed state by ``at``; None where they are not encoded or the entry was never listed."""
        found = [s for s in self.spans(key) if s.from_ <= at] or self.spans(key)[:1]
        return net(found[-1].state, self.measures) if found else None

    def first(self, key: tuple[str, str], cells: Sequence[Cell] | None = None) -> Listing:
        """The first listing of the entry; with ``cells`` of what they hold (all of it), also under an older code."""
        return self._first(key, cells, frozenset())

    def _first(self, key: tuple[str, str], cells: Sequence[Cell] | None, seen: frozenset[tuple[str, str]]) -> Listing:
        made = _NEVER
        for span in self.spans(key):
            now = net(span.state, self.measures) if cells else None
            measured = bool(cells and now and quantities(now) & quantities(cells))
            if cells and now is not None and measured and not covers(now, cells, self.measures):
                continue
            made = self._listing(key[1], span, measured or not cells)
            break
        for move in self.moved.get(key, ()):
            older = (move.regime, move.code_from)
            if older in seen or (made.date and move.date > made.date):
                continue
            wanted = list(cells) if cells else list(move.cells)
            if not covers(move.cells, wanted, self.measures):
                continue
            before = self._first(older, wanted, seen | {key})
            if before.date and (not made.date or before.date < made.date):
                made = before
        return made

    def _listing(self, code: str, span: Span, measured: bool) -> Listing:
        state = span.state
        exact = state.start == "exact"
        instrument = self.library.instrument(state.by)
        return Listing(
            span.from_,
            exact,
            code,
            state.by,
            _full(instrument.dates.adopted) if exact else None,
            _full(instrument.dates.published) if exact else None,
            state.origin or "",
            grade_of(state.evidence, "dates"),
            measured,
        )


def _full(date: str | None) -> str | None:
    return date if date and len(date) == 10 else None


def days_between(first: str | None, second: str | None) -> int | None:
    """Days from ``first`` to ``second``; None where one is not known."""
    if not first or not second:
        return None
    return (datetime.date.fromisoformat(second) - datetime.date.fromisoformat(first)).days


def independent(library: Library, a: str, b: str) -> bool:
    """Whether two regimes act on their own: not the same one, and no place where both bind together."""
    return a != b and not any({a, b} <= set(j.regimes) for j in library.vocabulary.jurisdictions.values())


def cases(
    library: Library,
    a: str | Side,
    b: str | Side,
    as_of: str,
    technology: str | None = None,
    *,
    related: bool = False,
    searched: bool = True,
) -> pd.DataFrame:
    """One row per item: when each side listed it, who was first, and by how many days.

    Items are curated pairs of the two sides (``relatedMatch`` only with ``related``), whether or not they hold on the day,
    of which at least one entry was listed by then; and with ``searched`` also entries of one side that no pair joins to the
    other, where findings say that the other side was searched for all their technologies without result (see
    ``unmatched``; ``code`` and ``relation`` are "" there). With ``technology`` an entry of the item must name it.

    Columns: item (running number); for each side (``..._a``, ``..._b``) layer, code, label, listed (day of effect; "" where it
    is not listed by ``as_of``), exact (False: on or before that day), via (code under which the range stood first), instrument,
    adopted, published, effective (dates of the first listing; None where unknown or not exact), origin, grade (evidence for
    dates); relation; technologies; topic (top of the technology tree); kind (``implementation``: both carry out a
    regime's decision; ``alone`` or ``with-few``: the first mover did so unilaterally or with a few like-minded states;
    ``mixed``: partly a regime's item; ``unknown``: the order or the origin is not known); first ("a", "b", "same" or "" where
    unknown); days_effective, days_published, days_adopted (days by which A came before B, negative where B was first; None
    where one of the dates is not exact or missing); at_least (days by which the first was ahead at the least, where only
    that is known); censoring (``none``, ``left``, ``right``, ``left+right``); basis (what "the same item" rests on:
    ``numbers``, ``entry``, or the id of the finding); independent (False for regimes of one place); counts (False where an
    entry has another counterpart that is closer, or as close and listed earlier: a case, but in no statistics twice); file.
    """
    side_a, side_b = sides_of(library, [a, b], as_of)
    measures = Measures(library.vocabulary.quantities)
    ones, twos = Firsts(side_a, measures), Firsts(side_b, measures)
    nodes = within(library, technology) if technology else None
    rows = []
    for mapping in library.mappings:
        left, right, relation = oriented(mapping, ones.lives, twos.lives)
        if left not in ones.lives or right not in twos.lives or (relation not in SAME and not related):
            continue
        newest = [s[-1].state for s in (ones.spans(left), twos.spans(right)) if s]
        if not newest or (nodes is not None and not any(about(library, s, nodes) for s in newest)):
            continue
        rows.append(_case(library, ones, twos, left, right, relation, mapping, as_of))
    if searched:
        for end, mine, other in (("a", side_a, side_b), ("b", side_b, side_a)):
            alone = unmatched(library, mine, other, as_of, technology)
            firsts = ones if end == "a" else twos
            for r in alone[alone["checked"].astype(bool)].to_dict("records"):
                rows.append(
                    _alone(library, firsts, end, (r["layer"], r["code"]), other.layers[-1], r["finding"], as_of)
                )
    table = pd.DataFrame(rows, columns=_COLUMNS, dtype=object)
    if len(table):
        table = table.drop_duplicates(["layer_a", "code_a", "layer_b", "code_b"], keep="last")
        table = _order(table).reset_index(drop=True)
        table["item"] = range(1, len(table) + 1)
        table["counts"] = _counted(table)
    return table


def _case(
    library: Library,
    ones: Firsts,
    twos: Firsts,
    left: tuple[str, str],
    right: tuple[str, str],
    relation: str,
    mapping: Mapping,
    as_of: str,
) -> dict[str, object]:
    measures = ones.measures
    # A pair that held only for a time is about what the entries caught then.
    at = mapping.until or as_of
    set_a, set_b = ones.last_set(left, at), twos.last_set(right, at)
    cells: list[Cell] | None = None
    if set_a and set_b and quantities(set_a) & quantities(set_b):
        space = measures.space(quantities([*set_a, *set_b]))
        cells = plain(meet(space, set_a, set_b), measures) or None
    x, y = ones.first(left, cells), twos.first(right, cells)
    row: dict[str, object] = {"item": 0, "relation": relation, "file": mapping.place, "counts": True}
    technologies: list[str] = []
    for end, key, firsts, found in (("a", left, ones, x), ("b", right, twos, y)):
        newest = firsts.spans(key)
        if newest:
            technologies += newest[-1].state.technologies
        row |= _end(end, key, firsts.lives[key].control.label, found)
    row["technologies"], row["topic"] = _technologies(library, technologies)
    row |= _ahead(x, y, as_of)
    row["kind"] = _kind(x, y, str(row["first"]))
    row["basis"] = "numbers" if cells and x.measured and y.measured else "entry"
    row["independent"] = independent(library, left[0], right[0])
    return row


def _alone(
    library: Library, firsts: Firsts, end: str, key: tuple[str, str], layer: str, finding: str, as_of: str
) -> dict[str, object]:
    """An item that the other side was searched for without result."""
    control, found = firsts.lives[key].control, firsts.first(key)
    other = "b" if end == "a" else "a"
    row: dict[str, object] = {"item": 0, "relation": "", "file": control.place, "counts": True, "basis": finding}
    row |= _end(end, key, control.label, found) | _end(other, (layer, ""), "", _NEVER)
    row["technologies"], row["topic"] = _technologies(library, firsts.spans(key)[-1].state.technologies)
    pair = (found, _NEVER) if end == "a" else (_NEVER, found)
    row |= _ahead(*pair, as_of)
    row["kind"] = _kind(*pair, str(row["first"]))
    row["independent"] = independent(library, key[0], layer)
    return row


def _end(end: str, key: tuple[str, str], label: str, found: Listing) -> dict[str, object]:
    values: dict[str, object] = {
        "layer": key[0],
        "code": key[1],
        "label": label,
        "listed": found.date,
        "exact": found.exact,
        "via": found.via,
        "instrument": found.instrument,
        "adopted": found.adopted,
        "published": found.published,
        "effective": found.date if found.date and found.exact else None,
        "origin": found.origin,
        "grade": found.grade,
    }
    return {f"{name}_{end}": value for name, value in values.items()}


def _technologies(library: Library, names: Iterable[str]) -> tuple[list[str], str]:
    """Ids of the technologies, and the top of the tree under which most of them stand."""
    words = library.vocabulary
    ids = words.nodes(names)
    tops = [[t, *words.above(t)][-1] for t in ids]
    return ids, max(dict.fromkeys(tops), key=tops.count, default="")


def _ahead(x: Listing, y: Listing, as_of: str) -> dict[str, object]:
    """Who was first and by how much, as far as the dates tell."""
    made: dict[str, object] = dict.fromkeys((*(f"days_{basis}" for basis in BASES), "at_least"))
    left = not x.exact or not y.exact
    right = not x.date or not y.date
    made["censoring"] = "left+right" if left and right else "left" if left else "right" if right else "none"
    if right:
        lister, end = (x, "a") if x.date else (y, "b")
        made["first"] = end
        made["at_least"] = days_between(lister.date, as_of)
    elif not left:
        for basis, one, two in (
            ("effective", x.date, y.date),
            ("published", x.published, y.published),
            ("adopted", x.adopted, y.adopted),
        ):
            made[f"days_{basis}"] = days_between(one, two)
        made["first"] = "same" if x.date == y.date else "a" if x.date < y.date else "b"
    elif not x.exact and y.exact and x.date < y.date:  # at the latest on a day before the other's
        made["first"], made["at_least"] = "a", days_between(x.date, y.date)
    elif not y.exact and x.exact and y.date < x.date:
        made["first"], made["at_least"] = "b", days_between(y.date, x.date)
    else:
        made["first"] = ""
    return made


def _kind(x: Listing, y: Listing, first: str) -> str:
    there = [one.origin for one in (x, y) if one.date]
    if not all(there):
        return "unknown"
    if all(origin in MULTILATERAL for origin in there):
        return "implementation"
    if "mixed" in there:
        return "mixed"
    leaders = {"a": [x], "b": [y], "same": [x, y]}.get(first, [])
    origins = {one.origin for one in leaders}
    if not origins or origins & MULTILATERAL:
        return "unknown" if not origins else "mixed"
    return "alone" if "unilateral" in origins else "with-few"


def _order(table: pd.DataFrame) -> pd.DataFrame:
    """By kind, then by the first listing."""
    first = [
        min(d for d in (x, y) if d) if x or y else "" for x, y in zip(table["listed_a"], table["listed_b"], strict=True)
    ]
    rank = table["kind"].map({k: n for n, k in enumerate(KINDS)})
    ordered = table.assign(_first=first, _kind=rank)
    ordered = ordered.sort_values(["_kind", "_first", "layer_a", "code_a", "layer_b", "code_b"], kind="stable")
    return ordered.drop(columns=["_first", "_kind"])


def _counted(table: pd.DataFrame) -> list[bool]:
    """Whether a pair is, for both its entries, the closest counterpart (then the one listed first, then by code)."""
    best: dict[tuple[str, str, str], tuple[object, ...]] = {}
    keys = []
    for r in table.to_dict("records"):
        strength = _STRENGTH.index(r["relation"]) if r["relation"] in _STRENGTH else len(_STRENGTH)
        for_a = (strength, r["listed_b"] or "9999", r["layer_b"], r["code_b"])
        for_b = (strength, r["listed_a"] or "9999", r["layer_a"], r["code_a"])
        # An item that one side lacks stands for itself.
        entry_a = ("a", r["layer_a"], r["code_a"] or f"no counterpart of {r['code_b']}")
        entry_b = ("b", r["layer_b"], r["code_b"] or f"no counterpart of {r['code_a']}")
        keys.append((entry_a, for_a, entry_b, for_b))
        for entry, rank in ((entry_a, for_a), (entry_b, for_b)):
            best[entry] = min(best.get(entry, rank), rank)
    return [best[entry_a] == for_a and best[entry_b] == for_b for entry_a, for_a, entry_b, for_b in keys]


# -- statistics ------------------------------------------------------------------------------------------------


def summary(table: pd.DataFrame, by: Basis = "effective") -> pd.DataFrame:
    """Counts and medians by kind of item, over cases that count.

    Columns: kind, items, a_first, b_first, same_day, order_unknown, left (left-censored), right (right-censored; an item may be
    both), n (with both days known), median (days by which A came first, negative where B did; over those n only; None for
    none), lowest, highest, instruments (distinct pairs of instruments among those n: paragraphs listed together are not
    independent), not_independent (items of regimes of one place).
    """
    rows = []
    counted = table[table["counts"].astype(bool)] if len(table) else table
    for kind in KINDS:
        part = counted[counted["kind"] == kind]
        if not len(part):
            continue
        known = part[part["censoring"] == "none"]
        days = [int(d) for d in known[f"days_{by}"] if d is not None and not pd.isna(d)]
        dated = known[known[f"days_{by}"].notna()]
        rows.append(
            {
                "kind": kind,
                "items": len(part),
                "a_first": int((part["first"] == "a").sum()),
                "b_first": int((part["first"] == "b").sum()),
                "same_day": int((part["first"] == "same").sum()),
                "order_unknown": int((part["first"] == "").sum()),
                "left": int(part["censoring"].str.contains("left").sum()),
                "right": int(part["censoring"].str.contains("right").sum()),
                "n": len(days),
                "median": float(np.median(days)) if days else None,
                "lowest": min(days, default=None),
                "highest": max(days, default=None),
                "instruments": len(dated[["instrument_a", "instrument_b"]].drop_duplicates()),
                "not_independent": int((~part["independent"].astype(bool)).sum()),
            }
        )
    columns = "kind items a_first b_first same_day order_unknown left right n median lowest highest instruments not_independent"
    return pd.DataFrame(rows, columns=columns.split(), dtype=object)


_HEAD = (
    "published_a adopted_a published_b adopted_b first days_effective days_published days_adopted censoring"
).split()


def by_instruments(table: pd.DataFrame) -> pd.DataFrame:
    """Cases grouped by the two instruments and days of listing: paragraphs that one rule listed together are one event.

    Columns: kind, topic, layer_a, instrument_a, listed_a, exact_a, layer_b, instrument_b, listed_b, exact_b, published_a,
    adopted_a, published_b, adopted_b, first, days_effective, days_published, days_adopted, censoring, items (number of
    cases), codes_a, codes_b (lists), labels (list), independent, grade (weakest evidence of dates).
    """
    keys = "kind topic layer_a instrument_a listed_a exact_a layer_b instrument_b listed_b exact_b".split()
    rows = []
    if len(table):
        for values, part in table.groupby(keys, sort=False):
            head = part.iloc[0]
            row = dict(zip(keys, values, strict=True))
            row |= {k: head[k] for k in _HEAD}
            row |= {
                "items": len(part),
                "codes_a": sorted(set(part["code_a"])),
                "codes_b": sorted(set(part["code_b"])),
                "labels": list(dict.fromkeys(a or b for a, b in zip(part["label_a"], part["label_b"], strict=True))),
                "independent": bool(head["independent"]),
                "grade": max((g for g in (*part["grade_a"], *part["grade_b"]) if g), key=GRADES.index, default=""),
            }
            rows.append(row)
    columns = [
        *keys,
        *_HEAD,
        *"items codes_a codes_b labels independent grade".split(),
    ]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def waiting(
    table: pd.DataFrame, leader: Literal["a", "b"], as_of: str, kinds: Iterable[str] | None = None
) -> pd.DataFrame:
    """How long the other side took to list what ``leader`` listed first: durations for ``kaplan_meier``.

    Only cases that count and whose first listing is known to the day; a follower whose start is only known as "on or before"
    has no known duration and is left out. Columns: item, code, date (first listing), days (to the listing by the other
    side, or to ``as_of``), followed (False: not by ``as_of``, right-censored).
    """
    follower = "b" if leader == "a" else "a"
    rows = []
    for r in table.to_dict("records"):
        if not r["counts"] or (kinds is not None and r["kind"] not in set(kinds)):
            continue
        start, end = r[f"effective_{leader}"], r[f"effective_{follower}"]
        if not start or (r[f"listed_{follower}"] and not end) or r["first"] not in (leader, "same"):
            continue
        days = days_between(start, end or as_of)
        rows.append(
            {"item": r["item"], "code": r[f"code_{leader}"], "date": start, "days": days, "followed": bool(end)}
        )
    return pd.DataFrame(rows, columns="item code date days followed".split())


def kaplan_meier(days: Sequence[float], followed: Sequence[bool]) -> pd.DataFrame:
    """The product-limit estimate of the share not yet listed by the other side.

    ``days`` are durations (0 or more), ``followed`` whether each ended with a listing (False: right-censored; it is at risk up
    to and including its last day). Columns: days, at_risk, events, censored, share (estimate just after that day), error
    (Greenwood's standard error). The first row is day 0 with share 1 unless something happened then. Raises ValueError
    where the two differ in length or a duration is negative.
    """
    if len(days) != len(followed):
        raise ValueError(f"{len(days)} durations with {len(followed)} marks; give one mark per duration")
    if any(d < 0 for d in days):
        raise ValueError("a duration is negative; count days from the first listing")
    rows: list[tuple[float, int, int, int, float, float]] = []
    share, spread = 1.0, 0.0
    times = sorted(set(days))
    if not times or times[0] > 0:
        rows.append((0, len(days), 0, 0, 1.0, 0.0))
    for time in times:
        at_risk = sum(d >= time for d in days)
        events = sum(d == time and f for d, f in zip(days, followed, strict=True))
        censored = sum(d == time and not f for d, f in zip(days, followed, strict=True))
        share *= 1 - events / at_risk
        if events and at_risk > events:
            spread += events / (at_risk * (at_risk - events))
        rows.append((time, at_risk, events, censored, share, share * float(np.sqrt(spread))))
    return pd.DataFrame(rows, columns="days at_risk events censored share error".split())


def half_time(curve: pd.DataFrame) -> float | None:
    """The first day on which the estimate is one half or less; None where it never falls that far."""
    low = curve[curve["share"] <= 0.5]
    return float(low["days"].iloc[0]) if len(low) else None


def unmatched(
    library: Library, a: str | Side, b: str | Side, as_of: str, technology: str | None = None
) -> pd.DataFrame:
    """Entries of A in force on the day that no curated pair joins to B, and whether B is known not to list such a thing.

    Columns: layer, code, label, listed (first listing), exact, instrument, origin, technologies, checked (True where findings
    of B say "not found" or "considered" for each technology of the entry or one above it, and neither B nor another
    regime of its place lists anything of that: a right-censored item; False: nobody has judged, so nothing follows),
    finding (id of the first of them).
    """
    side_a, side_b = sides_of(library, [a, b], as_of)
    measures = Measures(library.vocabulary.quantities)
    firsts = Firsts(side_a, measures)
    paired = {key for m in library.mappings for key in (m.a.key, m.b.key) if _joins(m, side_a, side_b)}
    nodes = within(library, technology) if technology else None
    vocabulary = library.vocabulary
    # What binds in the same place counts: a national list does not repeat the Union's.
    places = {r for j in vocabulary.jurisdictions.values() if set(side_b.layers) & set(j.regimes) for r in j.regimes}
    everywhere = [x for r in sorted(places - set(side_b.layers)) for x in resolve(library, r, as_of).listed]
    there = {n for x in (*side_b.listed, *everywhere) for n in x.state.technologies}
    negative = {
        vocabulary.technologies.id_of(f.technology): f.id
        for f in side_b.findings()
        if f.technology
        and f.finding in ("not-found", "considered")
        and vocabulary.technologies.knows(f.technology)
        and not there & within(library, f.technology)  # a finding about one text does not undo what is listed
    }
    rows = []
    for listing in side_a.listed:
        if listing.key in paired or (nodes is not None and not about(library, listing.state, nodes)):
            continue
        names = vocabulary.nodes(listing.state.technologies)
        by_name = [next((negative[n] for n in (t, *vocabulary.above(t)) if n in negative), "") for t in names]
        findings = by_name if by_name and all(by_name) else []
        found = firsts.first(listing.key)
        rows.append(
            {
                "layer": listing.layer,
                "code": listing.code,
                "label": listing.control.label,
                "listed": found.date,
                "exact": found.exact,
                "instrument": found.instrument,
                "origin": found.origin,
                "technologies": names,
                "checked": bool(findings),
                "finding": findings[0] if findings else "",
            }
        )
    return pd.DataFrame(
        rows, columns="layer code label listed exact instrument origin technologies checked finding".split()
    )


def _joins(mapping: Mapping, a: Side, b: Side) -> bool:
    one, two = mapping.a.regime, mapping.b.regime
    return (one in a.layers and two in b.layers) or (two in a.layers and one in b.layers)
