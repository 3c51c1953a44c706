"""Two quantities at once: the areas that each side catches on a day, with products as points."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis.compare.bounds import bounds, compared, products
from analysis.compare.boxes import Bound
from analysis.compare.scope import short
from analysis.compare.thresholds import Measures, unit_text
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.encoding.timeline import day_after
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.figures.thresholds import Axis, brief
from analysis.present.style import GREY, INK, PAPER, drawing, layer_style
from analysis.present.words import capital, count, day, grade_mark, grade_notes, listed

#: Hatch of each group of sides that draw the same lines, and the style of its outline.
_LOOKS = (("////", "-"), ("\\\\\\\\", "--"), ("....", ":"), ("xxxx", "-."))
#: Places of a label around its point, in points, best first.
_PLACES = [
    (5, 3, "left"), (6, -2, "left"), (-6, -2, "right"), (5, -8, "left"), (-5, 3, "right"), (-5, -8, "right"),
    (0, 8, "center"), (0, -13, "center"), (8, 11, "left"), (8, -17, "left"), (-8, 11, "right"), (-8, -17, "right"),
    (10, 19, "left"), (10, -25, "left"), (-10, 19, "right"), (-10, -25, "right"),
]  # fmt: skip


@dataclass(frozen=True)
class _Area:
    """A rectangle of the plane; None: no bound. ``open`` names the ends that are not caught themselves, ``asked`` the rest."""

    left: float | None
    right: float | None
    low: float | None
    high: float | None
    open: frozenset[str]
    asked: str

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it, apart from what else is asked."""
        ends = (
            ("left", self.left, x, 1),
            ("right", self.right, x, -1),
            ("low", self.low, y, 1),
            ("high", self.high, y, -1),
        )
        return all(
            end is None or sign * (value - end) > 0 or (value == end and name not in self.open)
            for name, end, value, sign in ends
        )


def plane(
    library: Library,
    sides: Sequence[str | Side],
    as_of: str,
    x: str,
    y: str,
    technology: str | None = None,
    *,
    codes: Collection[str] | None = None,
    probes: Collection[str] | None = None,
    id: str = "",
    caption: str = "",
) -> Figure | None:
    """What each side catches on the day in the plane of two quantities; sides that draw the same lines share an area.

    ``codes`` limits the entries; without it those that curated pairs join across the sides are drawn, else all. ``probes``
    names the products; without it all of the technology that publish both quantities are drawn (those nearest to a line are
    named first, as far as names find room). None where no entry that stands on the day bounds either quantity.
    """
    measures = Measures(library.vocabulary.quantities)
    table = _standing(library, sides, as_of, (x, y), technology, codes)
    if not len(table):
        return None
    names = (str(table["x"].iloc[0]), str(table["y"].iloc[0]))
    shared = set.intersection(*(set(c) - _of(c, names) for c in table["cell"]))
    groups = _groups(table, names, shared, measures)
    points, partial = _points(library, names, technology, probes)
    edges = [[v for areas in groups for a in areas for v in pair(a) if v] for pair in (_across, _upward)]
    axis_x = Axis.over([*edges[0], *(float(v) for v in points["x"])])
    axis_y = Axis.over([*edges[1], *(float(v) for v in points["y"])])
    with drawing(TEXT_WIDTH, 4.3) as (fig, ax):
        if axis_x.log:
            ax.set_xscale("log")
        ax.set_xlim(axis_x.low, axis_x.high)
        axis_y.apply(ax)
        handles = []
        for number, (areas, who) in enumerate(groups.items()):
            handles.append(_draw(ax, areas, who, number, (axis_x, axis_y)))
        for name, axis, along in ((names[0], ax.xaxis, axis_x), (names[1], ax.yaxis, axis_y)):
            _label(axis, measures, name, along, edges[0] if axis is ax.xaxis else edges[1])
        fig.legend(handles=handles, loc="outside lower left", ncols=1)
        fig.canvas.draw()
        nameless = _mark(fig, ax, points, edges)
    labels = [measures.label(n) for n in names]
    told = "; ".join(_tell(areas, who, names, measures) for areas, who in groups.items())
    caught = _caught(points, groups)
    return Figure(
        id or f"plane-{x}-{y}",
        caption or f"{capital(labels[0])} against {labels[1]}: what is caught on {day(as_of)}",
        f"Areas in the plane of {labels[0]} and {labels[1]}, and {count(len(points), 'product')} as points. "
        f"{capital(told)}. {caught}",
        fig,
        _notes(table, shared, measures, as_of, partial, nameless),
    )


