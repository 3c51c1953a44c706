"""Reasons in detail: frames by mechanism, the EU trail, and agreement between codings."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd

from analysis.encoding.library import Library
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.citations import short_name
from analysis.present.style import BLUE, FAINT, GREY, GROUPS, INK, PAPER, drawing
from analysis.present.words import listed


def frame_map(
    library: Library, table: pd.DataFrame, column: str, *, id: str = "frame-map", caption: str = ""
) -> Figure:
    """Frames by mechanism (or technology): the number of statements in each cell, darker where there are more."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    names = {
        "mechanisms": {k: m.label.en for k, m in library.vocabulary.mechanisms.items()},
        "technologies": {k: t.label.en for k, t in library.vocabulary.technologies.items()},
    }[column]
    frames = [f for f in library.vocabulary.frames if (table["frame"] == f).any()]
    totals = table.groupby(column)["statements"].sum().sort_values(ascending=False)
    rows = [r for r in totals.index if r in names][:24]
    cells = {(getattr(r, column), r.frame): int(r.statements) for r in table.itertuples()}
    most = max(cells.values(), default=1)
    shade = LinearSegmentedColormap.from_list("ink", [PAPER, BLUE])
    with drawing(TEXT_WIDTH, 0.7 + 0.24 * len(rows)) as (fig, ax):
        for y, row in enumerate(rows):
            for x, frame in enumerate(frames):
                value = cells.get((row, frame), 0)
                ax.add_patch(
                    Rectangle((x, y), 0.96, 0.92, facecolor=shade(value / most), edgecolor=FAINT, linewidth=0.5)
                )
                if value:
                    ax.text(
                        x + 0.48,
                        y + 0.48,
                        str(value),
                        ha="center",
                        va="center",
                        fontsize=7,
                        color=PAPER if value > most * 0.55 else INK,
                    )
        ax.set_xlim(0, len(frames))
        ax.set_ylim(len(rows), -0.05)
        ax.set_xticks([x + 0.48 for x in range(len(frames))], frames)
        ax.xaxis.tick_top()
        ax.set_yticks([y + 0.48 for y in range(len(rows))], [names[r] for r in rows])
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
    top = sorted(cells.items(), key=lambda c: -c[1])[:6]
    told = listed(f"{frame} with {names[row].lower()} {n} times" for (row, frame), n in top if row in names)
    return Figure(
        id,
        caption or "Frames by mechanism",
        f"Map of frames. Most often: {told}.",
        fig,
        [
            "Numbers count statements; one statement can name several frames and mechanisms. "
            + "; ".join(f"{f}: {library.vocabulary.frames[f].label.en}" for f in frames)
            + "."
        ],
    )


def trail(library: Library, table: pd.DataFrame, *, id: str = "trail") -> Figure:
    """The EU trail: at each stage the reasons on record (stacked) and, at the right, how many mechanisms the text carried."""
    rows = table.to_dict("records")
    reach = max([r["security"] + r["mixed"] + r["human-rights"] + r["other"] for r in rows] + [1])
    with drawing(TEXT_WIDTH, 0.9 + 0.42 * len(rows)) as (fig, ax):
        for y, r in enumerate(rows):
            left = 0
            for name in ("security", "mixed", "human-rights", "other"):
                colour, hatch = GROUPS[name]
                if r[name]:
                    ax.barh(y, r[name], left=left, color=colour, hatch=hatch, edgecolor=GREY, linewidth=0.4, height=0.6)
                    box = {"boxstyle": "round,pad=0.1", "facecolor": PAPER, "edgecolor": "none"}
                    ax.text(
                        left + r[name] / 2, y, str(r[name]), ha="center", va="center", fontsize=7, color=INK, bbox=box
                    )
                left += r[name]
            if not left:
                ax.text(0.1, y, "no reason on record", va="center", fontsize=7, color=INK)
            ax.text(reach * 1.05, y, _carried(r, len(library.vocabulary.mechanisms)), va="center", fontsize=7)
        ax.set_yticks(range(len(rows)), [_stage(library, r) for r in rows])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, reach * 1.75)
        ax.set_xlabel("reasons on record (statements)")
        ax.tick_params(axis="y", length=0)
        from matplotlib.patches import Rectangle

        labels = {"security": "security", "mixed": "both", "human-rights": "human rights", "other": "other"}
        handles = [
            Rectangle(
                (0, 0), 1, 1, facecolor=GROUPS[g][0], hatch=GROUPS[g][1], edgecolor=GREY, linewidth=0.4, label=label
            )
            for g, label in labels.items()
        ]
        fig.legend(handles=handles, loc="outside upper left", ncols=4)
    told = [
        f"{r['side_label']} ({r['date'][:4]}): {r['security']} security, {r['mixed']} both, {r['human-rights']} human rights, "
        f"{r['other']} other; {_carried(r, len(library.vocabulary.mechanisms))}"
        for r in rows
    ]
    return Figure(
        id,
        "Steps of the European texts: reasons on record and mechanisms carried",
        "; ".join(told) + ".",
        fig,
        [
            "Picked statements, not complete sets. Mechanisms: how many the text carries in full or in part, as far as encoded."
        ],
    )


def _carried(row: dict[str, Any], mechanisms: int) -> str:
    if row["missing"] == mechanisms:
        return "no provisions encoded"
    missing = f", {row['missing']} not encoded" if row["missing"] else ""
    return f"{row['mechanisms']} of {mechanisms} mechanisms{missing}"


def _stage(library: Library, row: dict[str, Any]) -> str:
    instrument = library.instrument(row["instrument"])
    label = textwrap.shorten(short_name(instrument), 52, placeholder=" ...")
    return f"{textwrap.fill(label, 32)}\n{instrument.issuer}, {str(row['date'])[:4]}"


def agreement(
    table: pd.DataFrame, *, id: str = "agreement", caption: str = "Consistency of the two coding passes"
) -> Figure:
    """Alpha per frame with its bootstrap interval; 0.667 and 0.8 as the usual marks."""
    rows = [r for r in table.to_dict("records") if r["alpha"] is not None and not pd.isna(r["alpha"])]
    names = {"set": "whole set (MASI)", "dominant": "dominant frame"}
    with drawing(TEXT_WIDTH, 0.8 + 0.26 * len(rows)) as (fig, ax):
        for mark in (2 / 3, 0.8):
            ax.axvline(mark, color=GREY, linewidth=0.6, linestyle=(0, (3, 3)))
            ax.text(mark, -0.75, f"{mark:.3g}", fontsize=7, ha="center")
        for y, r in enumerate(rows):
            ax.plot([r["low"], r["high"]], [y, y], color=BLUE, linewidth=1.6)
            ax.plot([r["alpha"]], [y], marker="o", color=BLUE, markersize=5)
            ax.text(1.03, y, f"{r['alpha']:.2f}", va="center", fontsize=7.5)
        ax.set_yticks(range(len(rows)), [names.get(r["measure"], r["measure"]) for r in rows])
        ax.set_ylim(len(rows) - 0.4, -1)
        ax.set_xlim(min(0.0, *(r["low"] for r in rows)), 1.1)
        ax.set_xlabel("Krippendorff's alpha, 95 % bootstrap interval over statements")
        ax.tick_params(axis="y", length=0)
    told = [f"{names.get(r['measure'], r['measure'])} {r['alpha']:.2f}" for r in rows]
    return Figure(
        id,
        caption,
        "Alpha: " + ", ".join(told) + ".",
        fig,
        ["Both passes were made by language models: this is consistency, not inter-coder reliability."],
    )
