"""Products: which regime would catch which product when, one thin lane per regime."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.dates import number, years
from analysis.present.style import FAINT, GREY, INK, PAPER, drawing, layer_style
from analysis.present.words import day, listed

#: Height of one lane and of the gap between products, in inches.
_LANE, _GAP = 0.145, 0.1
#: Width of a letter of a label on a lane, in inches.
_LETTER = 0.058


def product_map(
    table: pd.DataFrame, as_of: str, *, id: str = "products", caption: str = "", width: float = 1.0
) -> Figure:
    """A map of products by regime and time from :func:`analysis.compare.products.life` (several may be put together).

    A filled bar: some entry catches the product (its code stands on or beside the bar); hatched: cannot be said; a thin
    line: not caught. Fill, hatch and line tell the three apart without colour, and each lane names its regime.
    """
    names = list(dict.fromkeys(table["product"]))
    sides = list(dict.fromkeys(zip(table["side"], table["side_label"], strict=True)))
    first = number(min(table["from"], default=as_of))
    last = number(as_of)
    height = 0.75 + len(names) * (_GAP + _LANE * len(sides))
    with drawing(TEXT_WIDTH, height) as (fig, ax):
        inch = (last - first) / (TEXT_WIDTH * 0.66)  # days per inch of the axis, roughly
        ticks: list[tuple[float, str]] = []
        y = 0.0
        for name in names:
            part = table[table["product"] == name]
            for position, (side, label) in enumerate(sides):
                colour, _ = layer_style(side, position)
                free = True
                for row in part[part["side"] == side].to_dict("records"):
                    _lane(ax, row, y, colour, last, inch, free)
                    free = row["verdict"] == "no"
                ax.text(
                    last + 0.06 * inch, y, label, va="center", ha="left", fontsize=6, color=INK, clip_on=False
                )  # every lane says whose it is
                y += _LANE
            ticks.append((y - _LANE * (len(sides) + 1) / 2, str(part["name"].iloc[0])))
            ax.axhline(y - _LANE / 2 + _GAP / 2, color=FAINT, linewidth=0.5, zorder=0)
            y += _GAP
        ax.set_yticks([t for t, _ in ticks], [label for _, label in ticks])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(y - _GAP / 2, -_LANE)
        ax.set_xlim(first, last)
        years(ax, 1 if last - first < 4400 else 2)
        ax.grid(axis="x", color=FAINT, linewidth=0.4, zorder=0)
        for side_ in ("left", "right"):
            ax.spines[side_].set_visible(False)
        fig.legend(handles=_handles(), loc="outside upper left", ncols=3)
    return Figure(
        id,
        caption or "Products by regime and time: since when each list would catch them",
        "Map of products by regime and time. " + " ".join(_tell(table, name, sides) for name in names),
        fig,
        [
            f"As of {day(as_of)}. An illustration for comparison, not a classification or advice. Filled: an entry catches the "
            "product; hatched: cannot be said, because a figure of the product or a limit of an entry is not known; line: not "
            "caught. Entries for anti-terrorism reasons alone are not counted.",
        ],
        width,
    )


def _lane(ax: Any, row: dict[str, Any], y: float, colour: str, last: float, inch: float, free: bool) -> None:
    """One interval; ``free``: there is room for a label on its left."""
    start, end = number(row["from"]), number(row["until"]) + 1 if row["until"] else last
    thick = _LANE * 0.78
    if row["verdict"] == "no":
        ax.plot([start, end], [y, y], color=GREY, linewidth=0.6, zorder=2)
        return
    sure = row["verdict"] == "yes"
    ax.barh(
        y,
        end - start,
        left=start,
        height=thick,
        facecolor=colour if sure else PAPER,
        edgecolor=PAPER if sure else GREY,
        hatch="" if sure else "//////",
        linewidth=0.7 if sure else 0.5,
        zorder=3,
    )
    code = "national entry" if str(row["code"]).startswith("unnumbered/") else str(row["code"])
    if not sure or not code:
        return
    room = (end - start) / inch
    wide = len(code) * _LETTER + 0.08
    if room >= wide:
        ax.text(start + 0.04 * inch, y, code, va="center", ha="left", fontsize=5.6, color=PAPER, zorder=5)
    elif free:
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}
        left = start - 0.05 * inch
        ax.text(left, y, code, va="center", ha="right", fontsize=5.6, color=INK, bbox=box, zorder=4)


def _handles() -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    return [
        Rectangle((0, 0), 1, 1, facecolor=INK, edgecolor=INK, label="caught, with the entry"),
        Rectangle((0, 0), 1, 1, facecolor=PAPER, edgecolor=GREY, hatch="//////", label="cannot be said"),
        Line2D([], [], color=GREY, linewidth=0.6, label="not caught"),
    ]


def _tell(table: pd.DataFrame, name: str, sides: list[tuple[str, str]]) -> str:
    """One product in words, for those who do not see the map."""
    part = table[table["product"] == name]
    told = []
    for side, label in sides:
        rows = part[part["side"] == side].to_dict("records")
        if not rows:
            continue
        now = rows[-1]
        if now["verdict"] == "yes":
            word = "on or before" if now["censored"] else "since"
            told.append(f"{label} {word} {now['listed_since'] or now['since']} ({_code(now['code'])})")
        else:
            told.append(f"{label} {'not caught' if now['verdict'] == 'no' else 'cannot be said'}")
    return f"{part['name'].iloc[0]}: {listed(told)}."


def _code(code: str) -> str:
    return "national entry without a known code" if code.startswith("unnumbered/") else code


__all__ = ["product_map"]
