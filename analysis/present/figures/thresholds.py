"""Threshold chart: where each side draws the line in a quantity through time, with products beside it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.compare.bounds import bounds, compared, products
from analysis.compare.boxes import Bound, Cell, Constraint
from analysis.compare.scope import short
from analysis.compare.thresholds import Measures, unit_text
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.encoding.timeline import day_after
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.dates import number, years
from analysis.present.style import FAINT, GREY, INK, PAPER, drawing, layer_style
from analysis.present.words import capital, day, grade_mark, grade_notes, listed

#: Hatch and strength of an area: caught by the number alone, or only when other conditions hold as well.
_LOOKS = {False: ("", 0.55), True: ("////", 0.22)}
#: From this ratio of the largest to the smallest value on an axis is logarithmic.
_DECADES = 8
#: Steps between labels, as shares of the height.
_LABEL_GAP, _TICK_GAP = 0.062, 0.05
#: Widths in points: a letter of an area's label, and all panels together.
_LETTER, _PANELS = 3.3, 398.0


def steps(
    library: Library,
    sides: Sequence[str | Side],
    as_of: str,
    quantities: str | Sequence[str],
    technology: str | None = None,
    *,
    codes: Collection[str] | None = None,
    probes: Collection[str] | None = None,
    most: int = 9,
    id: str = "",
    caption: str = "",
) -> Figure | None:
    """What each regime catches of a quantity, as areas through time, one panel per regime; products as points beside them.

    ``quantities``: one, or several (a row each). ``codes`` limits the entries (and what stands below them); without it those
    that curated pairs join across the sides are drawn, else all. ``probes`` names the products; without it up to ``most`` of
    the technology are chosen, those nearest to a line first. None where no entry bounds any of the quantities.
    """
    names = [quantities] if isinstance(quantities, str) else list(quantities)
    measures = Measures(library.vocabulary.quantities)
    tables = [bounds(library, sides, as_of, name, technology, codes) for name in names]
    tables = [_asked(t if codes is not None else compared(library, t), measures) for t in tables if len(t)]
    if not tables:
        return None
    layers = list(dict.fromkeys(layer for t in tables for layer in t["layer"]))
    first = min(d for t in tables for d in t["from"])
    told: list[str] = []
    letter = _LETTER * (1.2 + 1.5 * len(layers)) / (1.5 * _PANELS)
    with drawing(
        TEXT_WIDTH,
        1.0 + 2.6 * len(tables),
        nrows=len(tables),
        ncols=len(layers) + 1,
        squeeze=False,
        sharey="row",
        gridspec_kw={"width_ratios": [1.2, *([1.5] * len(layers))], "wspace": 0.03},
    ) as (fig, axes):
        for row, table in enumerate(tables):
            quantity = str(table["quantity"].iloc[0])
            points = products(library, quantity, technology, probes)
            edges = sorted({float(v) for v in (*table["low"], *table["high"]) if v is not None and v > 0})
            points = points if probes is not None else nearest(points, edges, most)
            axis = Axis.over([*edges, *(float(v) for v in points["value"])])
            for ax in axes[row]:
                axis.apply(ax)
            _products(axes[row, 0], points, axis)
            for column, layer in enumerate(layers, start=1):
                _panel(axes[row, column], table[table["layer"] == layer], layer, column - 1, axis, first, as_of, letter)
                for value in points["value"]:
                    axes[row, column].axhline(float(value), color=GREY, linewidth=0.5, linestyle=(0, (1, 3)), zorder=4)
                if row == 0:
                    axes[row, column].set_title(library.regimes[layer].meta.short)
            _values(axes[row, 0], measures, quantity, edges, axis)
            told.append(_tell(table, layers, quantity, measures))
        axes[0, 0].set_title("Products")
        if any(t["asked"].ne("").any() for t in tables):
            _legend(fig)
    labels = [measures.label(str(t["quantity"].iloc[0])) for t in tables]
    return Figure(
        id or f"threshold-{names[0]}",
        caption or f"{capital(listed(labels))}: what each regime catches, through time",
        f"Areas through time, {first[:4]} to {as_of[:4]}, one panel per regime, products beside them. On {day(as_of)}: "
        + " ".join(told),
        fig,
        _notes(tables, measures, as_of),
    )


# -- the vertical axis, shared by products and panels ------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """The range of a quantity; ``log`` where the values lie far apart."""

    low: float
    high: float
    log: bool

    @classmethod
    def over(cls, found: Sequence[float]) -> Axis:
        positive = [v for v in found if v > 0]
        low, high = min(positive, default=1.0), max(positive, default=10.0)
        if high / low >= _DECADES:
            room = (high / low) ** 0.12
            return cls(low / room, high * room, True)
        return cls(0.0, high * 1.15, False)

    def share(self, value: float) -> float:
        """Height of a value as a share of the axis."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        if self.log:
            return self.low * math.exp(share * math.log(self.high / self.low))
        return self.low + share * (self.high - self.low)

    def apply(self, ax: Any) -> None:
        if self.log:
            ax.set_yscale("log")
        ax.set_ylim(self.low, self.high)


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """The same heights (ascending, 0 to 1), moved as little as possible so that they lie at least ``gap`` apart.

    Least squares by pooling neighbours that would overlap, then kept within the axis.
    """
    if not heights:
        return []
    gap = min(gap, 0.96 / max(len(heights) - 1, 1))
    pools: list[list[float]] = []  # each: sum of heights less their gaps, number
    for n, height in enumerate(heights):
        pools.append([height - n * gap, 1.0])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            total, size = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += size
    level = [total / size for total, size in pools for _ in range(int(size))]
    top = 0.98 - (len(heights) - 1) * gap
    return [min(max(x, 0.02), top) + n * gap for n, x in enumerate(level)]


