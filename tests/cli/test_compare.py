"""``regimes compare``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from small_library import SmallLibrary

from analysis.cli import main

LITHO = "semiconductors/lithography"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run the command as the shell does: (exit code, standard output, standard error)."""

    def call(root: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["regimes", "--root", str(root), "compare", *arguments])
        with pytest.raises(SystemExit) as exit_:
            main()
        shown = capsys.readouterr()
        return int(exit_.value.code or 0), shown.out, shown.err

    return call


def joined(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def test_the_overlay_story(run, project: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run(project, "nl-national", "us-ear", "--technology", LITHO, "--as-of", "2026-11-22")
    assert code == 0
    text = joined(out)
    for said in (
        "on 22 November 2026 (--as-of)",
        "closeMatch (nearly the same)",
        "equal†: Dutch “Older immersion scanners with middling overlay” and US 3B993.f.1 draw the same line.",
        "US 17 November 2023 (88 FR 73424, then in 3B001.f.1.b): US came 295 days before.",
        "Licence needed: Dutch to outside the customs territory of the European Union (case by case)",
        "1 September 2023†: Dutch 3B001.f.4 (Most advanced immersion scanners) begins",
        "Dutch 3B001.f.4 stops at 1.50 nm dedicated chuck overlay; US 3B001.f.1.b also takes tools up to 2.40 nm.",
        "2 December 2024‡: US 3B993.f.1 takes over from 3B001.f.1.b",
        "15 November 2025: Dutch 3B001.f.4 is displaced by another list of the same place; "
        "it stood from 1 September 2023 to 14 November 2025",
        "† Not verified: check before relying on it.",
        "Nothing here is legal advice.",
    ):
        assert said in text
    assert max(map(len, out.splitlines())) <= 100


def test_the_plan_gives_the_day(run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
    small.write("reports/plan.yaml", 'defaults: {as_of: "2025-01-01"}\n')
    _, out, _ = run(small.root, "nl-national", "us-ear")
    assert "on 1 January 2025 (the default of reports/plan.yaml)" in joined(out)
    _, out, _ = run(small.root, "nl-national", "us-ear", "--as-of", "2024-01-01")
    assert "on 1 January 2024 (--as-of)" in joined(out)


def test_json(run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run(small.root, "nl-national", "us-ear", "--technology", LITHO, "--as-of", "2025-01-01", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["a"], found["b"], found["as_of"], found["technology"]) == (
        "nl-national",
        "us-ear",
        "2025-01-01",
        LITHO,
    )
    assert [p["verdict"] for p in found["pairs"]] == ["narrower"]


def test_an_alias_of_a_technology(run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run(
        small.root, "nl-national", "us-ear", "--technology", "semiconductors/litho", "--as-of", "2025-01-01"
    )
    assert "Pairs in force (1)" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["nl-nationl", "us-ear", "--as-of", "2025-01-01"],
            1,
            "there is no side 'nl-nationl'; nearest valid name: nl-national",
        ),
        (["nl-national", "us-ear", "--as-of", "2025-13-01"], 2, "--as-of: '2025-13-01' is not a day of the calendar"),
        (["nl-national", "us-ear"], 2, "say for which day: --as-of YYYY-MM-DD"),
        (
            ["nl-national", "us-ear", "--as-of", "2025-01-01", "--technology", "semiconductors/lithografy"],
            1,
            "there is no technology 'semiconductors/lithografy'; nearest valid name: semiconductors/lithography",
        ),
        (["nl-national"], 2, "Missing argument 'B'"),
    ],
)
def test_bad_input(run, small: SmallLibrary, arguments: list[str], code: int, said: str) -> None:  # type: ignore[no-untyped-def]
    exit_code, out, err = run(small.root, *arguments)
    assert (exit_code, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


def test_nothing_to_pair(run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run(small.root, "nl-national", "us-ear", "--as-of", "2010-01-01")
    assert code == 0
    assert "No pair of entries that stand on this day is mapped." in out
