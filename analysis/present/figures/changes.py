"""Changes: when, by which instrument, how much."""

from __future__ import annotations

import pandas as pd

from analysis.encoding.library import Library
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.citations import short_name
from analysis.present.style import BLUE, GREY, ORANGE, PURPLE, RED, drawing
from analysis.present.words import count, day, listed

_KINDS = (
    ("added", BLUE, "", "o"),
    ("changed", ORANGE, "///", "s"),
    ("marked", PURPLE, "...", "D"),
    ("ended", RED, "xxx", "X"),
    ("displaced", GREY, "---", "P"),
)


_WORDS = {"displaced": "taken over", "marked": "stayed or not enforced"}


def steps(library: Library, table: pd.DataFrame, since: str, until: str, *, id: str = "changes") -> Figure | None:
    """One row per instrument that changed something: bars for entries added, changed, marked and ended. None without changes."""
    known = table[table["kind"] != "unknown-before"]
    known = known[known["instrument"] != ""]
    if not len(known):
        return None
    grouped = known.groupby(["date", "instrument"], sort=True)
    rows = []
    for (date, instrument), part in grouped:
        tally = {k: len(part[part["kind"] == k][["layer", "code"]].drop_duplicates()) for k, *_ in _KINDS}
        rows.append((str(date), str(instrument), tally))
    widest = max(sum(t.values()) for _, _, t in rows)
    with drawing(TEXT_WIDTH, 0.85 + 0.24 * max(len(rows), 2)) as (fig, ax):
        for y, (_, _, tally) in enumerate(rows):
            left = 0
            for kind, colour, hatch, _ in _KINDS:
                if tally[kind]:
                    ax.barh(y, tally[kind], left=left, color=colour, hatch=hatch, edgecolor="white", height=0.65)
                    left += tally[kind]
            ax.text(
                left + widest * 0.01,
                y,
                " " + ", ".join(f"{n} {_WORDS.get(k, k)}" for k, n in tally.items() if n),
                va="center",
                fontsize=7,
            )
        names = [f"{day(d)}  {short_name(library.instrument(i))}" for d, i, _ in rows]
        ax.set_yticks(range(len(rows)), names)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, widest * 1.28)
        ax.set_xlabel("entries")
        ax.tick_params(axis="y", length=0)
    told = [
        f"{day(d)}: " + listed(count(n, f"entry {k}", f"entries {k}") for k, n in t.items() if n) for d, _, t in rows
    ]
    return Figure(
        id,
        f"Entries added, changed, marked and ended, by instrument, {day(since)} to {day(until)}",
        "; ".join(told) + ".",
        fig,
        ["Marked: the text stands, but it was stayed or is not enforced."]
        if any(t["marked"] for *_, t in rows)
        else [],
    )
