"""What is graded official names a text that is at hand, or a public copy that was read elsewhere."""

from __future__ import annotations

import re

from analysis.encoding.library import Library

from .editions import LISTS, OTHERS
from .excused import Excused, none_of


def test_official_versions_name_a_text_that_was_seen(library: Library, excused: Excused) -> None:
    found = []
    for regime in library.regimes.values():
        here = [e.words for e in LISTS if e.regime == regime.id] + list(OTHERS)
        for control in regime.controls.values():
            for version in control.versions:
                for piece in version.evidence:
                    if piece.grade != "official" or any(re.search(w, piece.against or "") for w in here):
                        continue
                    if not excused.find("elsewhere", against=piece.against or ""):
                        what = f"{regime.id} {control.code} from {version.from_}"
                        found.append(
                            f"{control.place}: {what} is official against '{piece.against}', which is not at hand"
                        )
    none_of(found)
    none_of(excused.unused("elsewhere"))
