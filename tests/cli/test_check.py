"""``regimes check`` and the command as such: exit codes, what is said where, and how fast help comes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_library import US, SmallLibrary

from analysis.cli import VERBS, main

BAD = "unknown reason for control 'NX'; use a known reason for control or add it"


class Said:
    """What a command left behind."""

    def __init__(self, code: int, out: str, err: str):
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def regimes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run the command as a shell does."""

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["regimes", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return Said(int(ended.value.code or 0), shown.out, shown.err)

    return run


@pytest.fixture
def bad(small: SmallLibrary) -> SmallLibrary:
    """A library with one problem in the controls of us-ear."""
    small.change(US, "reasons: [NS]", "reasons: [NX]")
    return small


class TestCheck:
    def test_clean(self, regimes, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--root", str(small.root), "check")
        assert (said.code, said.err) == (0, "")
        assert said.out.splitlines()[0].split() == ["regime", "kind", "records", "official", "secondary", "unverified"]
        assert said.out.splitlines()[-1] == "no problems"

    def test_counts_by_regime_kind_and_grade(self, regimes, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        lines = [line.split() for line in regimes("--root", str(small.root), "check").out.splitlines()]
        assert ["us-ear", "controls", "2", "0", "1", "1"] in lines
        assert ["eu-dual-use", "instruments", "4", "0", "0", "4"] in lines
        assert ["context", "products", "1", "0", "0", "1"] in lines

    def test_problems(self, regimes, bad: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--root", str(bad.root), "check")
        assert said.code == 1
        assert said.err == f"{US}:{bad.line(US, 'reasons: [NX]')}: {BAD}\n"
        assert said.out.splitlines()[-1] == "1 problem(s) in 1 file(s)"

    def test_a_mapping_against_its_thresholds(self, regimes, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        small.change("regimes/mappings.yaml", "relation: broadMatch", "relation: exactMatch")
        said = regimes("--root", str(small.root), "check")
        assert said.code == 1
        line = small.line("regimes/mappings.yaml", "relation: exactMatch")
        assert said.err.startswith(
            f"regimes/mappings.yaml:{line}: nl-national 3B001.f.4 exactMatch us-ear 3B001.f contra"
        )

    def test_wrong_usage(self, regimes, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--root", str(small.root), "check", "--jsn")
        assert (said.code, said.out) == (2, "")
        assert "No such option" in said.err
        assert "--json" in said.err

    def test_no_such_place(self, regimes, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--root", str(small.root), "check", "regimes/us-aer")
        assert said.code == 2
        assert "there is no file or folder 'regimes/us-aer'." in said.err

    def test_a_place_outside(self, regimes, small: SmallLibrary, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
        """No "no problems" for a folder that was not looked at."""
        (tmp_path / "elsewhere").mkdir()
        said = regimes("--root", str(small.root), "check", str(tmp_path / "elsewhere"))
        assert said.code == 2
        assert f"is no part of the encodings in {small.root / 'regimes'}" in said.err

    def test_no_encodings(self, regimes, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--root", str(tmp_path), "check")
        assert (said.code, said.out) == (1, "")
        assert said.err == f"there is no folder 'regimes' in {tmp_path}; name the project's folder with --root\n"

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            (".", 1),
            ("regimes", 1),
            ("regimes/us-ear", 1),
            ("regimes/us-ear/controls/chips.yaml", 1),
            ("regimes/eu-dual-use", 0),
            ("regimes/us-ear/instruments.yaml", 0),
        ],
    )
    def test_only_a_part(  # type: ignore[no-untyped-def]
        self, regimes, bad: SmallLibrary, monkeypatch: pytest.MonkeyPatch, path: str, code: int
    ) -> None:
        monkeypatch.chdir(bad.root)
        said = regimes("check", path)
        assert said.code == code
        assert (BAD in said.err) is bool(code)

    def test_from_below(self, regimes, bad: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
        monkeypatch.chdir(bad.root / "regimes" / "us-ear")
        assert regimes("check").err.startswith(f"{US}:")
        assert regimes("check", "controls").code == 1
        assert regimes("check", "instruments.yaml").code == 0

    def test_json(self, regimes, bad: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--root", str(bad.root), "check", "--json")
        assert (said.code, said.err) == (1, "")
        found = json.loads(said.out)
        assert sorted(found) == ["counts", "problems"]
        assert found["problems"] == [
            {
                "file": US,
                "line": bad.line(US, "reasons: [NX]"),
                "message": "unknown reason for control 'NX'",
                "nearest": "",
                "fix": "use a known reason for control or add it",
            }
        ]
        row = next(r for r in found["counts"] if (r["regime"], r["kind"]) == ("us-ear", "controls"))
        assert row == {
            "regime": "us-ear",
            "kind": "controls",
            "records": 2,
            "official": 0,
            "secondary": 1,
            "unverified": 1,
        }

    def test_json_of_a_clean_library(self, regimes, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--root", str(small.root), "check", "--json")
        assert said.code == 0
        assert json.loads(said.out)["problems"] == []

    def test_nothing_is_written_but_what_is_kept(self, regimes, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
        before = {p: p.read_bytes() for p in (small.root / "regimes").rglob("*") if p.is_file()}
        regimes("--root", str(small.root), "check")
        assert {p: p.read_bytes() for p in (small.root / "regimes").rglob("*") if p.is_file()} == before
        assert {p.name for p in small.root.iterdir()} == {"regimes", ".cache"}


class TestTheCommand:
    def test_help_names_every_verb(self, regimes) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--help")
        assert (said.code, said.err) == (0, "")
        for verb, (_, text) in VERBS.items():
            assert verb in said.out
            assert text.split(",")[0].split(":")[0][:30] in said.out

    @pytest.mark.parametrize("verb", sorted(VERBS))
    def test_every_verb_has_help(self, regimes, verb: str) -> None:  # type: ignore[no-untyped-def]
        said = regimes(verb, "--help")
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"Usage: regimes {verb}")
        assert len(said.out.splitlines()) > 3

    @pytest.mark.parametrize(
        ("word", "sentence"),
        [
            ("chekc", "There is no command 'chekc'. Did you mean 'check'? See 'regimes --help'."),
            ("reports", "There is no command 'reports'. Did you mean 'report'? See 'regimes --help'."),
            ("xyzzy", "There is no command 'xyzzy'. See 'regimes --help'."),
        ],
    )
    def test_unknown_command(self, regimes, word: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
        said = regimes(word)
        assert (said.code, said.out) == (2, "")
        assert sentence in said.err

    def test_version(self, regimes) -> None:  # type: ignore[no-untyped-def]
        said = regimes("--version")
        assert said.code == 0
        assert said.out.startswith("regimes, version ")

    def test_every_verb_stands_in_the_readme(self, project: Path) -> None:
        readme = (project / "README.md").read_text("utf-8")
        assert [verb for verb in VERBS if f"regimes {verb}" not in readme] == []

    def test_help_imports_nothing_heavy(self) -> None:
        """Help comes in a blink because no verb, and no library of a verb, is imported for it."""
        script = (
            "import sys; from analysis.cli import cli; cli.main(['--help'], standalone_mode=False); "
            "print('heavy:', sorted({'pandas', 'numpy', 'pydantic', 'pint', 'yaml', 'papermill', 'matplotlib', "
            "'jsonschema', 'rapidfuzz'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "heavy: []"

    def test_check_imports_neither_pandas_nor_jupyter(self, small: SmallLibrary) -> None:
        script = (
            "import sys; from analysis.cli import cli; cli.main(['--root', sys.argv[1], 'check'], standalone_mode=False); "
            "print('heavy:', sorted({'pandas', 'numpy', 'papermill', 'matplotlib', 'jsonschema', 'nbformat'} & "
            "set(sys.modules)))"
        )
        runs = [
            subprocess.run([sys.executable, "-c", script, str(small.root)], capture_output=True, text=True, check=True)
            for _ in range(2)
        ]
        assert runs[1].stdout.splitlines()[-1] == "heavy: []"

    def test_a_closed_pipe_is_no_error(self, small: SmallLibrary) -> None:
        command = f"{sys.executable} -c 'from analysis.cli import main; main()' --root {small.root} check | head -n 1"
        done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True)
        assert "Traceback" not in done.stderr
        assert done.stdout.startswith("regime ")
