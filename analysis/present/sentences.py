"""Sentences computed from the tables of the run, so that the text stays true when the data change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.compare.changes import Digest
from analysis.compare.narratives import FEW
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.present.bundles import Text
from analysis.present.words import SIDE_NAMES, capital, cite, count, day, listed, percent
from analysis.protocol import escape

OUTSIDE = (
    "Sanctions, arms lists (such as the ITAR) and investment screening lie outside this comparison. "
    "Nothing here is legal advice."
)


def verified(sides: Sequence[Side], as_of: str) -> Text:
    """Until when each regime was verified, wherever that is earlier than the day of the report."""
    late: dict[str, str] = {}
    for side in sides:
        for data in side.regimes:
            if data.meta.verified_until < as_of:
                late[data.meta.short] = data.meta.verified_until
    if not late:
        return Text("")
    parts = listed(f"{escape(name)} ({day(until)})" for name, until in late.items())
    return Text(
        f"The encodings were last verified before {day(as_of)}: {parts}. What happened since then may be missing."
    )


def coverage(table: pd.DataFrame, as_of: str) -> Text:
    """Per side: how many leaf technologies are listed, reached by a catch-all, checked without result, and blank."""
    lines = []
    for (_, label), part in table[table["leaf"]].groupby(["side", "side_label"], sort=False):
        tally = part["state"].value_counts()
        total = len(part)
        proposed = part["word"].eq("would be listed").any()
        verb = "would list" if proposed else "lists"
        words = [f"{verb} something of {count(int(tally.get('listed', 0)), 'technology', 'technologies')}"]
        if tally.get("catch-all", 0):
            words.append(f"names {count(int(tally['catch-all']), 'more', 'more')} in a catch-all")
        negative = int(tally.get("considered", 0) + tally.get("not-found", 0))
        if negative:
            words.append(f"was checked without result for {negative}")
        blank = int(tally.get("not-encoded", 0))
        tail = (
            f"; for {blank} ({percent(blank / total)}) nothing is encoded, which says nothing about the law"
            if blank
            else ""
        )
        lines.append(f"- **{escape(label)}**, of {total} technologies: {listed(words)}{tail}.")
    return Text(f"On {day(as_of)}:\n\n" + "\n".join(lines))


def answer(table: pd.DataFrame, technology: str, as_of: str, library: Library) -> Text:
    """The answer first: what each side lists of one technology."""
    top = table[table["technology"] == technology]
    label = _lower(str(top["label"].iloc[0]))
    parts = []
    for r in top.itertuples():
        name = escape(r.side_label)
        if r.state == "listed":
            verb = "would list" if r.word.startswith("would") else "lists"
            number = f"**{name}** {verb} {count(r.entries, 'entry', 'entries')}"
            if r.side.startswith("law-in:"):
                shares = {layer: sum(x.layer == layer for x in r.records if x.state == "listed") for layer in r.layers}
                names = {layer: library.regimes[layer].meta.short for layer in shares}
                number += f" ({listed(f'{n} through {escape(names[layer])}' for layer, n in shares.items())})"
            start = f"{'on or before' if r.censored else 'since'} {day(r.since)}"
            parts.append(f"{number}, the first {start}")
        elif r.state == "not-encoded":
            parts.append(f"for **{name}** nothing is encoded")
        else:
            parts.append(f"**{name}**: {escape(r.word)}")
    return Text(f"Of {escape(label)}, on {day(as_of)}: " + "; ".join(parts) + ".")


def layers(table: pd.DataFrame, technology: str, library: Library) -> Text:
    """For law in a place: what the national layer adds to the list that binds there anyway."""
    lines = []
    for r in table[(table["technology"] == technology) & table["side"].str.startswith("law-in:")].itertuples():
        national = [x for x in r.records if x.state == "listed" and not x.layer.startswith("eu-")]
        if national:
            what = listed(escape(library.control(x.layer, x.entry).label) for x in national[:6])
            more = f" and {len(national) - 6} more" if len(national) > 6 else ""
            lines.append(f"The national layer of {escape(_lower(r.side_label))} adds: {what}{more}.")
        elif r.state == "listed":
            lines.append(
                f"In {escape(_lower(r.side_label))} the national layer adds nothing to the EU list on that day."
            )
    return Text("\n\n".join(lines))


def first(table: pd.DataFrame) -> Text:
    """Who listed something of the most technologies first, counting only known starts."""
    exact = table[~table["censored"]]
    both = exact.groupby("technology").filter(lambda g: len(g) > 1)
    censored = int(table["censored"].sum())
    lines = []
    if len(both):
        leaders = both.sort_values(["date", "side"]).drop_duplicates("technology")
        ties = both.merge(leaders[["technology", "date"]], on=["technology", "date"])
        tied = ties.groupby("technology").size()
        clear = leaders[~leaders["technology"].isin(tied[tied > 1].index)]
        tally = clear["side_label"].value_counts()
        total = both["technology"].nunique()
        words = listed(f"{escape(name)} in {n}" for name, n in tally.items())
        if words:
            lines.append(
                f"For {count(total, 'technology', 'technologies')} at least two sides have a known start; the first was {words}."
            )
    if censored:
        lines.append(
            f"{capital(count(censored, 'starting date is', 'starting dates are'))} only known as “on or before”; "
            "nothing is said there about who was first."
        )
    return Text(" ".join(lines))


def catch_alls(table: pd.DataFrame) -> Text:
    """The general catch-alls, as a footnote to every cell."""
    if not len(table):
        return Text("")
    parts = []
    for label, part in table.groupby("side_label", sort=False):
        cites = "; ".join(
            f"@{r.instrument}, {escape(r.pinpoint)}" for r in part.drop_duplicates("pinpoint").itertuples()
        )
        parts.append(f"{escape(label)} [{cites}]")
    return Text(
        "Beside what is listed, general catch-all provisions could reach any technology for certain end uses or end users: "
        + "; ".join(parts)
        + "."
    )


def mechanisms(table: pd.DataFrame) -> Text:
    """Mechanisms that one side has in full and another lacks."""
    wide = table.pivot(index="mechanism", columns="side_label", values="extent")
    labels = dict(zip(table["mechanism"], table["label"], strict=True))
    lines = []
    for name in wide.columns:
        others = [c for c in wide.columns if c != name]
        alone = [
            m
            for m in wide.index
            if wide.loc[m, name] == "full" and all(wide.loc[m, o] in ("none", "not-found") for o in others)
        ]
        if alone:
            lines.append(
                f"Only {escape(name)} provides in full, while the others have none: {listed(_lower(labels[m]) for m in alone)}."
            )
    full = [m for m in wide.index if (wide.loc[m] == "full").all()]
    if full:
        lines.append(f"All sides provide in full: {listed(_lower(labels[m]) for m in full)}.")
    blank = int((table["extent"] == "not-encoded").sum())
    if blank:
        lines.append(f"{capital(count(blank, 'cell is', 'cells are'))} not encoded.")
    return Text("\n\n".join(lines))


def changes(digest: Digest, name: str, since: str, until: str) -> Text:
    """The digest of changes in one paragraph."""
    if not digest.any:
        text = f"Between {day(since)} and {day(until)} the encodings record no change in {escape(name)}."
    else:
        words = [
            count(n, f"entry {verb}", f"entries {verb}")
            for n, verb in (
                (digest.added, "added"),
                (digest.changed, "changed"),
                (digest.ended, "ended"),
                (digest.displaced, "taken over by another layer"),
                (digest.marked, "marked (stayed or not enforced)"),
            )
            if n
        ]
        text = f"Between {day(since)} and {day(until)} in {escape(name)}: {listed(words)}."
    if digest.unknown_before:
        text += (
            f" For {count(digest.unknown_before, 'other entry', 'other entries')} the state on {day(since)} is not encoded; "
            "whether they are new is not known and they are not counted."
        )
    return Text(text)


def pairs(table: pd.DataFrame, name_a: str, name_b: str) -> Text:
    """How the numbers of curated pairs compare."""
    if not len(table):
        return Text(f"No pair of entries of {escape(name_a)} and {escape(name_b)} is mapped here.")
    tally = table["verdict"].value_counts()
    words = {
        "equal": "draw the same line",
        "wider": f"are wider on the side of {escape(name_a)}",
        "narrower": f"are wider on the side of {escape(name_b)}",
        "overlapping": "overlap",
        "disjoint": "have nothing in common",
        "not-comparable": "cannot be compared by numbers",
        "cannot-say": "cannot be judged because a threshold is not encoded",
    }
    parts = [f"{n} {words[v]}" for v, n in tally.items()]
    return Text(f"Of {count(len(table), 'mapped pair', 'mapped pairs')}, {listed(parts)}.")


def reasons(groups: pd.DataFrame, key: str = "side", *, complete: bool = False) -> Text:
    """Counts of own justifications per side; shares only for complete sets."""
    lines = []
    for r in groups.to_dict("records"):
        if not r["justified"]:
            continue
        name = SIDE_NAMES.get(str(r[key]), str(r[key]))
        words = [
            f"{r[g]} {w}"
            for g, w in (
                ("security", "security"),
                ("human-rights", "human rights"),
                ("mixed", "both"),
                ("other", "other reasons"),
            )
            if r[g]
        ]
        few = " (fewer than five: read with care)" if r["justified"] < FEW else ""
        statements = count(int(r["justified"]), "statement", "statements")
        lines.append(f"- **{escape(name)}**: of {statements} with a reason, {listed(words)}{few}.")
    if not lines:
        return Text("No statement about this is encoded.")
    note = (
        ""
        if complete
        else "\n\nThese are picked statements, not a complete set: the counts illustrate and are no shares."
    )
    return Text("\n".join(lines) + note)


def mixed(statements: pd.DataFrame) -> Text:
    """Statements that name security and human rights at once."""
    part = statements[statements["narrow"] == "mixed"]
    if not len(part):
        return Text("No statement names security and human rights at once.")
    tally = part["side"].value_counts()
    who = listed(f"{SIDE_NAMES[s]} ({n})" for s, n in tally.items())
    first_, last = part.iloc[0], part.iloc[-1]
    how_many = capital(count(len(part), "statement names", "statements name"))
    return Text(
        f"{how_many} a security frame and a human-rights frame at once: {who}. "
        f"The earliest is of {day(first_['date'])} {cite(first_['document'], first_['pinpoint'])}, "
        f"the latest of {day(last['date'])} {cite(last['document'], last['pinpoint'])}."
    )


def evidence(grades: pd.Series, what: str = "entries") -> Text:
    """How well the facts shown are supported."""
    tally = grades[grades != ""].value_counts()
    total = int(tally.sum())
    if not total:
        return Text("")
    words = {
        "official": "compared with a copy of the official text",
        "secondary": "supported by a secondary source",
        "unverified": "not verified",
    }
    parts = [f"{tally[g]} {w}" for g, w in words.items() if g in tally]
    thin = ""
    if tally.get("unverified", 0):
        thin = " Evidence is thin where a † stands: check before relying on it."
    return Text(f"Of {total} {what} shown, {listed(parts)}.{thin}")


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def differences(table: pd.DataFrame) -> Text:
    """Leaf technologies that all sides list, that only one lists while the others were checked, and open ones."""
    leaves = table[table["leaf"]]
    wide = leaves.pivot(index="technology", columns="side_label", values="state")
    labels = dict(zip(leaves["technology"], leaves["label"], strict=True))
    positive = wide.isin(["listed", "catch-all"])
    checked = wide.isin(["considered", "not-found"])
    everywhere = [t for t in wide.index if positive.loc[t].all()]
    lines = [f"All sides reach something of {len(everywhere)} of {count(len(wide), 'technology', 'technologies')}."]
    for name in wide.columns:
        others = [c for c in wide.columns if c != name]
        alone = [t for t in wide.index if positive.loc[t, name] and checked.loc[t, others].all()]
        unsure = [
            t for t in wide.index if positive.loc[t, name] and not positive.loc[t, others].any() and t not in alone
        ]
        if alone:
            lines.append(
                f"Only {escape(name)} lists, and the others were searched without result: {_names(alone, labels)}."
            )
        if unsure:
            lines.append(
                f"{escape(name)} alone is known to reach {count(len(unsure), 'more', 'more')}, "
                f"but another side is not encoded there: {_names(unsure, labels)}."
            )
    return Text("\n\n".join(lines))


def gaps(table: pd.DataFrame, library: Library, *, full: bool = True) -> Text:
    """What was searched without result, and what is blank.

    With ``full`` each finding with its note and what was searched; else one line per side with the technologies.
    """
    leaves = table[table["leaf"]]
    lines = []
    if full:
        by_finding: dict[str, tuple[Any, list[str]]] = {}
        for r in leaves[leaves["state"].isin(["considered", "not-found"])].itertuples():
            by_finding.setdefault(r.records[0].record, (r, []))[1].append(r.side_label)
        for name, (r, labels) in by_finding.items():
            finding = library.regimes[r.layer].findings[name]
            searched = f" Searched: {escape('; '.join(finding.searched))}." if finding.searched else ""
            by = f" {cite(finding.by)}" if finding.by else ""
            who = listed(f"**{escape(x)}**" for x in labels)
            lines.append(f"- {who}, {escape(_lower(r.label))}: {escape(r.word)}. {escape(finding.note)}{searched}{by}")
    for (_, label), part in leaves.groupby(["side", "side_label"], sort=False):
        names = dict(zip(part["technology"], part["label"], strict=True))
        words = []
        for state, text in (("not-found", "searched and not found"), ("considered", "considered, no control followed")):
            mine = list(part[part["state"] == state]["technology"])
            if mine and not full:
                words.append(f"{text}: {_names(mine, names)}")
        blank = list(part[part["state"] == "not-encoded"]["technology"])
        if blank:
            words.append(f"nothing is encoded for {_names(blank, names)}")
        if words:
            lines.append(f"- **{escape(label)}**: {'; '.join(words)}.")
    return Text("\n".join(lines) or "Every technology here has an answer for every side.")


def change_list(library: Library, table: pd.DataFrame, most: int = 6) -> Text:
    """The changes of one regime as a list by instrument, newest first."""
    known = table[table["kind"] != "unknown-before"]
    known = known[known["instrument"] != ""]
    lines = []
    for (date, instrument), part in known.groupby(["date", "instrument"], sort=False):
        words = []
        for kind, verb in (
            ("added", "new"),
            ("changed", "changed"),
            ("ended", "ended"),
            ("displaced", "taken over by another layer"),
            ("marked", "marked as stayed or not enforced"),
        ):
            mine = part[part["kind"] == kind].drop_duplicates(["layer", "code"])
            if len(mine):
                names = _names(list(mine["code"]), dict(zip(mine["code"], mine["label"], strict=True)), 3)
                words.append(f"{len(mine)} {verb} ({names})")
        when = day(str(date)) if part["exact"].all() else f"On or before {day(str(date))}"
        lines.append((str(date), f"- {when} {cite(str(instrument))}: {'; '.join(words)}."))
    lines.sort(key=lambda x: x[0], reverse=True)
    shown = [text for _, text in lines[:most]]
    if len(lines) > most:
        shown.append(
            f"- {capital(count(len(lines) - most, 'earlier instrument', 'earlier instruments'))} in the report on changes."
        )
    return Text("\n".join(shown))


def positions(statements: pd.DataFrame, most: int = 6) -> Text:
    """The latest statements that argue for or against a control, one line each."""
    verbs = {"extend": "for control", "limit": "against or for less", "balance": "weighing", "relax": "easing"}
    part = statements[statements["stance"].isin(list(verbs))].tail(most)
    lines = [
        f"- {day(str(r.date))}, {escape(r.actor_name)} ({verbs[str(r.stance)]}): {escape(r.paraphrase)} "
        f"{cite(str(r.document), str(r.pinpoint))}"
        for r in part.iloc[::-1].itertuples()
    ]
    return Text("\n".join(lines) or "No position is encoded.")


def competence(sides: Sequence[Side]) -> Text:
    """Whose decision it is: the authority of each regime."""
    seen: dict[str, str] = {}
    for side in sides:
        for data in side.regimes:
            seen.setdefault(data.meta.name, data.meta.authority)
    return Text("\n".join(f"- {escape(name)}: {escape(authority)}." for name, authority in seen.items()))


def uncertain(sides: Sequence[Side], entries: pd.DataFrame, as_of: str) -> Text:
    """Thin evidence, unknown standings and the last day of verification, in plain lines."""
    lines = []
    late = verified(sides, as_of).markdown
    if late:
        lines.append(f"- {late}")
    if len(entries):
        weak = entries[entries["grade_text"] == "unverified"]
        if len(weak):
            names = listed(f"{escape(r.code)} ({escape(r.layer)})" for r in weak.head(8).itertuples())
            more = f" and {len(weak) - 8} more" if len(weak) > 8 else ""
            lines.append(f"- The text of {names}{more} was not compared with any source.")
        open_numbers = entries[entries["thresholds"].str.startswith("not encoded")]
        if len(open_numbers):
            lines.append(f"- For {count(len(open_numbers), 'entry', 'entries')} the numbers are not known.")
        marked = entries[entries["marks"] != ""]
        for r in marked.drop_duplicates("marks").itertuples():
            lines.append(f"- {escape(r.code)}: {escape(r.marks)}.")
    for side in sides:
        unknown = [x for x in side.listings if x.standing.status == "unknown"]
        if unknown:
            lines.append(f"- The state of {listed(escape(x.code) for x in unknown[:8])} is unknown.")
    return Text("\n".join(lines) or "Nothing shown here is marked as uncertain.")


def pending(table: pd.DataFrame) -> Text:
    """Open proposals and coming dates as a list."""
    lines = [
        f"- {day(str(r.date))}: {escape(r.what)} {cite(str(r.instrument))}" + (f". {escape(r.note)}" if r.note else ".")
        for r in table.itertuples()
    ]
    return Text("\n".join(lines).replace("..", ".") or "No open proposal and no coming date is encoded.")


def _names(ids: Sequence[str], labels: dict[str, str], most: int = 12) -> str:
    shown = [escape(_lower(labels[i])) for i in ids[:most]]
    if len(ids) > most:
        return f"{', '.join(shown)} and {len(ids) - most} more"
    return listed(shown)


def shift(table: pd.DataFrame, library: Library, cut: str) -> Text:
    """What each side's reasons were before and from a date on, from ``analysis.compare.reasons.periods``; counts only."""
    frames = library.vocabulary.frames
    lines = []
    for side, part in table.groupby("side", sort=False):
        by = {r.period: r for r in part.itertuples()}
        words = []
        for period, text in (("before", f"before {day(cut)}"), ("from", "since then")):
            r = by[period]
            if not r.statements:
                words.append(f"{text} no reason is on record")
                continue
            top = listed(f"{_lower(frames[f].label.en)} ({n})" for f, n in r.frames[:3])
            words.append(f"{text}, in {count(r.statements, 'statement', 'statements')}, most often {top}")
        lines.append(f"- **{escape(SIDE_NAMES.get(str(side), str(side)))}**: {'; '.join(words)}.")
    return Text("\n".join(lines) + "\n\nCounts of picked statements; they illustrate.") if lines else Text("")


def meeting(statements: pd.DataFrame, library: Library) -> Text:
    """Where the sides meet: frames that every side uses, and those that only one does."""
    frames = library.vocabulary.frames
    used: dict[str, set[str]] = {}
    for r in statements.itertuples():
        for frame in r.frames:
            used.setdefault(frame, set()).add(r.side)
    sides = set(statements["side"])
    if len(sides) < 2:
        return Text("")
    common = [_lower(frames[f].label.en) for f in frames if used.get(f) == sides]
    lines = [f"All sides give these reasons: {listed(common)}."] if common else ["No reason is given by all sides."]
    for side in sorted(sides):
        alone = [_lower(frames[f].label.en) for f in frames if used.get(f) == {side}]
        if alone:
            lines.append(f"Only {SIDE_NAMES.get(side, side)} is on record with: {listed(alone)}.")
    return Text(" ".join(lines))
