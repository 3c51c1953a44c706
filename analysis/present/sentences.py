"""Sentences computed from the tables of the run, so that the text stays true when the data change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from analysis.compare.changes import Digest
from analysis.compare.coverage import NEGATIVE
from analysis.compare.narratives import FEW
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.present.bundles import Text
from analysis.present.citations import told
from analysis.present.words import SIDE_NAMES, STANCES, capital, cite, count, day, listed, percent, source
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


def coverage(table: pd.DataFrame, as_of: str, library: Library) -> Text:
    """Per side: how many leaf technologies are listed, reached by a catch-all, checked without result, and blank."""
    lines = []
    for (_, label), part in table[table["leaf"]].groupby(["side", "side_label"], sort=False):
        tally = part["state"].value_counts()
        total = len(part)
        verb = "would be listed" if part["word"].eq("would be listed").any() else "is listed"
        words = [f"something {verb} in {int(tally.get('listed', 0))}"]
        if tally.get("catch-all", 0):
            words.append(f"a catch-all names {tally['catch-all']} more")
        negative = int(tally.get("considered", 0) + tally.get("not-found", 0))
        if negative:
            words.append(f"{negative} were checked without result")
        tail = f". {_blank(part, total, library)}" if tally.get("not-encoded", 0) else ""
        lines.append(f"- **{escape(label)}**, of {total} technologies: {listed(words)}{tail}.")
    return Text(f"On {day(as_of)}:\n\n" + "\n".join(lines))


def _blank(part: pd.DataFrame, total: int, library: Library) -> str:
    """What is not encoded; where one layer of a place was searched and another is open, that is said."""
    blank = part[part["state"] == "not-encoded"]
    share = percent(len(blank) / total)
    text = f"{capital(count(len(blank), 'is', 'are'))} not encoded ({share}), which says nothing about the law"
    half: dict[str, int] = {}
    for records in blank["records"]:
        for layer in {r.layer for r in records if r.state in NEGATIVE}:
            half[layer] = half.get(layer, 0) + 1
    for layer, n in half.items():
        name = escape(library.regimes[layer].meta.short)
        text += f"; for {n} of them {name} was searched without result and only the national layer is open"
    return text


def answer(table: pd.DataFrame, technology: str, as_of: str, library: Library) -> Text:
    """The answer first: what each side lists of one technology."""
    top = table[table["technology"] == technology]
    label = _lower(str(top["label"].iloc[0]))
    parts = []
    for r in top.itertuples():
        name = escape(r.side_label)
        if r.state == "listed":
            verb = "would list" if r.word.startswith("would") else "lists"
            number = f"**{name}** {verb} {r.entries} {'entry' if r.entries == 1 else 'entries'}"
            if r.side.startswith("law-in:"):
                shares = {layer: sum(x.layer == layer for x in r.records if x.state == "listed") for layer in r.layers}
                names = {layer: library.regimes[layer].meta.short for layer in shares}
                number += f" ({listed(f'{n} through {escape(names[layer])}' for layer, n in shares.items())})"
            start = f"since {day(r.since)}{' or before' if r.censored else ''}"
            parts.append(f"{number}, the oldest of them {start}")
        elif r.state == "not-encoded":
            parts.append(f"for **{name}** nothing is encoded")
        else:
            parts.append(f"**{name}**: {escape(r.word)}")
    return Text(f"In force for {escape(label)} on {day(as_of)}: " + "; ".join(parts) + ".")


def layers(table: pd.DataFrame, technology: str, library: Library) -> Text:
    """For law in a place: what the national layer adds to the list that binds there anyway."""
    lines = []
    for r in table[(table["technology"] == technology) & table["side"].str.startswith("law-in:")].itertuples():
        national = [x for x in r.records if x.state == "listed" and not x.layer.startswith("eu-")]
        if national:
            names = {x.record: library.control(x.layer, x.entry).label for x in national}
            lines.append(
                f"The national layer of {escape(_lower(r.side_label))} adds to the EU list: {_names(list(names), names, 6)}."
            )
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
            shared = total - len(clear)
            rest = f"; in {shared} the first sides began on one day" if shared else ""
            technologies = count(total, "technology", "technologies")
            lines.append(f"For {technologies} two sides or more have a known start; the first was {words}{rest}.")
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
        by: dict[str, list[str]] = {}
        for r in part.drop_duplicates("pinpoint").itertuples():
            by.setdefault(str(r.instrument), []).append(str(r.pinpoint))
        cites = "; ".join(source(name, "; ".join(pins)) for name, pins in by.items())
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
                f"**{escape(name)}** alone provides in full what the others lack: {_several(labels[m] for m in alone)}."
            )
    full = [m for m in wide.index if (wide.loc[m] == "full").all()]
    if full:
        lines.append(f"All sides provide in full: {_several(labels[m] for m in full)}.")
    for name in wide.columns:
        fuller = [m for m in wide.index if wide.loc[m, name] == "full" and (wide.loc[m] == "full").sum() == 1]
        fuller = [m for m in fuller if (wide.loc[m].drop(name) == "partial").any()]
        if fuller:
            several = _several(labels[m] for m in fuller)
            lines.append(f"**{escape(name)}** alone provides in full what another side provides in part: {several}.")
    same = {name: wide.columns.drop(name) for name in wide.columns if len(wide.columns) > 2}
    for name, others in same.items():
        less = [m for m in wide.index if wide.loc[m, name] != "full" and (wide.loc[m, others] == "full").all()]
        if less:
            lines.append(f"Every side but **{escape(name)}** provides in full: {_several(labels[m] for m in less)}.")
    blank = int((table["extent"] == "not-encoded").sum())
    if blank:
        lines.append(f"{capital(count(blank, 'cell is', 'cells are'))} not encoded.")
    return Text("\n\n".join(lines))


def changes(digest: Digest, name: str, since: str, until: str = "") -> Text:
    """The digest of changes in one paragraph; without ``until`` up to the day of the document."""
    span = f"after {day(since)}" + (f" and up to {day(until)}" if until else "")
    words = [
        f"{n} {verb}"
        for n, verb in (
            (digest.added, "added"),
            (digest.changed, "changed"),
            (digest.ended, "ended"),
            (digest.displaced, "taken over by another list"),
            (digest.marked, "stayed or not enforced"),
        )
        if n
    ]
    what = f"entries {listed(words)}" if words else "no change is encoded"
    text = f"**{escape(name)}**, {span}: {what}."
    if digest.unknown_before:
        text += (
            f" {capital(count(digest.unknown_before, 'other entry is', 'other entries are'))} not counted: their state on "
            f"{day(since)} is not encoded, so they may be new or old."
        )
    return Text(text)


def pairs(table: pd.DataFrame, name_a: str, name_b: str) -> Text:
    """How the numbers of curated pairs compare."""
    if not len(table):
        return Text(f"No pair of entries of {escape(name_a)} and {escape(name_b)} is mapped here.")
    tally = table["verdict"].value_counts()
    a, b = escape(name_a), escape(name_b)
    words = {
        "equal": ("draws the same line", "draw the same line"),
        "wider": (f"is wider on the side of {a}", f"are wider on the side of {a}"),
        "narrower": (f"is wider on the side of {b}", f"are wider on the side of {b}"),
        "overlapping": ("overlaps", "overlap"),
        "disjoint": ("has nothing in common", "have nothing in common"),
        "not-comparable": ("cannot be compared by numbers", "cannot be compared by numbers"),
        "cannot-say": ("cannot be judged because a threshold is not encoded",) * 2,
    }
    known = [v for v in words if v in tally]
    if len(table) == 1:
        return Text(f"{a} and {b}: the one mapped pair {words[known[0]][0]}.")
    parts = [f"{tally[v]} {words[v][int(tally[v] > 1)]}" for v in known]
    return Text(f"{a} and {b}: of {len(table)} mapped pairs {listed(parts)}.")


def narrowly(library: Library) -> str:
    """What counting security narrowly leaves to the other reasons."""
    frames = library.vocabulary.frames
    out = [f.label.en for f in frames.values() if f.group == "security" and not f.narrow]
    return f"Security is counted narrowly: {_several(out)} count as other reasons." if out else ""


def reasons(groups: pd.DataFrame, library: Library, key: str = "side", *, complete: bool = False) -> Text:
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
                ("other", "other reason" if r["other"] == 1 else "other reasons"),
            )
            if r[g]
        ]
        few = " (fewer than five: read with care)" if r["justified"] < FEW else ""
        statements = count(int(r["justified"]), "statement", "statements")
        lines.append(f"- **{escape(name)}**, {statements} with a reason: {listed(words)}{few}.")
    if not lines:
        return Text("No statement about this is encoded.")
    notes = [narrowly(library)]
    if not complete:
        notes.append("These are picked statements, not a complete set: the counts illustrate and are no shares.")
    return Text("\n".join(lines) + "\n\n" + " ".join(n for n in notes if n))


def mixed(statements: pd.DataFrame, *, cited: bool = True) -> Text:
    """Statements that name security and human rights at once; ``cited`` gives the earliest and the latest."""
    part = statements[statements["narrow"] == "mixed"]
    if not len(part):
        return Text("No statement names security and human rights at once.")
    tally = part["side"].value_counts()
    first_, last = part.iloc[0], part.iloc[-1]
    if len(part) == 1:
        return Text(
            f"One statement names security and human rights at once: {SIDE_NAMES[first_['side']]}, {day(first_['date'])} "
            f"{cite(first_['document'], first_['pinpoint'])}."
        )
    who = listed(f"{SIDE_NAMES[s]} ({n})" for s, n in tally.items())
    words = f"{capital(count(len(part), '', 'statements'))} name security and human rights at once: {who}."
    if not cited:
        return Text(words)
    return Text(
        f"{words} The earliest is of {day(first_['date'])} {cite(first_['document'], first_['pinpoint'])}, "
        f"the latest of {day(last['date'])} {cite(last['document'], last['pinpoint'])}."
    )


def evidence(grades: pd.Series, what: str = "entries", *, marked: bool = True) -> Text:
    """How well the facts shown are supported; ``marked`` where the marks stand beside them."""
    tally = grades[grades != ""].value_counts()
    total = int(tally.sum())
    if not total:
        return Text("")
    words = {
        "official": ("was compared", "were compared", "with a copy of the official text"),
        "secondary": ("rests", "rest", "on a secondary source"),
        "unverified": ("is not verified", "are not verified", ""),
    }
    parts = []
    for grade, (one, many, tail) in words.items():
        if grade in tally:
            parts.append(f"{tally[grade]} {one if tally[grade] == 1 else many} {tail}".strip())
    thin = ""
    if marked and tally.get("unverified", 0):
        thin = " Evidence is thin where a † stands: check before relying on it."
    return Text(f"Of {total} {what} shown, {listed(parts)}.{thin}")


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def differences(table: pd.DataFrame) -> Text:
    """Which leaf technologies all sides reach, which only some do, and whether the others were searched or are blank."""
    leaves = table[table["leaf"]]
    wide = leaves.pivot(index="technology", columns="side_label", values="state")
    wide = wide[list(dict.fromkeys(leaves["side_label"]))]
    labels = dict(zip(leaves["technology"], leaves["label"], strict=True))
    positive = wide.isin(["listed", "catch-all"])
    checked = wide.isin(["considered", "not-found"])
    everywhere = int(positive.all(axis=1).sum())
    lines = [f"- **All sides** reach something of {everywhere} of {len(wide)} technologies."]
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for t in wide.index:
        who = tuple(n for n in wide.columns if positive.loc[t, n])
        others = [n for n in wide.columns if n not in who]
        if who and others:
            groups.setdefault((who, bool(checked.loc[t, others].all())), []).append(t)
    order = sorted(groups, key=lambda k: (len(k[0]), [list(wide.columns).index(n) for n in k[0]], not k[1]))
    for who, sure in order:
        others = [n for n in wide.columns if n not in who]
        found = groups[who, sure]
        searched = f"{listed(escape(o) for o in others)} searched without result"
        rest = searched if sure else "not everything of another side is encoded"
        lines.append(
            f"- **{listed(escape(n) for n in who)}** only ({rest}): {len(found)}, namely {_names(found, labels)}."
        )
    nobody = wide.index[~positive.any(axis=1)]
    if len(nobody):
        searched_all = int(checked.loc[nobody].all(axis=1).sum())
        known = f"; {searched_all} of them were searched without result on every side" if searched_all else ""
        lines.append(f"- **No side** is known to reach {len(nobody)}{known}.")
    return Text("\n".join(lines))


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
        half: dict[tuple[str, ...], list[str]] = {}
        for r in part[part["state"] == "not-encoded"].itertuples():
            searched_ = tuple(sorted({x.layer for x in r.records if x.state in NEGATIVE}))
            half.setdefault(searched_, []).append(r.technology)
        for layers_, mine in half.items():
            where = listed(escape(library.regimes[x].meta.short) for x in layers_)
            text = f"not found in {where}, the national layer not encoded" if layers_ else "nothing is encoded"
            words.append(f"{text}: {_names(mine, names)}")
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
            ("displaced", "taken over by another list"),
            ("marked", "stayed or not enforced"),
        ):
            mine = part[part["kind"] == kind].drop_duplicates(["layer", "code"])
            if len(mine):
                names = _names(list(mine["code"]), dict(zip(mine["code"], mine["label"], strict=True)), 3)
                ours = ", by our reading" if kind == "displaced" and our_reading(library, str(instrument)) else ""
                words.append(f"{len(mine)} {verb}{ours} ({names})")
        when = day(str(date)) if part["exact"].all() else f"On or before {day(str(date))}"
        lines.append((str(date), f"- {when}: {'; '.join(words)}. {cite(str(instrument))}"))
    lines.sort(key=lambda x: x[0], reverse=True)
    shown = [text for _, text in lines[:most]]
    if len(lines) > most:
        shown.append(
            f"- {capital(count(len(lines) - most, 'earlier instrument', 'earlier instruments'))} in the report on changes."
        )
    return Text("\n".join(shown))


def our_reading(library: Library, instrument: str) -> bool:
    """Whether what an instrument does to others is our reading and not said by a text."""
    return any("our reading" in (e.note or "") for e in library.instrument(instrument).effects)


def rules(table: pd.DataFrame, most: int = 3) -> Text:
    """Provisions that name the technology and began in the period, newest first: from ``Workbench.rules``."""
    if not len(table):
        return Text("")
    lines = [
        f"- {day(str(r.date))}, {escape(str(r.layer_label))}, {escape(_lower(str(r.label)))}: "
        f"{escape(_sentence(str(r.summary)))} {cite(str(r.instrument), str(r.pinpoint))}"
        for r in table.iloc[::-1].head(most).itertuples()
    ]
    more = f" (the latest of {len(table)})" if len(table) > most else ""
    return Text(f"Beside the lists, provisions that name the technology began to apply{more}:\n\n" + "\n".join(lines))


def positions(statements: pd.DataFrame, most: int = 6, *, each: int = 2) -> Text:
    """The latest statements that argue for or against a control, one line each; at most ``each`` of one actor.

    Units of complete sets (recitals of every list update) are left out: they stand in the tables of sets.
    """
    part = statements[statements["stance"].isin(list(STANCES)) & (statements["stance"] != "describe")]
    part = part[(part["set"] == "") & (part["kind"] == "justification")]
    part = part.groupby("actor", sort=False).tail(each).tail(most)
    lines = []
    for r in part.iloc[::-1].itertuples():
        voice = "" if r.voice == "own" else f", {r.voice}"
        lines.append(
            f"- {day(str(r.date))}, {escape(r.actor_name)} ({STANCES[str(r.stance)]}{voice}): {escape(r.paraphrase)} "
            f"{cite(str(r.document), str(r.pinpoint))}"
        )
    return Text("\n".join(lines) or "No position is encoded.")


def competence(sides: Sequence[Side]) -> Text:
    """Whose decision it is: the authority of each regime, and the provision that lets it or its states list alone."""
    seen: dict[str, str] = {}
    for side in sides:
        for data in side.regimes:
            powers = [
                p
                for p in side.provisions()
                if p.regime == data.id and p.mechanism == "national-list" and p.extent == "full" and not p.technologies
            ]
            powers.sort(key=lambda p: (p.from_, p.id))
            power = (
                f" {escape(_sentence(powers[0].summary))} {cite(powers[0].instrument, powers[0].pinpoint)}"
                if powers
                else ""
            )
            seen.setdefault(data.meta.name, f"- {escape(data.meta.name)}: {escape(data.meta.authority)}.{power}")
    return Text("\n".join(seen.values()))


def _sentence(text: str) -> str:
    """The first sentence of a summary."""
    return text.split(". ")[0].rstrip(".") + "."


def uncertain(sides: Sequence[Side], entries: pd.DataFrame, as_of: str, library: Library) -> Text:
    """Thin evidence, unknown standings and the last day of verification, in plain lines."""
    lines = []
    late = verified(sides, as_of).markdown
    if late:
        lines.append(f"- {late}")

    def named(rows: pd.DataFrame, most: int = 8) -> str:
        names = [
            f"{escape(library.regimes[r.layer].meta.short)}: {escape(_called(r))}" for r in rows.head(most).itertuples()
        ]
        more = f"; {len(rows) - most} more" if len(rows) > most else ""
        return "; ".join(names) + more

    if len(entries):
        weak = entries[entries["grade_text"] == "unverified"]
        if len(weak):
            lines.append(f"- Texts not compared with any source ({len(weak)}): {named(weak)}.")
        open_numbers = entries[entries["thresholds"].str.startswith("not encoded")]
        if len(open_numbers):
            lines.append(f"- Limits not known ({len(open_numbers)}): {named(open_numbers)}.")
        marked = entries[entries["marks"] != ""]
        for mark, rows in marked.groupby("marks", sort=False):
            lines.append(f"- {named(rows, 4)}: {escape(told(library, str(mark)))}.")
    for side in sides:
        unknown = [x for x in side.listings if x.standing.status == "unknown"]
        if unknown:
            lines.append(f"- The state of {listed(escape(x.control.name) for x in unknown[:8])} is unknown.")
    return Text("\n".join(lines) or "Nothing shown here is marked as uncertain.")


def _called(row: Any) -> str:
    return str(row.label) if row.code.startswith("unnumbered/") else f"{row.code} ({_lower(row.label)})"


def pending(table: pd.DataFrame) -> Text:
    """Coming dates, then open proposals, newest first."""
    if not len(table):
        return Text("No open proposal and no coming date is encoded.")
    lines = []
    for coming in (True, False):
        part = table[table["coming"] == coming]
        for r in (part if coming else part.iloc[::-1]).itertuples():
            source = f" {cite(str(r.instrument))}" if r.instrument else ""
            note = f" {escape(capital(str(r.note).strip().rstrip('.')))}." if r.note else ""
            what = f"{day(str(r.date))}: {escape(r.what)}" if coming else f"{escape(r.what)} ({day(str(r.date))})"
            lines.append(f"- {what}.{note}{source}")
    return Text("\n".join(lines))


def _several(labels: Iterable[str]) -> str:
    """Labels that may hold commas and "and" themselves."""
    words = [escape(_lower(x)) for x in labels]
    return "; ".join(words) if any("," in w or " and " in w or ": " in w for w in words) else listed(words)


def _names(ids: Sequence[str], labels: dict[str, str], most: int = 12) -> str:
    shown = [_lower(labels[i]) for i in ids[:most]]
    if len(ids) > most:
        shown.append(f"{len(ids) - most} more")
    return _several(shown)


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
            top = "; ".join(f"{_lower(frames[f].label.en)} ({n})" for f, n in r.frames[:3])
            words.append(f"{text}, in {count(r.statements, 'statement', 'statements')}: {top}")
        lines.append(f"- **{escape(SIDE_NAMES.get(str(side), str(side)))}**: {'. '.join(capital(w) for w in words)}.")
    note = "\n\nThe three reasons named most often, with the number of statements. Picked statements: the counts illustrate."
    return Text("\n".join(lines) + note) if lines else Text("")


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
    lines = [f"All sides give these reasons: {_several(common)}."] if common else ["No reason is given by all sides."]
    for side in sorted(sides):
        alone = [_lower(frames[f].label.en) for f in frames if used.get(f) == {side}]
        if alone:
            lines.append(f"Only {SIDE_NAMES.get(side, side)} is on record with: {_several(alone)}.")
    return Text(" ".join(lines))