def nearest(points: pd.DataFrame, edges: Sequence[float], most: int) -> pd.DataFrame:
    """The products nearest to a line, by value; none so close to another that one point would hide the other."""
    found = [float(v) for v in points["value"]]
    if not found or not edges:
        return points.head(most)
    logs = [math.log(v) if v > 0 else -math.inf for v in found]
    lines = [math.log(e) for e in edges]
    width = max([*logs, *lines]) - min(x for x in (*logs, *lines) if x > -math.inf) or 1.0
    kept: list[int] = []
    for n in sorted(range(len(found)), key=lambda n: (min(abs(logs[n] - e) for e in lines), n)):
        if len(kept) < most and all(abs(logs[n] - logs[k]) > 0.03 * width for k in kept):
            kept.append(n)
    return points.iloc[sorted(kept)].reset_index(drop=True)


def _products(ax: Any, points: pd.DataFrame, axis: Axis) -> None:
    """Products as points with their names on the shared axis."""
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    if not len(points):
        ax.text(
            0.5, 0.5, "no published\nfigure", ha="center", va="center", transform=ax.transAxes, fontsize=7, color=GREY
        )
    shares = [axis.share(float(v)) for v in points["value"]]
    for r, at, height in zip(points.itertuples(), shares, spread(shares, _LABEL_GAP), strict=True):
        ax.plot([0.05], [axis.value(at)], marker="o", markersize=3.5, color=INK, clip_on=False, zorder=4)
        ax.plot([0.05, 0.13], [axis.value(at), axis.value(height)], color=GREY, linewidth=0.5, zorder=2)
        year = f" ({r.year[:4]})" if r.year else ""
        ax.text(0.15, axis.value(height), brief(r.name) + year, va="center", fontsize=6.3, clip_on=False)


def brief(name: str) -> str:
    """A product's name without the words that its whole family shares."""
    for word in ("NVIDIA ", "ASML TWINSCAN ", "GeForce ", "AMD ", "Oxford Instruments "):
        name = name.replace(word, "")
    return name


def _values(ax: Any, measures: Measures, quantity: str, edges: Sequence[float], axis: Axis) -> None:
    """The values of the lines themselves label the axis."""
    from matplotlib.ticker import NullFormatter, NullLocator

    kept: list[float] = []
    for edge in edges:
        if all(abs(axis.share(edge) - axis.share(k)) > _TICK_GAP for k in kept):
            kept.append(edge)
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_yticks(kept, [f"{k:,.10g}" for k in kept])
    unit = measures.quantities[quantity].unit or "1"
    more = ", ".join(x for x in (unit_text(unit) if unit != "1" else "", "log scale" if axis.log else "") if x)
    label = textwrap.fill(capital(measures.label(quantity)), 36)
    ax.set_ylabel(f"{label}\n({more})" if more else label)


# -- areas -------------------------------------------------------------------------------------------------------


def _asked(table: pd.DataFrame, measures: Measures) -> pd.DataFrame:
    """With columns ``asked`` and ``brief``: what a box asks beside the quantity, apart from what all boxes ask."""
    shared = common(table)
    cells = [tuple(c for c in o if c not in shared) for o in table["others"]]
    return table.assign(asked=[measures.phrases(c) for c in cells], brief=[formula(c, measures) for c in cells])


