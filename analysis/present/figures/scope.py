"""Scope: the lives of the entries that two or more sides have for one technology."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from analysis.compare.coverage import sides_of
from analysis.compare.scope import about, within
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.dates import number, years
from analysis.present.style import FAINT, INK, PAPER, drawing, layer_style
from analysis.present.words import count, day, listed

#: More entries than this are drawn by entry of the list (3B001) instead of by paragraph.
MANY = 18


def lives(library: Library, sides: Sequence[str | Side], as_of: str, technology: str, *, id: str = "lives") -> Figure:
    """A bar per entry from its first encoded version to the day; a tick where it changed, an arrow where the start is unknown.

    With many paragraphs, those of one entry share a bar (its label says how many).
    """
    nodes = within(library, technology)
    label = library.vocabulary.technologies[technology].label.en
    groups: dict[tuple[str, str], list[tuple[str, bool, str, list[str]]]] = {}
    resolved = sides_of(library, sides, as_of)
    found = [
        (listing, side)
        for side in resolved
        for listing in side.listings
        if listing.standing.state is not None
        and listing.standing.status != "not-yet-encoded"
        and about(library, listing.standing.state, nodes)
    ]
    unique = list({(x.layer, x.code): x for x, _ in found}.values())
    whole = len(unique) > MANY
    for listing in unique:
        # An entry that took the technology in later belongs to it since then only.
        states = [s for s in listing.timeline.states if s.from_ <= as_of and about(library, s, nodes)]
        end = as_of if listing.standing.listed else _end(listing.standing.sentence, states[-1].from_, as_of)
        key = (listing.layer, listing.control.name.split(".")[0] if whole else listing.control.name)
        entry = (states[0].from_, states[0].start != "exact", end, [s.from_ for s in states[1:] if s.from_ < end])
        groups.setdefault(key, []).append(entry)
    order = {layer: n for n, layer in enumerate(dict.fromkeys(layer for s in resolved for layer in s.layers))}
    names = sorted(groups, key=lambda k: (order.get(k[0], 99), k[1]))
    first = min((e[0] for g in groups.values() for e in g), default=as_of)
    with drawing(TEXT_WIDTH, 0.8 + 0.185 * max(3, len(names))) as (fig, ax):
        for y, key in enumerate(names):
            colour, marker = layer_style(key[0], order.get(key[0], 0))
            for start, unknown, end, steps in groups[key]:
                ax.plot(
                    [number(start), number(end)],
                    [y, y],
                    color=colour,
                    linewidth=4,
                    solid_capstyle="butt",
                    alpha=0.75,
                    zorder=2,
                )
                for step in steps:
                    ax.plot([number(step)], [y], marker="|", color=INK, markersize=8, zorder=4)
                if unknown:
                    ax.plot(
                        [number(start)], [y], marker="<", color=PAPER, markeredgecolor=colour, markersize=5, zorder=3
                    )
                else:
                    ax.plot([number(start)], [y], marker=marker, color=colour, markersize=5, zorder=3)
                if end < as_of:
                    ax.plot([number(end)], [y], marker="x", color=INK, markersize=5, zorder=5)
        labels = [_label(code, len(groups[layer, code]) if whole else 1) for layer, code in names]
        ax.set_yticks(range(len(names)), labels)
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.set_xlim(number(first) - 150, number(as_of) + 30)
        years(ax, 1 if number(as_of) - number(first) < 3700 else 2)
        ax.grid(axis="x", color=FAINT, linewidth=0.5)
        ax.tick_params(axis="y", length=0)
        handles = []
        for layer, n in order.items():
            if any(k[0] == layer for k in names):
                colour, marker = layer_style(layer, n)
                short = library.regimes[layer].meta.short
                handles.append(ax.plot([], [], marker=marker, color=colour, linewidth=4, alpha=0.75, label=short)[0])
        handles.append(
            ax.plot([], [], marker="<", color=PAPER, markeredgecolor=INK, linestyle="", label="start not known")[0]
        )
        handles.append(ax.plot([], [], marker="|", color=INK, markersize=8, linestyle="", label="changed")[0])
        handles.append(ax.plot([], [], marker="x", color=INK, linestyle="", label="ended or taken over")[0])
        fig.legend(handles=handles, loc="outside upper left", ncols=4)
    told = listed(
        count(
            sum(len(g) for k, g in groups.items() if k[0] == layer),
            f"{library.regimes[layer].meta.short} entry",
            f"{library.regimes[layer].meta.short} entries",
        )
        for layer in order
    )
    note = f"As of {day(as_of)}."
    if whole:
        note += " Paragraphs of one entry share a bar; the number in brackets counts them."
    return Figure(
        id, f"{label}: the entries through time", f"Bars from first encoded version to today: {told}.", fig, [note]
    )


def _label(code: str, paragraphs: int) -> str:
    short = textwrap.shorten(code, 34, placeholder=" ...")
    return f"{short} ({paragraphs})" if paragraphs > 1 else short


def _end(sentence: str, fallback: str, as_of: str) -> str:
    """The day on which an entry stopped, from its standing."""
    import re

    found = re.search(r"(\d{4}-\d{2}-\d{2})", sentence)
    return min(found.group(1) if found else fallback, as_of)
