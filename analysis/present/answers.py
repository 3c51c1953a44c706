"""Answers: the summary of a briefing, and the questions of the round table answered from the tables of the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.compare.changes import Digest
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.present import sentences
from analysis.present.bundles import Text
from analysis.present.words import SIDE_NAMES, STANCES, capital, cite, count, day, listed
from analysis.protocol import escape


def brief(
    cover: pd.DataFrame,
    technology: str,
    as_of: str,
    digests: Mapping[Side, Digest],
    since: str,
    library: Library,
) -> Text:
    """The summary of a briefing: what is listed, what the national layer adds, what moved, where the sides part."""
    moved = []
    for side, d in digests.items():
        tally = (
            (d.added, "added"),
            (d.changed, "changed"),
            (d.ended, "ended"),
            (d.displaced, "taken over by another list"),
        )
        words = [f"{n} {verb}" for n, verb in tally if n]
        moved.append(f"{escape(side.label)} {listed(words) or 'no change encoded'}")
    changes = f"Entries since {day(since)}: {'; '.join(moved)}."
    leaves = cover[cover["leaf"]]
    parts = ""
    if leaves["technology"].nunique() > 1:
        positive = leaves.assign(yes=leaves["state"].isin(["listed", "catch-all"]))
        reached = positive.groupby("technology")["yes"].all()
        parts = f" All sides reach something of {int(reached.sum())} of its {len(reached)} parts."
    return (
        sentences.answer(cover, technology, as_of, library)
        + sentences.layers(cover, technology, library)
        + Text(changes + parts)
    )


def contrasts(
    cover: pd.DataFrame,
    mechanisms: pd.DataFrame,
    first: pd.DataFrame,
    pairs: Mapping[tuple[Side, Side], pd.DataFrame],
    reasons: pd.DataFrame,
    layers: Sequence[Side],
) -> Text:
    """The first question of the round table: where the sides differ and where they meet, one line per aspect."""
    lines = [
        f"- *What is reached.* {_reach(cover)}",
        f"- *By which means.* {_means(mechanisms)}",
        f"- *Who is bound.* {_bound(layers)}",
        f"- *With whom it was agreed.* {_origins(layers)}",
    ]
    lines_run = [sentences.pairs(t, a.label, b.label).markdown for (a, b), t in pairs.items() if len(t)]
    if lines_run:
        lines.append(f"- *Where the line runs.* {' '.join(lines_run)}")
    when = sentences.first(first).markdown
    if when:
        lines.append(f"- *Since when.* {when}")
    lines.append(f"- *Why.* {_why(reasons)}")
    return Text("\n".join(lines))


def _reach(cover: pd.DataFrame) -> str:
    leaves = cover[cover["leaf"]]
    wide = leaves.pivot(index="technology", columns="side_label", values="state").isin(["listed", "catch-all"])
    wide = wide[list(dict.fromkeys(leaves["side_label"]))]
    groups = wide.apply(lambda row: tuple(n for n in wide.columns if row[n]), axis=1).value_counts()
    some = [(who, n) for who, n in groups.items() if 0 < len(who) < len(wide.columns)]
    some.sort(key=lambda x: (-x[1], x[0]))
    parts = [f"{escape(listed(who))} alone something of {n}" for who, n in some]
    text = f"All sides reach something of {int(wide.all(axis=1).sum())} of {len(wide)} technologies"
    return f"{text}; {'; '.join(parts)}, as far as encoded." if parts else f"{text}."


def _means(mechanisms: pd.DataFrame) -> str:
    wide = mechanisms.pivot(index="mechanism", columns="side_label", values="extent")
    common = int((wide == "full").all(axis=1).sum())
    told = sentences.mechanisms(mechanisms).markdown.split("\n\n")
    apart = " ".join(t for t in told if not t.startswith("All sides"))
    return f"All sides provide in full {common} of {len(wide)} mechanisms. {apart}"


def _bound(layers: Sequence[Side]) -> str:
    words = {
        "re-exporter": "re-exporters",
        "foreign-made": "makers of direct products abroad",
        "broker": "brokers",
        "technical-assistance-provider": "providers of technical assistance",
    }
    parts = []
    for layer in layers:
        entries = [x.standing.state.version.binds or [] for x in layer.listed if x.standing.state]
        tally = {w: sum(b in e for e in entries) for b, w in words.items()}
        told = listed(f"{w} ({n} of {len(entries)})" for w, n in tally.items() if n)
        parts.append(f"{escape(layer.label)} entries {told or 'nobody else'}")
    return f"Beside exporters, and on the conditions of each law: {'; '.join(parts)}."


def _origins(layers: Sequence[Side]) -> str:
    parts = []
    for layer in layers:
        origins = [x.standing.state.origin for x in layer.listed if x.standing.state]
        alone = origins.count("unilateral")
        some, both = origins.count("plurilateral"), origins.count("mixed")
        words = [
            f"{alone} unilateral" if alone else "",
            f"{some} agreed by some states" if some else "",
            f"{both} of mixed origin" if both else "",
        ]
        parts.append(f"{escape(layer.label)}, of {len(origins)}: {listed(words) or 'none'}")
    return f"Entries that do not, or not only, come from the multilateral regimes: {'; '.join(parts)}."


def _why(reasons: pd.DataFrame) -> str:
    parts = []
    for r in reasons.to_dict("records"):
        if r["justified"]:
            name = SIDE_NAMES.get(str(r["side"]), str(r["side"]))
            parts.append(
                f"{name} {r['security']} security, {r['human-rights']} human rights, {r['mixed']} both of {r['justified']}"
            )
    return f"Reasons in picked statements, counted and no shares: {'; '.join(parts)}."


def role(options_: Sequence[str], statements: pd.DataFrame) -> Text:
    """The second question in one line of the summary: what is on record about it, and that nothing is endorsed."""
    positions = int(statements["stance"].isin([s for s in STANCES if s != "describe"]).sum())
    return Text(
        f"- *The role of the Union.* {capital(count(len(options_), 'document', 'documents'))} that state options and {positions} "
        "statements that take a position are on record; they are shown and not endorsed."
    )


def options(library: Library, names: Sequence[str]) -> Text:
    """Documents that state what could be done, in the order of their dates: what each asks for, in our words."""
    found = sorted((library.instrument(n) for n in names), key=lambda i: (i.dates.first, i.id))
    lines = []
    for i in found:
        what = escape(i.summary or "no summary is encoded")
        lines.append(f"- {day(i.dates.first)}, {escape(i.issuer)}, {escape(i.title)}: {what} {cite(i.id)}")
    return Text("\n".join(lines))


def stances(statements: pd.DataFrame) -> Text:
    """How the own justifications of each side argue, in counts."""
    lines = []
    for side, part in statements.groupby("side", sort=False):
        tally = part["stance"].value_counts()
        words = listed(f"{tally[s]} {w}" for s, w in STANCES.items() if s in tally)
        lines.append(f"{SIDE_NAMES.get(str(side), str(side))}: {words}")
    return Text(f"How they argue, in picked statements: {'; '.join(lines)}.") if lines else Text("")


def sets(table: pd.DataFrame) -> Text:
    """Which complete sets there are: what shares can rest on, and what they cannot."""
    if not len(table):
        return Text("No complete set of statements is encoded: every figure on reasons is a count.")
    sides = listed(SIDE_NAMES.get(s, s) for s in dict.fromkeys(table["side"]))
    enough = int((table["share_security"].notna() & ~table["operative"]).sum())
    text = (
        f"{capital(count(len(table), 'complete set is', 'complete sets are'))} encoded, from {sides}; "
        f"{count(enough, 'of them gives', 'of them give')} enough reasons for shares. "
    )
    both = table.groupby("genre")["side"].nunique()
    if not (both > 1).any():
        text += "No genre is complete on two sides, so no shares are compared across sides."
    return Text(text)
