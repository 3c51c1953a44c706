"""``regimes map``: suggesting and accepting pairs."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from small_library import SmallLibrary

from analysis.cli import main

MAPPINGS = "regimes/mappings.yaml"
PAIR = ("us-ear:4A906", "eu-dual-use:4A906")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run the command as the shell does: (exit code, standard output, standard error)."""

    def call(root: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["regimes", "--root", str(root), "map", *arguments])
        with pytest.raises(SystemExit) as exit_:
            main()
        shown = capsys.readouterr()
        return int(exit_.value.code or 0), shown.out, shown.err

    return call


class TestSuggest:
    def test_json(self, run, project: Path) -> None:  # type: ignore[no-untyped-def]
        code, out, _ = run(
            project, "suggest", "us-ear", "eu-dual-use", "--technology", "quantum", "--as-of", "2026-11-22", "--json"
        )
        rows = json.loads(out)
        assert code == 0
        assert all(set(r) == {"a", "b", "score", "why", "curated"} for r in rows)
        assert {r["a"]["regime"] for r in rows} == {"us-ear"}
        scores = [r["score"] for r in rows]
        assert scores == sorted(scores, reverse=True)
        assert all(0.3 <= s <= 1 for s in scores)
        pairs = {(r["a"]["code"], r["b"]["code"]) for r in rows if r["curated"]}
        assert ("4A906.a.1", "4A506.a.1") in pairs

    def test_text_shows_no_curated_pair(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        _, out, _ = run(small.root, "suggest", "us-ear", "eu-dual-use", "--as-of", "2025-01-01", "--min-score", "0")
        assert "One curated pair would be suggested as well and is not shown." in out
        shown = " ".join(out.split())
        assert "US 4A906 (Quantum computers) | EU 4A906 (Ovens)" in shown
        assert "US 3B001.f (Lithography tools) | EU 3B001.f (Steppers)" not in shown

    def test_min_score(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        _, out, _ = run(
            small.root, "suggest", "us-ear", "eu-dual-use", "--as-of", "2025-01-01", "--min-score", "1", "--json"
        )
        assert json.loads(out) == []
        code, _, err = run(small.root, "suggest", "us-ear", "eu-dual-use", "--as-of", "2025-01-01", "--min-score", "2")
        assert code == 2
        assert "2.0 is not in the range 0<=x<=1" in err

    def test_unknown_technology(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        code, _, err = run(
            small.root, "suggest", "us-ear", "eu-dual-use", "--technology", "quantm", "--as-of", "2025-01-01"
        )
        assert (code, err.strip()) == (1, "there is no technology 'quantm'; nearest valid name: quantum")


def accept(run, small: SmallLibrary, *arguments: str) -> tuple[int, str, str]:  # type: ignore[no-untyped-def]
    given = arguments if "--checked" in arguments else (*arguments, "--checked", "2026-06-30")
    found: tuple[int, str, str] = run(small.root, "accept", *given)
    return found


class TestAccept:
    def test_the_rest_of_the_file_stays(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        before = small.read(MAPPINGS) + "# a remark at the end, without a line break"
        small.write(MAPPINGS, before)
        reason = "Both: 'quoted' # no comment, \"4A906\" - and   spaces"
        code, out, err = accept(run, small, *PAIR, "--relation", "relatedMatch", "--reason", reason)
        assert (code, err) == (0, "")
        after = small.read(MAPPINGS)
        assert after.startswith(before + "\n")
        made = small.load().mappings[-1]
        assert (made.a.regime, made.a.code, made.b.regime, made.b.code) == ("us-ear", "4A906", "eu-dual-use", "4A906")
        assert made.reason == " ".join(reason.split())
        assert (made.relation, made.checked, made.by, made.evidence[0].grade) == (
            "relatedMatch",
            "2026-06-30",
            "regime-workbench",
            "unverified",
        )
        assert out.strip() == f"{made.place}: us-ear:4A906 relatedMatch eu-dual-use:4A906"
        assert small.problems() == []

    def test_a_long_reason_reads_back(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        reason = "- " + "Überlänge: word " * 60 + "#end"
        assert accept(run, small, *PAIR, "--relation", "relatedMatch", "--reason", reason)[0] == 0
        assert small.load().mappings[-1].reason == reason
        assert max(map(len, small.read(MAPPINGS).splitlines())) <= 130

    def test_all_fields(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        options = ["--from", "2024-11-08", "--until", "2026-01-01", "--by", "A reader", "--against", "two prints"]
        code, _, err = accept(
            run, small, *PAIR, "--relation", "relatedMatch", "--reason", "x", *options, "--grade", "secondary"
        )
        assert (code, err) == (0, "")
        made = small.load().mappings[-1]
        assert (made.from_, made.until, made.by) == ("2024-11-08", "2026-01-01", "A reader")
        (piece,) = made.evidence
        assert (piece.grade, piece.against, piece.checked) == ("secondary", "two prints", "2026-06-30")

    def test_without_a_file(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        small.path(MAPPINGS).unlink()
        assert accept(run, small, *PAIR, "--relation", "relatedMatch", "--reason", "x")[0] == 0
        assert small.read(MAPPINGS).startswith("# yaml-language-server: $schema=schema/mappings.schema.json\n- a: ")

    def test_line_ends_and_mode_stay(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        path = small.path(MAPPINGS)
        path.write_bytes(small.read(MAPPINGS).replace("\n", "\r\n").encode())
        path.chmod(0o640)
        assert accept(run, small, *PAIR, "--relation", "relatedMatch", "--reason", "x")[0] == 0
        raw = path.read_bytes()
        assert raw.count(b"\n") == raw.count(b"\r\n")
        assert path.stat().st_mode & 0o777 == 0o640

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (
                ["us-ear:4A96", "eu-dual-use:4A906", "--relation", "relatedMatch", "--reason", "x"],
                1,
                "there is no control '4A96'; nearest valid name: 4A906",
            ),
            (
                ["us-eer:4A906", "eu-dual-use:4A906", "--relation", "relatedMatch", "--reason", "x"],
                1,
                "there is no regime 'us-eer'; nearest valid name: us-ear",
            ),
            (
                ["4A906", "eu-dual-use:4A906", "--relation", "relatedMatch", "--reason", "x"],
                1,
                "'4A906' names no entry; write REGIME:CODE",
            ),
            (
                ["us-ear:4A906", "us-ear:4A906", "--relation", "exactMatch", "--reason", "x"],
                1,
                "us-ear 4A906 cannot be paired with itself; name two entries",
            ),
            (
                ["us-ear:3B001.f", "nl-national:3B001.f.4", "--relation", "relatedMatch", "--reason", "x"],
                1,
                "us-ear 3B001.f and nl-national 3B001.f.4 are mapped already (regimes/mappings.yaml:8, broadMatch); "
                "mend that record, or give both their dates",
            ),
            (
                ["us-ear:4A906", "eu-dual-use:4A906", "--relation", "broader", "--reason", "x"],
                2,
                "'broader' is not one of",
            ),
            (["us-ear:4A906", "eu-dual-use:4A906", "--relation", "relatedMatch"], 2, "Missing option '--reason'"),
            (
                ["us-ear:4A906", "eu-dual-use:4A906", "--relation", "relatedMatch", "--reason", " \n "],
                1,
                "a pair needs a reason in plain words; add --reason",
            ),
            (
                [
                    "us-ear:4A906",
                    "eu-dual-use:4A906",
                    "--relation",
                    "relatedMatch",
                    "--reason",
                    "x",
                    "--until",
                    "2024-02-30",
                ],
                1,
                "until: '2024-02-30' is not a day of the calendar",
            ),
            (
                [
                    "us-ear:4A906",
                    "eu-dual-use:4A906",
                    "--relation",
                    "relatedMatch",
                    "--reason",
                    "x",
                    "--grade",
                    "official",
                ],
                1,
                "evidence graded 'official' needs the texts that were compared; add --against",
            ),
            (
                ["eu-dual-use:3B001.f", "nl-national:3B001.f.4", "--relation", "exactMatch", "--reason", "x"],
                1,
                "eu-dual-use 3B001.f exactMatch nl-national 3B001.f.4 contradicts their thresholds",
            ),
            (
                [
                    "us-ear:4A906",
                    "eu-dual-use:4A906",
                    "--relation",
                    "relatedMatch",
                    "--reason",
                    "x",
                    "--checked",
                    "today",
                ],
                1,
                "checked: 'today' is not a date; write YYYY-MM-DD",
            ),
        ],
    )
    def test_refused(self, run, small: SmallLibrary, arguments: list[str], code: int, said: str) -> None:  # type: ignore[no-untyped-def]
        before = {p: p.read_bytes() for p in small.root.rglob("*.yaml")}
        exit_code, out, err = accept(run, small, *arguments)
        assert (exit_code, out) == (code, "")
        assert said in err
        assert len(err.strip().splitlines()) == 1 or code == 2
        assert {p: p.read_bytes() for p in small.root.rglob("*.yaml")} == before
        assert not list(small.root.rglob(".mappings-*"))

    def test_the_same_pair_for_another_time(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        small.change(
            MAPPINGS,
            "reason: The American entry takes shorter",
            'until: "2024-12-31"\n  reason: The American entry takes shorter',
        )
        ends = ["us-ear:3B001.f", "nl-national:3B001.f.4", "--relation", "narrowMatch", "--reason", "x"]
        assert accept(run, small, *ends, "--from", "2024-12-31")[0] == 1
        assert accept(run, small, *ends, "--from", "2025-01-01")[0] == 0

    def test_broken_encodings_first(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        small.append(MAPPINGS, "- a: [\n")
        before = small.read(MAPPINGS)
        code, _, err = accept(run, small, *PAIR, "--relation", "relatedMatch", "--reason", "x")
        assert code == 1
        assert "broken YAML" in err
        assert small.read(MAPPINGS) == before

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_that_cannot_be_written(self, run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        folder = small.path("regimes")
        folder.chmod(0o500)
        try:
            code, _, err = accept(run, small, *PAIR, "--relation", "relatedMatch", "--reason", "x")
        finally:
            folder.chmod(0o700)
        assert code == 1
        assert "regimes/mappings.yaml cannot be written" in err