def formula(cell: Cell, measures: Measures) -> str:
    """Conditions with signs, and with the symbol of a quantity where it has one: ``3.2 ≤ PD < 5.92``."""
    ranges: dict[str, dict[bool, Bound]] = {}
    parts: list[str] = []
    for c in cell:
        if isinstance(c, Bound):
            ranges.setdefault(c.quantity, {})[c.upper] = c
        else:
            parts.append(measures.phrase(c))
    for name, found in ranges.items():
        record = measures.quantities[name]
        text = record.symbol or measures.label(name)
        low, high = found.get(False), found.get(True)
        unit = "" if record.symbol else unit_text(record.unit or "1").replace("1", "", 1)
        if low and high:
            text = f"{_plain(low)} {'<' if low.strict else '≤'} {text} {'<' if high.strict else '≤'} {_plain(high)}"
        elif low:
            text = f"{text} {'>' if low.strict else '≥'} {_plain(low)}"
        elif high:
            text = f"{text} {'<' if high.strict else '≤'} {_plain(high)}"
        parts.append(f"{text} {unit}".strip())
    return ", ".join(parts)


def _plain(bound: Bound) -> str:
    return f"{float(bound.value):,.10g}"


def common(table: pd.DataFrame) -> set[Constraint]:
    """Conditions that every box states."""
    return set.intersection(*(set(o) for o in table["others"])) if len(table) else set()


def areas(part: pd.DataFrame) -> list[dict[str, Any]]:
    """Boxes of one regime as areas: states of one entry that follow each other with the same range are one.

    Each has from, until ("" while it stands), exact, low, high, asked, brief, codes.
    """
    made: dict[tuple[object, ...], dict[str, Any]] = {}
    for r in part.sort_values(["code", "from"], kind="stable").to_dict("records"):
        key = (r["code"], r["low"], r["high"], r["asked"])
        old = made.get(key)
        if old and old["until"] and day_after(old["until"]) == r["from"]:
            old["until"] = r["until"]
            continue
        area = {k: r[k] for k in ("from", "until", "exact", "low", "high", "asked", "brief")} | {"codes": [_code(r)]}
        made[key if old is None else (*key, r["from"])] = area
    same: dict[tuple[object, ...], dict[str, Any]] = {}
    for area in made.values():
        key = tuple(area[k] for k in ("from", "until", "exact", "low", "high", "asked"))
        if key in same:
            same[key]["codes"] += area["codes"]
        else:
            same[key] = area
    return list(same.values())


def _code(r: Mapping[str, Any]) -> str:
    return str(r["label"]) if str(r["code"]).startswith("unnumbered/") else str(r["code"])


def _panel(
    ax: Any, part: pd.DataFrame, layer: str, position: int, axis: Axis, first: str, as_of: str, letter: float
) -> None:
    from matplotlib.patches import Rectangle

    colour, _ = layer_style(layer, position)
    end = number(as_of)
    start = number(first) - max(150.0, 0.1 * (end - number(first)))
    width = end + 20 - start
    written: list[tuple[float, float, str, str]] = []
    # What is caught by the number alone lies on top.
    for area in sorted(areas(part), key=lambda a: a["asked"] == ""):
        left = number(area["from"])
        right = number(day_after(area["until"])) if area["until"] else end
        low = axis.low if area["low"] is None or float(area["low"]) <= axis.low else float(area["low"])
        high = axis.high if area["high"] is None else float(area["high"])
        hatch, strength = _LOOKS[bool(area["asked"])]
        look: dict[str, Any] = {"xy": (left, low), "width": right - left, "height": high - low}
        if not area["asked"]:
            ax.add_patch(Rectangle(**look, facecolor=PAPER, linewidth=0, zorder=3))
        ax.add_patch(Rectangle(**look, facecolor=colour, alpha=strength, linewidth=0, zorder=3))
        ax.add_patch(
            Rectangle(**look, facecolor="none", edgecolor=INK, hatch=hatch, linewidth=0.8, alpha=0.8, zorder=3)
        )
        bottom, top = axis.share(low), axis.share(high)
        if not area["exact"]:
            ax.plot([left], [axis.value((bottom + top) / 2)], marker="<", color=INK, markersize=4, zorder=6)
        names = ", ".join(area["codes"][:2]) + (" ..." if len(area["codes"]) > 2 else "")
        text = textwrap.fill(names, 20, break_long_words=False, break_on_hyphens=False)
        if area["brief"]:
            text += "\n" + textwrap.fill(f"if {area['brief']}", 30)
        longest = max(len(line) for line in text.split("\n")) * letter
        if longest < (right - left) / width:
            middle, align = (left + right) / 2, "center"
        elif longest < (left - start) / width:
            middle, align = left - 0.015 * width, "right"
        else:
            middle, align = right - 0.01 * width, "right"
        # Open areas are told near the line that they begin with, the others in their middle.
        lines = text.count("\n") + 1
        height = bottom + 0.035 * lines if area["high"] is None else (bottom + top) / 2
        written.append((height, middle, align, text))
    _write(ax, axis, written)
    if not len(part):
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 2}
        look = {"transform": ax.transAxes, "color": GREY, "fontsize": 7, "bbox": box, "zorder": 5}
        ax.text(0.5, 0.5, "no line by this number", ha="center", va="center", **look)
    ax.set_xlim(start, end + 20)
    years(ax, 1 if width < 2000 else 2 if width < 4500 else 4)
    ax.tick_params(axis="y", left=False, which="both")
    ax.spines["left"].set_visible(False)