def _standing(
    library: Library,
    sides: Sequence[str | Side],
    as_of: str,
    quantities: tuple[str, str],
    technology: str | None,
    codes: Collection[str] | None,
) -> pd.DataFrame:
    """Boxes in force that bound one of the quantities; columns x and y name the quantities as compared."""
    parts = []
    plain: list[str] = []
    for name in quantities:
        table = bounds(library, sides, as_of, name, technology, codes)
        plain.append(str(table["quantity"].iloc[0]) if len(table) else library.vocabulary.quantities.id_of(name))
        parts.append(table)
    both = pd.concat(parts, ignore_index=True).drop_duplicates(["layer", "code", "from", "box"])
    both = _since_when(both).assign(x=plain[0], y=plain[1])
    both = both[both["until"] == ""].reset_index(drop=True)
    return both if codes is not None or not len(both) else compared(library, both)


def _since_when(table: pd.DataFrame) -> pd.DataFrame:
    """With from and exact of the first of the states that follow each other with the same box."""
    starts: list[tuple[str, bool]] = [("", True)] * len(table)
    ended: dict[tuple[object, ...], tuple[str, bool]] = {}
    for n in sorted(range(len(table)), key=lambda n: str(table["from"].iloc[n])):
        r = table.iloc[n].to_dict()
        key = (r["layer"], r["code"], frozenset(r["cell"]))
        start = ended.get((*key, r["from"]), (r["from"], r["exact"]))
        starts[n] = start
        if r["until"]:
            ended[(*key, day_after(r["until"]))] = start
    return table.assign(**{"from": [s for s, _ in starts], "exact": [e for _, e in starts]})


def _of(cell: Any, names: Sequence[str]) -> set[Any]:
    return {c for c in cell if c.quantity in names}


def _groups(
    table: pd.DataFrame, names: tuple[str, str], shared: set[Any], measures: Measures
) -> dict[tuple[_Area, ...], list[dict[str, Any]]]:
    """Areas -> who draws exactly these: layer, codes, since."""
    found: dict[tuple[_Area, ...], list[dict[str, Any]]] = {}
    for layer, part in table.groupby("layer", sort=False):
        areas: dict[_Area, None] = {}
        for r in part.to_dict("records"):
            kept = {(c.quantity, c.upper): c for c in r["cell"] if isinstance(c, Bound) and c.quantity in names}
            ends = {key: float(c.value) for key, c in kept.items()}
            words = {
                (names[0], False): "left",
                (names[0], True): "right",
                (names[1], False): "low",
                (names[1], True): "high",
            }
            rest = tuple(c for c in r["cell"] if c.quantity not in names and c not in shared)
            area = _Area(
                ends.get((names[0], False)),
                ends.get((names[0], True)),
                ends.get((names[1], False)),
                ends.get((names[1], True)),
                frozenset(words[key] for key, c in kept.items() if c.strict),
                measures.phrases(rest),
            )
            areas[area] = None
        codes = list(dict.fromkeys(part["code"]))
        exact = bool(part["exact"].all())
        who = {"layer": layer, "codes": codes, "since": min(part["from"]), "exact": exact}
        found.setdefault(tuple(sorted(areas, key=_place)), []).append(who)
    return found


def _place(area: _Area) -> tuple[float, float, str]:
    return area.left or 0.0, area.low or 0.0, repr(area)


def _across(area: _Area) -> tuple[float | None, float | None]:
    return area.left, area.right


def _upward(area: _Area) -> tuple[float | None, float | None]:
    return area.low, area.high


