"""Lead and lag: dumbbells from first listing to first listing, and how long the other side took to follow."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.compare.leadlag import BASES, Basis, by_instruments, days_between, half_time, kaplan_meier, waiting
from analysis.compare.scope import short
from analysis.encoding.library import Library
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.dates import number, years
from analysis.present.style import FAINT, GREY, INK, PAPER, drawing, layer_style
from analysis.present.words import capital, count, day, grade_mark, grade_notes, listed

#: How kinds of item are headed, in the order of the chart.
HEADS = {
    "alone": "First mover acted alone",
    "with-few": "First mover acted with a few like-minded states",
    "mixed": "Partly a decision of a regime",
    "implementation": "Carrying out decisions of a regime: no leadership",
    "unknown": "Order or origin not known",
}


def dumbbells(
    library: Library,
    cases: pd.DataFrame,
    as_of: str,
    *,
    by: Basis = "effective",
    most: int = 26,
    id: str = "lead-and-lag",
    caption: str = "",
) -> Figure | None:
    """A row per pair of instruments and topic, with both first listings on a time axis; None where nothing can be drawn.

    ``cases`` as ``analysis.compare.leadlag.cases`` gives them. Items whose order the dates cannot tell are counted in a note and
    not drawn; so are rows beyond ``most`` (the ones with fewest items). ``by`` chooses the dates: ``effective``, ``published``
    or ``adopted``.
    """
    counted = cases[cases["counts"].astype(bool)] if len(cases) else cases
    shown = counted[counted["first"] != ""] if len(counted) else counted
    groups = _rows(library, by_instruments(shown), by)
    if not groups:
        return None
    left_out = sorted(groups, key=lambda g: -g["items"])[most:]
    groups = [g for g in groups if g not in left_out]
    unknown = int((counted["first"] == "").sum())
    heads = [k for k in HEADS if any(g["kind"] == k for g in groups)]
    lines = len(groups) + len(heads)
    layers = list(dict.fromkeys(x for g in groups for x in (g["layer_a"], g["layer_b"])))
    with drawing(TEXT_WIDTH, 0.95 + 0.265 * lines) as (fig, ax):
        y = 0
        names: list[tuple[float, str]] = []
        for kind in heads:
            ax.text(0, y, HEADS[kind], transform=ax.get_yaxis_transform(), fontsize=7.2, fontweight="bold", va="center")
            ax.axhline(y + 0.5, color=FAINT, linewidth=0.5, zorder=0)
            y += 1
            for g in (g for g in groups if g["kind"] == kind):
                _dumbbell(ax, g, y, layers, as_of)
                names.append((y, g["name"]))
                y += 1
        ax.set_yticks([at for at, _ in names], [text for _, text in names], fontsize=6.6)
        ax.set_ylim(y - 0.4, -0.6)
        first = min(d for g in groups for d in (g["date_a"], g["date_b"]) if d)
        width = number(as_of) - number(first)
        ax.set_xlim(number(first) - 0.06 * width, number(as_of) + 0.2 * width)
        years(ax, 1 if width < 3000 else 2 if width < 6500 else 4)
        ax.set_xticks([t for t in ax.get_xticks() if number(first) - 400 <= t <= number(as_of)])
        ax.grid(axis="x", color=FAINT, linewidth=0.4)
        ax.set_axisbelow(True)
        ax.tick_params(axis="y", length=0)
        fig.legend(handles=_handles(ax, library, layers), loc="outside upper left", ncols=5, columnspacing=1.0)
    notes: list[Any] = [
        f"By day of {BASES[by]}, as of {day(as_of)}. Days count from the first listing to that of the other side; × n: items "
        "that the same two instruments listed."
    ]
    if unknown:
        notes.append(f"Not drawn: {count(unknown, 'item')} of which the dates do not tell who was first.")
    if left_out:
        notes.append(
            f"Not drawn for room: {count(sum(g['items'] for g in left_out), 'item')} in {count(len(left_out), 'row')}."
        )
    if any(not g["independent"] for g in groups):
        notes.append("° The two regimes bind in one place and do not act independently of each other.")
    marks = [grade_mark(g["grade"]) for g in groups]
    return Figure(
        id,
        caption or "Who listed it first, and how long the other side took",
        _tell(groups, heads),
        fig,
        [*notes, *grade_notes(marks)],
    )


def _rows(library: Library, table: pd.DataFrame, by: Basis) -> list[dict[str, Any]]:
    """Rows of the chart: groups with the dates of the chosen basis and a name; those without any such date are left out."""
    made = []
    for r in table.to_dict("records"):
        row = dict(r)
        for end in "ab":
            row[f"date_{end}"] = (
                r[f"listed_{end}"] if by == "effective" or not r[f"exact_{end}"] else r[f"{by}_{end}"] or ""
            )
        if not row["date_a"] and not row["date_b"]:
            continue
        if r["items"] == 1:
            what = textwrap.shorten(r["labels"][0], 38, placeholder=" ...", break_on_hyphens=False)
        else:
            topic = library.vocabulary.technologies[r["topic"]].label.en if r["topic"] else "items"
            what = f"{topic} × {r['items']}"
        row["name"] = f"{what}{'' if r['independent'] else ' °'} {grade_mark(r['grade'])}".rstrip()
        made.append(row)
    return sorted(
        made, key=lambda g: (list(HEADS).index(g["kind"]), min(d for d in (g["date_a"], g["date_b"]) if d), g["name"])
    )


def _dumbbell(ax: Any, g: dict[str, Any], y: float, layers: Sequence[str], as_of: str) -> None:
    ends = [(g[f"date_{e}"], g[f"exact_{e}"], g[f"layer_{e}"]) for e in "ab"]
    at = [number(d) if d else number(as_of) for d, _, _ in ends]
    known = all(d for d, _, _ in ends)
    style = "-" if known and all(exact for _, exact, _ in ends) else (0, (3, 2))
    ax.plot(at, [y, y], color=GREY, linewidth=1.6, linestyle=style, zorder=2)
    for (date, exact, layer), x in zip(ends, at, strict=True):
        colour, marker = layer_style(layer, layers.index(layer))
        if not date:
            ax.plot([x], [y], marker=">", color=PAPER, markeredgecolor=colour, markersize=5.5, zorder=4)
            continue
        face = colour if exact else PAPER
        ax.plot([x], [y], marker=marker, color=face, markeredgecolor=colour, markersize=5.5, zorder=4)
        if not exact:
            ax.annotate(
                "",
                (x, y),
                (-9, 0),
                textcoords="offset points",
                arrowprops={"arrowstyle": "<-", "color": colour, "lw": 0.9},
            )
    ax.annotate(_days(g, as_of), (max(at), y), (7, 0), textcoords="offset points", va="center", fontsize=6.6)


def _days(g: dict[str, Any], as_of: str) -> str:
    one, two = g["date_a"], g["date_b"]
    if not one or not two:
        return "not followed" if g["first"] in ("a", "b") else ""
    days = abs(days_between(one, two) or 0)
    if not (g["exact_a"] and g["exact_b"]):
        return f"at least {days:,} days"
    return "same day" if days == 0 else f"{days:,} days"


def _handles(ax: Any, library: Library, layers: Sequence[str]) -> list[Any]:
    from matplotlib.lines import Line2D

    made = []
    for n, layer in enumerate(layers):
        colour, marker = layer_style(layer, n)
        made.append(Line2D([], [], linestyle="", marker=marker, color=colour, label=library.regimes[layer].meta.short))
    made.append(Line2D([], [], linestyle="", marker="o", color=PAPER, markeredgecolor=INK, label="on or before"))
    made.append(Line2D([], [], linestyle="", marker=">", color=PAPER, markeredgecolor=INK, label="not listed so far"))
    return made


def _tell(groups: Sequence[dict[str, Any]], heads: Sequence[str]) -> str:
    parts = []
    for kind in heads:
        mine = [g for g in groups if g["kind"] == kind]
        firsts: dict[str, int] = {}
        for g in mine:
            who = "the same day" if g["first"] == "same" else short(g[f"layer_{g['first']}"])
            firsts[who] = firsts.get(who, 0) + g["items"]
        total = sum(g["items"] for g in mine)
        said = listed(f"{n} by {who}" if who != "the same day" else f"{n} on the same day" for who, n in firsts.items())
        parts.append(f"{HEADS[kind]}: {count(total, 'item')}, first listed {said}")
    return f"Dumbbells between the first listings of two sides. {'. '.join(parts)}."


def following(
    cases: pd.DataFrame,
    as_of: str,
    names: tuple[str, str],
    *,
    kinds: Sequence[str] = ("alone", "with-few"),
    id: str = "following",
) -> Figure | None:
    """Share of items that the other side had not yet listed, by days since the first listing (Kaplan and Meier's estimate).

    One step line per first mover with the items at risk; a tick marks an item that was not followed by ``as_of``. Only the
    ``kinds`` named. None where no first mover has three items or more.
    """
    curves = []
    for end, follower in (("a", names[1]), ("b", names[0])):
        times = waiting(cases, "a" if end == "a" else "b", as_of, kinds)
        if len(times) >= 3:
            name = names[0] if end == "a" else names[1]
            layer = next(iter(cases[cases["first"] == end][f"layer_{end}"]), "")
            curves.append((name, follower, layer, times, kaplan_meier(list(times["days"]), list(times["followed"]))))
    if not curves:
        return None
    told = []
    with drawing(TEXT_WIDTH, 2.7) as (fig, ax):
        for n, (name, follower, layer, times, curve) in enumerate(curves):
            colour, _ = layer_style(layer, n)
            (line,) = ax.step(
                curve["days"], curve["share"], where="post", color=colour, linewidth=1.6, linestyle=("-", "--")[n]
            )
            censored = curve[curve["censored"] > 0]
            ax.plot(censored["days"], censored["share"], linestyle="", marker="|", color=INK, markersize=8)
            line.set_label(
                f"{name} first, {follower} follows: {len(times)} items, {int(times['followed'].sum())} followed so far"
            )
            half = half_time(curve)
            told.append(
                f"{name} first: {count(len(times), 'item')}, {int(times['followed'].sum())} of them followed by {follower}; "
                + (
                    f"half were followed within {half:,.0f} days"
                    if half is not None
                    else "fewer than half were followed so far"
                )
            )
        ax.legend(loc="upper right")
        ax.set_ylim(0, 1.05)
        longest = max(float(curve["days"].iloc[-1]) for *_, curve in curves)
        ax.set_xlim(0, max(200, 200 * math.ceil(longest / 200)))
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        ax.set_xlabel("days since the first listing")
        ax.set_ylabel("not yet listed\nby the other side")
    return Figure(
        id,
        "How long the other side took to list what one had listed first",
        f"Step lines of the share not yet followed. {capital('. '.join(told))}.",
        fig,
        [
            f"Kaplan-Meier estimate, as of {day(as_of)}; ticks: items not followed so far. Only items that a side listed on its "
            "own or with a few like-minded states, and whose first listing is known to the day. Items that one rule listed "
            "together fall together, so the steps count few decisions. Entries that nobody has paired, and for which the other "
            "side was not searched, are not counted: the estimate leans towards items that were followed."
        ],
    )