def _write(ax: Any, axis: Axis, texts: Sequence[tuple[float, float, str, str]]) -> None:
    """Labels of areas; those that stand in one column are moved apart where they would overlap."""
    columns: dict[tuple[float, str], list[tuple[float, float, str, str]]] = {}
    for one in sorted(set(texts)):
        columns.setdefault((one[1], one[2]), []).append(one)
    for column in columns.values():
        tall = max(t[3].count("\n") + 1 for t in column) * 0.044
        for (_, x, align, text), height in zip(column, spread([t[0] for t in column], tall), strict=True):
            box = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
            ax.text(
                x, axis.value(height), text, ha=align, va="center", fontsize=5.8, bbox=box, zorder=7, linespacing=1.1
            )


def _legend(fig: Any) -> None:
    from matplotlib.patches import Rectangle

    handles = []
    for asks, label in (
        (False, "caught by this number alone"),
        (True, "caught only if the condition named there holds too"),
    ):
        hatch, strength = _LOOKS[asks]
        look: dict[str, Any] = {
            "facecolor": FAINT if strength < 0.5 else GREY,
            "edgecolor": INK,
            "hatch": hatch,
            "linewidth": 0.6,
        }
        handles.append(Rectangle((0, 0), 1, 1, label=label, **look))
    fig.legend(handles=handles, loc="outside lower left", ncols=2)


# -- words -------------------------------------------------------------------------------------------------------


def _tell(table: pd.DataFrame, layers: Sequence[str], quantity: str, measures: Measures) -> str:
    """What each regime catches on the last day, in a sentence."""
    parts = []
    for layer in layers:
        found = areas(table[table["layer"] == layer])
        standing = [a for a in found if not a["until"]]
        if not standing:
            parts.append(f"{short(layer)} nothing any more" if found else f"{short(layer)} nothing by this number")
            continue
        ranges = list(
            dict.fromkeys(
                _range(a["low"], a["high"], quantity, measures)
                + (f" with {a['asked']}" if a["asked"] else "")
                + f" (since {'on or before ' if not a['exact'] else ''}{day(a['from'])})"
                for a in standing
            )
        )
        more = [f"{len(ranges) - 3} more ranges"] if len(ranges) > 4 else []
        parts.append(f"{short(layer)} {listed([*ranges[:3], *more] if more else ranges)}")
    return f"{capital(measures.label(quantity))}: {'; '.join(parts)}."


def _range(low: Any, high: Any, quantity: str, measures: Measures) -> str:
    if low is not None and high is not None:
        return f"{measures.amount(quantity, low)} to {measures.amount(quantity, high)}"
    if low is not None:
        return f"from {measures.amount(quantity, low)}"
    return f"up to {measures.amount(quantity, high)}"


def _notes(tables: Sequence[pd.DataFrame], measures: Measures, as_of: str) -> list[Any]:
    shared: list[str] = []
    for table in tables:
        text = measures.phrases(_ordered(common(table)))
        if text and text not in shared:
            shared.append(text)
    notes = [f"As of {day(as_of)}. An area is what a regime catches; it starts and ends with the rules that drew it."]
    symbols = {
        c.quantity: measures.quantities[c.quantity].symbol
        for t in tables
        for o, brief_ in zip(t["others"], t["brief"], strict=True)
        for c in o
        if brief_ and measures.quantities[c.quantity].symbol
    }
    if symbols:
        notes.append(f"{capital(listed(f'{sign}: {measures.label(name)}' for name, sign in sorted(symbols.items())))}.")
    if shared:
        notes.append(f"All areas also ask: {'; '.join(shared)}.")
    if any(t["carved"].any() for t in tables):
        notes.append("What notes take out again is not shown.")
    if any((~t["exact"].astype(bool)).any() for t in tables):
        notes.append("An arrowhead at the left of an area: listed on or before that day.")
    marks = [grade_mark(g) for t in tables for g in t["grade"]]
    return [*notes, *(f"Some numbers: {n}" for n in grade_notes(marks))]


def _ordered(cell: set[Constraint]) -> Cell:
    return tuple(sorted(cell, key=repr))
