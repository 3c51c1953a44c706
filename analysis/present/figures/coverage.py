"""Coverage: a map of technologies by side, a map of mechanisms, and a timeline of first listings."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd

from analysis.compare.coverage import STATES
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.dates import number, years
from analysis.present.style import FAINT, GREY, INK, PAPER, drawing, layer_style
from analysis.present.words import count, day, listed
from analysis.protocol import Cell

#: State -> fill, hatch, sign in the cell. Fill, hatch and sign each tell the states apart alone.
_CELLS: dict[str, tuple[str, str, str]] = {
    "listed": ("#3f6fb5", "", ""),
    "catch-all": ("#9db9de", "", "catch-all"),
    "delegated": ("#e7cfa0", "", "delegated"),
    "contested": ("#e3b7b2", "", "contested"),
    "considered": ("#efe9dc", "", "considered"),
    "not-found": (PAPER, "", "not found"),
    "not-encoded": (PAPER, "////", ""),
}
_EXTENT_CELLS: dict[str, tuple[str, str, str]] = {
    "full": ("#3f6fb5", "", "full"),
    "partial": ("#9db9de", "", "partial"),
    "delegated": ("#e7cfa0", "", "delegated"),
    "contested": ("#e3b7b2", "", "contested"),
    "none": (PAPER, "", "none"),
    "considered": ("#efe9dc", "", "considered"),
    "not-found": (PAPER, "", "not found"),
    "not-encoded": (PAPER, "////", ""),
}


def coverage_map(table: pd.DataFrame, *, id: str = "coverage", caption: str = "", width: float = 1.0) -> Figure:
    """The map of a coverage table: one row per technology, one column per side.

    A number in a cell counts the listed entries; hatching means not encoded. Children are indented below their parents.
    """
    rows = table.drop_duplicates("technology")
    labels = [("   " * int(r.depth)) + r.label for r in rows.itertuples()]
    cells = {(r.technology, r.side): _cell(r.state, r.entries, r.more, r.word) for r in table.itertuples()}
    fig = _grid(
        list(rows["technology"]),
        labels,
        _sides(table),
        cells,
        _CELLS,
        bold={r.technology for r in rows.itertuples() if r.depth == 0},
    )
    alt = "Map of technologies by side. " + " ".join(_tell(table, side, label) for side, label in _sides(table))
    return Figure(
        id,
        caption or "Coverage by technology and side",
        alt,
        fig,
        _coverage_notes(table),
        width,
    )


def _coverage_notes(table: pd.DataFrame) -> list[Cell]:
    """What the signs in the map mean, as far as they are there."""
    notes = "Numbers count the listed entries of a technology and everything below it"
    if (table["more"] > 0).any():
        notes += "; + means that catch-alls name it or findings speak about it as well"
    if table["state"].eq("not-encoded").any():
        notes += ". Hatched: not encoded, which is not a “no”"
    return [f"{notes}."]


def mechanism_map(
    table: pd.DataFrame, *, id: str = "mechanisms", caption: str = "", heads: dict[str, str] | None = None
) -> Figure:
    """The map of a mechanism table: one row per mechanism, one column per side; ``heads`` renames sides."""
    if heads:
        table = table.assign(
            side_label=[heads.get(s, label) for s, label in zip(table["side"], table["side_label"], strict=True)]
        )
    rows = table.drop_duplicates("mechanism")
    cells = {
        (r.mechanism, r.side): (r.extent, _EXTENT_CELLS[r.extent][2] + ("+" if r.more else ""))
        for r in table.itertuples()
    }
    fig = _grid(list(rows["mechanism"]), list(rows["label"]), _sides(table), cells, _EXTENT_CELLS)
    parts = []
    for side, label in _sides(table):
        tally = table[table["side"] == side]["extent"].value_counts()
        parts.append(f"{label}: " + listed([f"{n} {e.replace('-', ' ')}" for e, n in tally.items()]) + ".")
    return Figure(
        id,
        caption or "Control mechanisms by side",
        "Map of control mechanisms by side. " + " ".join(parts),
        fig,
        [
            "Extent of the strongest provision; + means that others exist beside it."
            + (" Hatched: not encoded." if table["extent"].eq("not-encoded").any() else "")
        ],
    )


def first_listed_chart(table: pd.DataFrame, as_of: str, *, id: str = "first-listed", caption: str = "") -> Figure:
    """When each side first listed something of each technology; an arrow means "on or before"."""
    names = list(dict.fromkeys(table["technology"]))
    labels = dict(zip(table["technology"], table["label"], strict=True))
    sides = _sides(table)
    with drawing(TEXT_WIDTH, 0.9 + 0.23 * max(len(names), 3)) as (fig, ax):
        for row, name in enumerate(names):
            ax.axhline(row, color=FAINT, linewidth=0.6, zorder=0)
            for position, (side, _) in enumerate(sides):
                mine = table[(table["technology"] == name) & (table["side"] == side)]
                for r in mine.itertuples():
                    colour, marker = layer_style(side, position)
                    x = number(r.date)
                    y = row + (position - (len(sides) - 1) / 2) * 0.2
                    if r.censored:
                        ax.plot(
                            [x],
                            [y],
                            marker=marker,
                            color=PAPER,
                            markeredgecolor=colour,
                            markersize=5,
                            linestyle="",
                            zorder=3,
                        )
                        ax.plot(
                            [x],
                            [y],
                            marker="$\\leftarrow$",
                            color=colour,
                            markersize=7,
                            linestyle="",
                            zorder=2,
                            transform=_left(ax, fig),
                        )
                    else:
                        ax.plot([x], [y], marker=marker, color=colour, markersize=5, linestyle="", zorder=3)
        ax.set_yticks(range(len(names)), [labels[n] for n in names])
        ax.set_ylim(len(names) - 0.4, -0.6)
        years(ax, 2)
        ax.set_xlim(number(min([*table["date"], as_of])) - 400, number(as_of) + 60)
        ax.tick_params(axis="y", length=0)
        handles = []
        for position, (side, label) in enumerate(sides):
            colour, marker = layer_style(side, position)
            handles.append(ax.plot([], [], marker=marker, color=colour, linestyle="", label=label)[0])
        handles.append(
            ax.plot(
                [],
                [],
                marker="o",
                color=PAPER,
                markeredgecolor=INK,
                linestyle="",
                label="listed on or before (start not known)",
            )[0]
        )
        fig.legend(handles=handles, loc="outside upper left", ncols=min(len(handles), 4))
    told = [
        f"{label}: "
        + count(int((table["side"] == side).sum()), "technology", "technologies")
        + f", {int(table[table['side'] == side]['censored'].sum())} of them with an unknown start"
        for side, label in sides
    ]
    return Figure(
        id,
        caption or "First listing of each technology, as far as encoded",
        "Timeline of first listings by technology and side. " + "; ".join(told) + ".",
        fig,
        [
            f"As of {day(as_of)}. Hollow signs with an arrow: listed on or before that day; the true start is earlier or unknown."
        ],
    )


def _left(ax: Any, fig: Any) -> Any:
    from matplotlib.transforms import ScaledTranslation

    return ax.transData + ScaledTranslation(-7 / 72, 0, fig.dpi_scale_trans)


def _sides(table: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = table[["side", "side_label"]].drop_duplicates()
    return list(zip(pairs["side"], pairs["side_label"], strict=True))


def _head(label: str, sides: int) -> str:
    """A column head in three or four short lines."""
    width, lines = (20, 3) if sides < 4 else (12, 4)
    return textwrap.fill(textwrap.shorten(label, width * lines - 4, placeholder=" ..."), width)


def _cell(state: str, entries: int, more: int, word: str) -> tuple[str, str]:
    if state == "not-encoded":
        return state, ""
    sign = f"{entries}" if state == "listed" else _CELLS[state][2]
    return state, sign + ("+" if more else "") + ("*" if word.startswith("would") else "")


def _tell(table: pd.DataFrame, side: str, label: str) -> str:
    part = table[(table["side"] == side) & table["leaf"]]
    tally = part["state"].value_counts()
    words = [f"{tally[s]} {s.replace('-', ' ')}" for s in STATES if s in tally]
    return f"{label}, of {len(part)} leaf technologies: {listed(words)}."


def _grid(
    names: list[str],
    labels: list[str],
    sides: list[tuple[str, str]],
    cells: dict[tuple[str, str], tuple[str, str]],
    looks: dict[str, tuple[str, str, str]],
    bold: set[str] | None = None,
) -> Any:
    from matplotlib.patches import Rectangle

    height = 0.75 + 0.2 * len(names)
    with drawing(TEXT_WIDTH, height) as (fig, ax):
        used = []
        for y, name in enumerate(names):
            for x, (side, _) in enumerate(sides):
                state, sign = cells.get((name, side), ("not-encoded", ""))
                if state not in used:
                    used.append(state)
                fill, hatch, _ = looks[state]
                ax.add_patch(
                    Rectangle(
                        (x, y),
                        0.96,
                        0.92,
                        facecolor=fill,
                        hatch=hatch,
                        edgecolor=GREY if hatch else FAINT,
                        linewidth=0.5,
                    )
                )
                if sign:
                    dark = fill == "#3f6fb5"
                    ax.text(
                        x + 0.48, y + 0.48, sign, ha="center", va="center", fontsize=7, color=PAPER if dark else INK
                    )
        ax.set_xlim(-0.02, len(sides))
        ax.set_ylim(len(names), -0.05)
        ax.set_xticks([x + 0.48 for x in range(len(sides))], [_head(label, len(sides)) for _, label in sides])
        ax.xaxis.tick_top()
        ax.set_yticks([y + 0.48 for y in range(len(names))], labels)
        for tick, name in zip(ax.get_yticklabels(), names, strict=True):
            tick.set_fontweight("bold" if bold and name in bold else "normal")
            tick.set_horizontalalignment("right")
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
        handles = []
        for state in looks:
            if state in used:
                fill, hatch, _ = looks[state]
                label = {"listed": "listed (number of entries)"}.get(state, state.replace("-", " "))
                handles.append(
                    Rectangle((0, 0), 1, 1, facecolor=fill, hatch=hatch, edgecolor=GREY, linewidth=0.5, label=label)
                )
        fig.legend(handles=handles, loc="outside lower left", ncols=min(4, len(handles)))
    return fig