def _draw(ax: Any, areas: Sequence[_Area], who: Sequence[dict[str, Any]], number: int, axes: tuple[Axis, Axis]) -> Any:
    from matplotlib.patches import Rectangle

    colour, _ = layer_style(str(who[0]["layer"]), number)
    hatch, line = _LOOKS[number % len(_LOOKS)]
    x, y = axes
    for a in areas:
        left, right = (x.low if a.left is None else a.left), (x.high if a.right is None else a.right)
        low, high = (y.low if a.low is None else a.low), (y.high if a.high is None else a.high)
        look: dict[str, Any] = {"xy": (left, low), "width": right - left, "height": high - low}
        ax.add_patch(Rectangle(**look, facecolor=_light(colour), linewidth=0, zorder=2 + 0.1 * number))
        ax.add_patch(
            Rectangle(
                **look,
                facecolor="none",
                edgecolor=colour,
                hatch=hatch,
                linestyle=line,
                linewidth=1.1,
                alpha=0.8,
                zorder=3,
            )
        )
    text = " and ".join(f"{short(w['layer'])} {_codes(w['codes'])} ({_since(w)})" for w in who)
    if len(who) > 1:
        text += ": the same lines"
    label = textwrap.fill(text, 96)
    return Rectangle(
        (0, 0), 1, 1, facecolor=PAPER, edgecolor=colour, hatch=hatch, linestyle=line, linewidth=1.1, label=label
    )


def _light(colour: str) -> tuple[float, float, float]:
    """A colour on paper: areas of one side that overlap look like one."""
    from matplotlib.colors import to_rgb

    one, two, three = (0.82 + 0.18 * c for c in to_rgb(colour))
    return one, two, three


def _codes(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{codes[0]} to {codes[-1]}" if len(codes) > 3 else listed(codes)


def _since(who: dict[str, Any]) -> str:
    return ("since " if who["exact"] else "on or before ") + day(str(who["since"]))


def _label(axis: Any, measures: Measures, name: str, along: Axis, edges: Sequence[float]) -> None:
    """Name and unit, with the values of the lines as ticks."""
    from matplotlib.ticker import NullFormatter, NullLocator

    kept: list[float] = []
    for edge in sorted(set(edges)):
        if all(abs(along.share(edge) - along.share(k)) > 0.03 for k in kept):
            kept.append(edge)
    tight = any(along.share(b) - along.share(a) < 0.06 for a, b in pairwise(kept))
    if not along.log:
        kept = [0.0, *kept]
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
    turned = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if tight and axis.axis_name == "x" else {}
    axis.set_ticks(kept, [f"{k:,.10g}" for k in kept], **turned)
    unit = measures.quantities[name].unit or "1"
    more = ", ".join(w for w in (unit_text(unit) if unit != "1" else "", "log scale" if along.log else "") if w)
    axis.set_label_text(capital(measures.label(name)) + (f" ({more})" if more else ""))


def _points(
    library: Library, names: tuple[str, str], technology: str | None, probes: Collection[str] | None
) -> tuple[pd.DataFrame, list[str]]:
    """Products that publish both quantities (columns id, name, year, x, y), and the names of those that publish one."""
    one, two = (products(library, n, technology, probes) for n in names)
    both = one.merge(two[["id", "value"]], on="id", suffixes=("_x", "_y"))
    both = both.rename(columns={"value_x": "x", "value_y": "y"})
    both = both[(both["x"] > 0) & (both["y"] > 0)].reset_index(drop=True)
    rest = pd.concat([one, two])
    rest = rest[~rest["id"].isin(both["id"])].drop_duplicates("id")
    return both, [brief(n) for n in rest["name"]]


def _mark(fig: Any, ax: Any, points: pd.DataFrame, edges: Sequence[Sequence[float]]) -> int:
    """Points with names where they find a free place, those nearest to a line first; returns how many found none."""
    from matplotlib.transforms import Bbox

    renderer = fig.canvas.get_renderer()
    frame = ax.get_window_extent(renderer)
    pixel = fig.dpi / 72
    placed: list[Any] = []
    spots = [ax.transData.transform((float(r.x), float(r.y))) for r in points.itertuples()]
    lines = [ax.transData.transform([(e, e) for e in ends])[:, n] if ends else [] for n, ends in enumerate(edges)]
    dots = [Bbox.from_bounds(sx - 3 * pixel, sy - 3 * pixel, 6 * pixel, 6 * pixel) for sx, sy in spots]

    def distance(n: int) -> float:
        return float(min((abs(spots[n][k] - e) for k in (0, 1) for e in lines[k]), default=0.0))

    rows = list(points.itertuples())
    for r in rows:
        ax.plot(
            [float(r.x)],
            [float(r.y)],
            marker="o",
            markersize=4,
            color=INK,
            markeredgecolor=PAPER,
            markeredgewidth=0.6,
            zorder=8,
        )
    nameless = 0
    for group in _together(sorted(range(len(rows)), key=lambda n: (distance(n), n)), spots, 4 * pixel):
        spot = (float(rows[group[0]].x), float(rows[group[0]].y))
        name = ", ".join(brief(rows[n].name) for n in group)
        for dx, dy, align in _PLACES:
            look: dict[str, Any] = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.4, "alpha": 0.75}
            arrow = {"arrowstyle": "-", "color": GREY, "linewidth": 0.5} if abs(dy) > 9 else None
            form: dict[str, Any] = {
                "textcoords": "offset points",
                "ha": align,
                "fontsize": 6,
                "bbox": look,
                "zorder": 7,
            }
            text = ax.annotate(name, spot, (dx, dy), arrowprops=arrow, **form)
            box = text.get_window_extent(renderer).padded(1.5 * pixel)
            clear = not any(box.overlaps(other) for other in placed)
            clear = clear and not any(box.overlaps(dot) for k, dot in enumerate(dots) if k not in group)
            if clear and frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1:
                placed.append(box)
                break
            text.remove()
        else:
            nameless += len(group)
    return nameless


