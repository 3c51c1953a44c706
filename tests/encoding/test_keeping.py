"""Parses and units that are kept between runs: quicker, never different, never in the way."""

from __future__ import annotations

import errno
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from small_library import US, SmallLibrary

from analysis.encoding.check import check
from analysis.encoding.library import Library, find_root, load
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.units import Kept
from analysis.encoding.yamlsource import prune, read_yaml


def kept(small: SmallLibrary) -> Path:
    return small.root / ".cache" / "yaml"


def facts(library: Library) -> list[tuple[str, int, object]]:
    """Everything about every control, with its place."""
    return [(c.file, c.line, c.model_dump()) for data in library.regimes.values() for c in data.controls.values()]


def test_the_second_load_is_the_first_again(small: SmallLibrary) -> None:
    plain = facts(load(small.root, cache=False))
    assert not kept(small).exists()
    first, second = facts(load(small.root)), facts(load(small.root))
    assert plain == first == second
    assert len(list(kept(small).iterdir())) == len(load(small.root).sources)


def test_a_changed_file_is_read_anew(small: SmallLibrary) -> None:
    load(small.root)
    small.change(US, "label: Quantum computers", "label: Computers of the future")
    assert load(small.root).control("us-ear", "4A906").label == "Computers of the future"


def test_a_problem_keeps_its_line(small: SmallLibrary) -> None:
    load(small.root)
    small.change(US, "reasons: [NS]", "reasons: [NX]")
    (problem,) = check(load(small.root, strict=False))
    assert (problem.file, problem.line) == (US, small.line(US, "reasons: [NX]"))


def test_a_damaged_parse_is_made_anew(small: SmallLibrary) -> None:
    plain = facts(load(small.root))
    for path in kept(small).iterdir():
        path.write_text("[", "utf-8")
    assert facts(load(small.root)) == plain


def test_a_full_disk_is_no_matter(small: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert facts(load(small.root)) == facts(load(small.root, cache=False))
    assert list(kept(small).iterdir()) == []


def test_a_folder_that_cannot_be_made_is_no_matter(small: SmallLibrary) -> None:
    """A file stands where the kept parses would go."""
    (small.root / ".cache").write_text("not a folder", "utf-8")
    assert facts(load(small.root)) == facts(load(small.root, cache=False))


def test_old_parses_are_thrown_away(small: SmallLibrary) -> None:
    library = load(small.root)
    wanted = {path.name for path in kept(small).iterdir()}
    for number in range(8 * len(wanted) + 1):
        (kept(small) / f"old-{number}.json").write_text("[]", "utf-8")
    prune(kept(small), library.sources.values())
    assert {path.name for path in kept(small).iterdir()} == wanted


def test_a_few_old_parses_stay(small: SmallLibrary) -> None:
    library = load(small.root)
    (kept(small) / "old.json").write_text("[]", "utf-8")
    prune(kept(small), library.sources.values())
    assert (kept(small) / "old.json").exists()


def test_units_are_kept(tmp_path: Path) -> None:
    first, second = Kept(), Kept()
    first.open(tmp_path)
    first.known["wonder"], first.new = (Fraction(1, 3), "[wonder]^1"), True
    first.save()
    second.open(tmp_path)
    assert second.known == {"wonder": (Fraction(1, 3), "[wonder]^1")}


def test_damaged_units_are_no_units(tmp_path: Path) -> None:
    first, second = Kept(), Kept()
    first.open(tmp_path)
    assert first.file is not None
    first.file.write_text('{"nm": ["much"]}', "utf-8")
    second.open(tmp_path)
    assert second.known == {}


def test_the_second_check_needs_no_pint(small: SmallLibrary) -> None:
    """It takes half of the time of a check to import."""
    script = (
        "import sys; from analysis.encoding.library import load; from analysis.encoding.check import check; "
        "assert check(load(sys.argv[1])) == []; print('pint' in sys.modules)"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script, str(small.root)], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert said == ["True\n", "False\n"]


class TestFindingTheProject:
    def test_here_and_above(self, small: SmallLibrary) -> None:
        assert find_root(small.root) == small.root
        assert find_root(small.root / "regimes" / "us-ear" / "controls") == small.root

    def test_elsewhere_it_is_the_installed_one(self, tmp_path: Path, project: Path) -> None:
        assert find_root(tmp_path) == project

    def test_an_empty_folder_here_is_not_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "regimes").mkdir()
        assert find_root(tmp_path) == tmp_path
        with pytest.raises(WorkbenchError, match="holds no YAML files"):
            load(find_root(tmp_path))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"^a\.yaml: cannot be read \(Is a directory\); check the file$"):
        read_yaml(tmp_path, "a.yaml")
