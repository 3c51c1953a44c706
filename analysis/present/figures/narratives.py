"""Narratives: security and human rights by side, in complete sets, and over time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.compare.narratives import FEW
from analysis.encoding.library import Library
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.dates import number, years
from analysis.present.style import ACTORS, FAINT, GREY, GROUPS, INK, PAPER, drawing
from analysis.present.words import SIDE_NAMES, day, listed
from analysis.protocol import Cell

_GROUP_LABELS = {
    "security": "security",
    "mixed": "both (mixed)",
    "human-rights": "human rights",
    "other": "other reasons",
}


def diverging(
    table: pd.DataFrame,
    key: str,
    labels: dict[str, str],
    *,
    id: str = "narratives",
    caption: str = "Security and human rights in stated reasons",
    illustration: bool = True,
    notes: list[str] | None = None,
) -> Figure:
    """Diverging bars from a table of groups: security to the left, human rights to the right, mixed around the middle.

    Bars show numbers of statements; each part carries its number. Other reasons stand as a number at the right.
    """
    from matplotlib.ticker import MaxNLocator

    rows = [r for r in table.to_dict("records") if r["justified"]]
    reach = max([1.0, *(max(r["security"], r["human-rights"]) + r["mixed"] / 2 for r in rows)])
    with drawing(TEXT_WIDTH, 0.9 + 0.34 * max(2, len(rows))) as (fig, ax):
        for y, r in enumerate(rows):
            mixed, security, rights = int(r["mixed"]), int(r["security"]), int(r["human-rights"])
            _bar(ax, y, -mixed / 2, mixed, "mixed")
            _bar(ax, y, -mixed / 2 - security, security, "security")
            _bar(ax, y, mixed / 2, rights, "human-rights")
            ax.text(reach * 1.04, y, f"{int(r['other'])}", va="center", ha="left", fontsize=7.5, color=INK)
        ax.axvline(0, color=INK, linewidth=0.6)
        ax.set_yticks(
            range(len(rows)), [f"{labels.get(str(r[key]), str(r[key]))} (n = {int(r['justified'])})" for r in rows]
        )
        ax.set_ylim(len(rows) - 0.4, -0.7)
        ax.set_xlim(-reach * 1.03, reach * 1.16)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        ax.text(reach * 1.04, -0.6, "other", fontsize=7, va="center")
        ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        ax.set_xlabel("statements: security to the left, human rights to the right")
        ax.tick_params(axis="y", length=0)
        _legend(fig, ("security", "mixed", "human-rights"))
    told = [
        f"{labels.get(str(r[key]), str(r[key]))}: {int(r['security'])} security, {int(r['mixed'])} mixed, "
        f"{int(r['human-rights'])} human rights, {int(r['other'])} other"
        for r in rows
    ]
    small = [labels.get(str(r[key]), str(r[key])) for r in rows if r["justified"] < FEW]
    lines = list(notes or [])
    if illustration:
        lines.insert(0, "Illustration: picked statements, not a complete set; counts, not shares.")
    if small:
        lines.append(f"Fewer than five statements: {listed(small)}.")
    return Figure(id, caption, "Diverging bars. " + "; ".join(told) + ".", fig, list(lines))


def sets_chart(
    table: pd.DataFrame,
    *,
    id: str = "sets",
    caption: str = "Reasons in complete sets, unit by unit",
    notes: list[Cell] | None = None,
) -> Figure | None:
    """Complete sets as stacked bars of units: security, mixed, human rights, other, no reason. None without sets."""
    if not len(table):
        return None
    rows = table.to_dict("records")
    with drawing(TEXT_WIDTH, 0.9 + 0.3 * max(2, len(rows))) as (fig, ax):
        for y, r in enumerate(rows):
            left = 0.0
            none = int(r["units"]) - int(r["justified"])
            for name, value in (
                *((g, int(r[g])) for g in ("security", "mixed", "human-rights", "other")),
                ("none", none),
            ):
                share = value / int(r["units"]) * 100
                colour, hatch = GROUPS[name]
                if value:
                    ax.barh(y, share, left=left, color=colour, hatch=hatch, edgecolor=GREY, linewidth=0.4, height=0.66)
                    dark = name in ("security", "mixed")
                    box = {"boxstyle": "round,pad=0.1", "facecolor": colour, "edgecolor": "none"} if hatch else None
                    ax.text(
                        left + share / 2,
                        y,
                        str(value),
                        ha="center",
                        va="center",
                        fontsize=7,
                        color=PAPER if dark else INK,
                        bbox=box,
                    )
                left += share
        ax.set_yticks(range(len(rows)), [f"{r['label']} (n = {r['units']})" for r in rows])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, 100)
        ax.set_xlabel("share of units, %; numbers are units")
        ax.tick_params(axis="y", length=0)
        _legend(fig, ("security", "mixed", "human-rights", "other", "none"))
    told = [
        f"{r['label']}: of {r['units']} units {r['security']} security, {r['mixed']} mixed, {r['human-rights']} human rights, "
        f"{r['other']} other, {int(r['units']) - int(r['justified'])} without a reason"
        for r in rows
    ]
    return Figure(id, caption, "Stacked bars. " + "; ".join(told) + ".", fig, notes or ["Security counted narrowly."])


def timeline(
    library: Library,
    statements: pd.DataFrame,
    as_of: str,
    *,
    events: list[str] | None = None,
    id: str = "narratives-timeline",
    caption: str = "Stated reasons over time",
) -> Figure:
    """Statements by date in one lane per side, with the sign of their group; named events as dashed lines.

    ``events`` are ids of events to mark; statements of one day are stacked.
    """
    sides = [s for s in ACTORS if (statements["side"] == s).any()]
    shapes = {"security": "o", "mixed": "D", "human-rights": "^", "other": "."}
    with drawing(TEXT_WIDTH, 1.2 + 0.75 * max(1, len(sides))) as (fig, ax):
        for lane, side in enumerate(sides):
            part = statements[(statements["side"] == side) & (statements["narrow"] != "none")]
            ax.axhline(lane + 0.5, color=FAINT, linewidth=0.5)
            columns: dict[int, int] = {}
            for r in part.itertuples():
                x = number(str(r.date))
                column = int(x // 45)
                height = columns.get(column, 0)
                columns[column] = height + 1
                colour = GROUPS[str(r.narrow)][0] if r.narrow != "other" else GREY
                if height < 9:
                    ax.plot(
                        [x],
                        [lane + 0.38 - height * 0.095],
                        marker=shapes[str(r.narrow)],
                        color=colour,
                        markersize=4,
                        linestyle="",
                    )
                elif height == 9:
                    ax.text(x, lane + 0.38 - height * 0.095, "+", fontsize=7, ha="center", va="center")
        marked = [library.events[e] for e in events or [] if library.events.knows(e)]
        for place, event in enumerate(marked, start=1):
            ax.axvline(number(event.date), color=INK, linewidth=0.5, linestyle=(0, (3, 3)), zorder=0)
            ax.text(number(event.date), -0.6, str(place), fontsize=7, ha="center", va="bottom")
        ax.set_yticks(range(len(sides)), [SIDE_NAMES[s] for s in sides])
        ax.set_ylim(len(sides) - 0.45, -0.55)
        first = min((str(d) for d in statements["date"]), default=as_of)
        ax.set_xlim(number(first) - 120, number(as_of) + 60)
        years(ax, 2)
        ax.tick_params(axis="y", length=0)
        handles = [
            ax.plot([], [], marker=shapes[g], color=GROUPS[g][0] if g != "other" else GREY, linestyle="", label=label)[
                0
            ]
            for g, label in _GROUP_LABELS.items()
        ]
        fig.legend(handles=handles, loc="outside lower left", ncols=4)
    told = []
    for side in sides:
        tally = statements[statements["side"] == side]["narrow"].value_counts()
        told.append(f"{SIDE_NAMES[side]}: " + ", ".join(f"{n} {g}" for g, n in tally.items() if g != "none"))
    told_events = (
        ["Events: " + "; ".join(f"{n} {e.title}, {day(e.date)}" for n, e in enumerate(marked, start=1)) + "."]
        if marked
        else []
    )
    note = "Stacked where several fall within six weeks; + where more than nine do."
    return Figure(id, caption, "Statements by date and side. " + "; ".join(told) + ".", fig, [note, *told_events])


def _bar(ax: Any, y: int, left: float, width: float, group: str) -> None:
    if not width:
        return
    colour, hatch = GROUPS[group]
    ax.barh(y, width, left=left, color=colour, hatch=hatch, edgecolor=PAPER, linewidth=0.5, height=0.66)
    text = {"boxstyle": "round,pad=0.12", "facecolor": PAPER, "edgecolor": "none"} if hatch else None
    ax.text(
        left + width / 2,
        y,
        f"{width:g}",
        ha="center",
        va="center",
        fontsize=7,
        color=INK if hatch else PAPER,
        bbox=text,
    )


def _legend(fig: Any, groups: tuple[str, ...]) -> None:
    from matplotlib.patches import Rectangle

    labels = {**_GROUP_LABELS, "none": "no reason stated"}
    handles = [
        Rectangle(
            (0, 0), 1, 1, facecolor=GROUPS[g][0], hatch=GROUPS[g][1], edgecolor=GREY, linewidth=0.4, label=labels[g]
        )
        for g in groups
    ]
    fig.legend(handles=handles, loc="outside upper left", ncols=len(handles))
