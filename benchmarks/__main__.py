"""``python -m benchmarks [PART ...] [--all]``: a table of times and ratios; exit 1 when an aim is missed."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence

from benchmarks.core import PARTS, TIMES, Row

HEADS = ("what", "ours", "(processor)", "peer", "ratio", "aim", "", "against")


def cells(row: Row) -> tuple[str, ...]:
    """A row of the table as text."""

    def seconds(value: float | None) -> str:
        if value is None:
            return ""
        return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s"

    aim = (
        f"< {row.at_most:g} s" if row.at_most is not None else f"x {row.at_least:g}" if row.at_least is not None else ""
    )
    word = {True: "met", False: "MISSED", None: ""}[row.met]
    ratio = f"x {row.ratio:.1f}" if row.ratio is not None else ""
    against = "; ".join(part for part in (row.peer_name, row.note) if part)
    peer = row.peer.wall if row.peer else None
    return (row.what, seconds(row.ours.wall), f"({seconds(row.ours.work)})", seconds(peer), ratio, aim, word, against)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say by the exit code whether every aim was met."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(PARTS)}")
    parser.add_argument("--all", action="store_true", help="also the whole plan of reports (minutes)")
    asked = parser.parse_args(arguments)
    if unknown := [part for part in asked.parts if part not in PARTS]:
        parser.error(f"there is no part '{unknown[0]}'; there are {', '.join(PARTS)}")
    print(f"Python {platform.python_version()} on {os.cpu_count()} processors; best of {TIMES}")
    rows = [row for part in asked.parts or PARTS for row in PARTS[part]()]
    table = [HEADS, *map(cells, rows)]
    widths = [max(len(line[n]) for line in table) for n in range(len(HEADS))]
    for line in table:
        padded = (
            c.rjust(w) if 0 < n < len(HEADS) - 1 else c.ljust(w)
            for n, (c, w) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join(padded).rstrip())
    missed = sum(row.met is False for row in rows)
    if asked.all or not asked.parts:
        from benchmarks import suggestions

        missed += suggestions.main([])
    if asked.all:
        from benchmarks import reports

        missed += reports.main([])
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
