"""A small valid library that a test may change in one place (invented; see tests/golden/small/regimes/README.md)."""

from __future__ import annotations

import shutil
from pathlib import Path

from analysis.encoding.check import check
from analysis.encoding.library import Library, load

SMALL = Path(__file__).parent / "golden" / "small"

US = "regimes/us-ear/controls/chips.yaml"
EU = "regimes/eu-dual-use/controls/list.yaml"
NL = "regimes/nl-national/controls/order.yaml"


class SmallLibrary:
    """A copy of the small library in a folder of its own."""

    def __init__(self, root: Path):
        self.root = root
        shutil.copytree(SMALL / "regimes", root / "regimes")

    def path(self, name: str) -> Path:
        return self.root / name

    def read(self, name: str) -> str:
        return self.path(name).read_text("utf-8")

    def write(self, name: str, text: str | bytes) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def change(self, name: str, old: str, new: str) -> None:
        """Put ``new`` in the place of ``old``, which must stand in the file exactly once."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.read(name) if self.path(name).exists() else "") + text)

    def line(self, name: str, text: str) -> int:
        """The line of ``text``, which must stand on exactly one line of the file."""
        found = [n for n, line in enumerate(self.read(name).splitlines(), start=1) if text in line]
        assert len(found) == 1, f"{text!r} stands on the lines {found} of {name}"
        return found[0]

    def load(self, *, strict: bool = True) -> Library:
        return load(self.root, strict=strict, cache=False)

    def problems(self) -> list[str]:
        """Every problem as the user reads it."""
        return [str(p) for p in check(self.load(strict=False))]
