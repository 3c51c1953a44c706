"""The computed lists of ``regimes/README.md``: which cells are blank, and which sets of statements are complete.

``python -m analysis.compare.blanklist`` writes them between their marks, and changes nothing else; a test compares.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from analysis.compare.coverage import coverage
from analysis.encoding.library import Library, find_root, load
from analysis.encoding.problems import WorkbenchError

AS_OF = "2026-11-22"
SIDES = ("us-ear", "eu-dual-use", "law-in:nl")
WIDTH = 120


def blank_leaves(library: Library, sides: Sequence[str] = SIDES, as_of: str = AS_OF) -> dict[str, list[str]]:
    """By side, the technologies without further division about which nothing is encoded, in order of the vocabulary."""
    table = coverage(library, list(sides), as_of)
    found: dict[str, list[str]] = {side: [] for side in sides}
    for row in table[table["leaf"] & (table["state"] == "not-encoded")].itertuples():
        found[str(row.side)].append(str(row.technology))
    return found


def blanks_text(library: Library) -> str:
    """The list of blanks as Markdown."""
    leaves = library.vocabulary.leaves()
    lines = [f"On {AS_OF}, of {len(leaves)} technologies without further division:", ""]
    for side, names in blank_leaves(library).items():
        share = f"{100 * len(names) / len(leaves):.1f} %"
        listed = ", ".join(f"`{name}`" for name in names) or "none"
        item = f"- **{side}**: {len(names)} blank ({share}): {listed}"
        lines += textwrap.wrap(item, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


def sets_text(library: Library) -> str:
    """The complete sets of statements as a Markdown table: units are what is counted, statements what was said in them."""
    units: dict[str, set[str]] = {}
    kinds: dict[str, Counter[str]] = {}
    documents: dict[str, str] = {}
    for statement in library.statements:
        if statement.set_:
            units.setdefault(statement.set_, set()).add(statement.pinpoint)
            kinds.setdefault(statement.set_, Counter())[statement.kind] += 1
            documents[statement.set_] = statement.document
    rows = ["| set | document | units | statements |", "|---|---|--:|--:|"]
    for name in sorted(units):
        rows.append(f"| `{name}` | `{documents[name]}` | {len(units[name])} | {kinds[name].total()} |")
    return "\n".join(rows)


BLOCKS = {"blanks": blanks_text, "sets": sets_text}


def renewed(readme: str, library: Library) -> str:
    """``readme`` with every computed list as it is now; raises WorkbenchError when a mark is missing."""
    for name, text in BLOCKS.items():
        block = re.search(rf"(?<=<!-- {name}: )([^>]*-->\n)(.*?)(?=<!-- end of {name} -->)", readme, re.S)
        if not block:
            raise WorkbenchError(f"regimes/README.md has no place '<!-- {name}: ... -->' to '<!-- end of {name} -->'")
        readme = readme[: block.start(2)] + text(library) + "\n" + readme[block.end(2) :]
    return readme


def main(root: Path | None = None) -> int:
    """Write the lists of ``regimes/README.md`` anew; 0 when done. Raises WorkbenchError when a mark is missing."""
    base = root or find_root()
    path = base / "regimes" / "README.md"
    old = path.read_text("utf-8")
    new = renewed(old, load(base))
    if new == old:
        print("regimes/README.md is fresh")
        return 0
    partial = path.with_suffix(".part")
    partial.write_text(new, "utf-8")
    partial.replace(path)
    print("regimes/README.md: lists written anew")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except WorkbenchError as error:
        sys.exit(str(error))