def _together(order: Sequence[int], spots: Sequence[Any], near: float) -> list[list[int]]:
    """Points that lie on each other share a name; in the order given."""
    groups: list[list[int]] = []
    for n in order:
        for group in groups:
            if max(abs(spots[n] - spots[group[0]])) <= near:
                group.append(n)
                break
        else:
            groups.append([n])
    return groups


def _tell(areas: Sequence[_Area], who: Sequence[dict[str, Any]], names: tuple[str, str], measures: Measures) -> str:
    parts = []
    for a in areas:
        texts = [_range(measures, names[0], a.left, a.right), _range(measures, names[1], a.low, a.high)]
        parts.append(" with ".join(t for t in texts if t) + (f" and {a.asked}" if a.asked else ""))
    more = [f"{len(parts) - 3} more areas"] if len(parts) > 4 else []
    names_ = " and ".join(f"{short(w['layer'])} {_codes(w['codes'])}" for w in who)
    return f"{names_} take{'' if len(who) > 1 else 's'} {listed([*parts[:3], *more] if more else parts)}"


def _range(measures: Measures, name: str, low: float | None, high: float | None) -> str:
    label = measures.label(name)
    if low is not None and high is not None:
        return f"{label} {low:,.10g} to {high:,.10g}"
    if low is not None:
        return f"{label} from {low:,.10g}"
    return f"{label} up to {high:,.10g}" if high is not None else ""


def _caught(points: pd.DataFrame, groups: dict[tuple[_Area, ...], list[dict[str, Any]]]) -> str:
    """Which products lie inside an area."""
    inside = [
        brief(r.name)
        for r in points.itertuples()
        if any(a.holds(float(r.x), float(r.y)) for areas in groups for a in areas)
    ]
    if not len(points):
        return ""
    return f"Inside an area lie: {listed(inside)}." if inside else "No product lies inside an area."


def _notes(
    table: pd.DataFrame, shared: set[Any], measures: Measures, as_of: str, partial: Sequence[str], nameless: int
) -> list[Any]:
    notes = [f"As of {day(as_of)}. Points are published figures; an illustration for comparison, not a classification."]
    text = measures.phrases(tuple(sorted(shared, key=repr)))
    if text:
        notes.append(f"All areas also ask: {text}.")
    rest = {
        measures.phrases(tuple(c for c in r["cell"] if c.quantity not in (r["x"], r["y"]) and c not in shared))
        for r in table.to_dict("records")
    } - {""}
    if rest:
        notes.append(f"Some areas also ask: {'; '.join(sorted(rest))}.")
    if table["carved"].any():
        notes.append("What notes take out again is not shown.")
    if partial:
        more = f" and {len(partial) - 6} more" if len(partial) > 6 else ""
        notes.append(f"Not drawn, since only one of the two figures is published: {', '.join(partial[:6])}{more}.")
    if nameless:
        notes.append(f"{capital(count(nameless, 'point'))} found no room for a name.")
    return [*notes, *(f"Some numbers: {n}" for n in grade_notes([grade_mark(g) for g in table["grade"]]))]
