"""The guides of ``regimes/README.md`` are executable: each example, applied as it is printed, gives sound encodings."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from analysis.compare.blanklist import BLOCKS, blank_leaves, renewed
from analysis.compare.coverage import coverage
from analysis.encoding.check import check
from analysis.encoding.library import Library, load
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.sides import lives, resolve
from analysis.encoding.yamlsource import read_yaml

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "regimes" / "README.md").read_text("utf-8")
GUIDES = ("Add an order", "Add a regime", "Add a technology")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def apply(title: str, root: Path) -> int:
    """Do what the comment on the first line of each example says; returns how many examples there were."""
    examples = re.findall(r"```yaml\n# ([^\n]+)\n(.*?)```", section(title), re.S)
    for order, text in examples:
        new = re.fullmatch(r"new file (\S+)", order)
        append = re.fullmatch(r"append to (\S+)", order)
        versions = re.fullmatch(r'append to the versions of "(\S+)" in (\S+)', order)
        if new:
            path = root / new[1]
            assert not path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        elif append:
            path = root / append[1]
            path.write_text(path.read_text("utf-8").rstrip("\n") + "\n\n" + text, "utf-8")
        else:
            assert versions, f"the example '{order}' does not say where it goes"
            path = root / versions[2]
            source = read_yaml(path)
            codes = [record["code"] for record in source.data]
            ends = [*source.record_lines[1:], len(path.read_text("utf-8").splitlines()) + 1]
            rows = path.read_text("utf-8").splitlines(keepends=True)
            at = ends[codes.index(versions[1])] - 1
            while rows[at - 1].strip() == "" or rows[at - 1].startswith("#"):
                at -= 1
            path.write_text("".join([*rows[:at], text, *rows[at:]]), "utf-8")
    return len(examples)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "regimes", tmp_path / "regimes")
    return tmp_path


def sound(root: Path) -> Library:
    library = load(root, strict=False, cache=False)
    assert [str(p) for p in check(library)] == []
    return library


@pytest.mark.parametrize("title", GUIDES)
def test_guides_have_ten_lines(title: str) -> None:
    steps = re.findall(r"^([0-9]+)\. (.+)$", section(title), re.M)
    assert [int(number) for number, _ in steps] == list(range(1, 11))
    assert all(len(text) < 130 for _, text in steps)


def test_an_order_is_added(copy: Path) -> None:
    assert apply("Add an order", copy) == 2
    library = sound(copy)
    order = library.instrument("order-2027-01")
    assert order.regime == "nl-national" and order.dates.effective == "2027-03-01"
    states = {life.control.code: life for life in lives(library, "nl-national")}
    before, after = (states["3B001.m"].at(day) for day in ("2027-02-28", "2027-03-01"))
    assert before.state and after.state and before.state.by != "order-2027-01" == after.state.by
    assert after.state.scope == before.state.scope  # carried over
    assert after.state.technologies == before.state.technologies
    ended = states["unnumbered/metrology-and-inspection"]
    assert ended.at("2027-02-28").listed and not ended.at("2027-03-01").listed


def test_a_regime_is_added(copy: Path) -> None:
    assert apply("Add a regime", copy) == 4
    library = sound(copy)
    assert [c.code for c in library.regimes["exampleland-national"].controls.values()] == ["4A506"]
    side = resolve(library, "law-in:xl", "2026-11-22")
    assert [(x.layer, x.code) for x in side.listed] == [("exampleland-national", "4A506")]
    assert not resolve(library, "law-in:xl", "2026-03-31").listed


def test_a_technology_is_added(copy: Path) -> None:
    assert apply("Add a technology", copy) == 1
    library = sound(copy)
    assert "quantum/quantum-memory" in library.vocabulary.leaves()
    table = coverage(library, ["us-ear"], "2026-11-22", ["quantum/quantum-memory"])
    assert list(table["state"]) == ["not-encoded"]
    # The list of blanks is stale then, and says so.
    assert renewed(README, library) != README


def test_all_examples_together(copy: Path) -> None:
    for title in GUIDES:
        apply(title, copy)
    sound(copy)


# -------------------------------------------------------------------------------------------- the computed lists


def test_computed_lists_are_fresh() -> None:
    fresh = renewed(README, load(ROOT)) == README
    assert fresh, "regimes/README.md is stale; run: python -m analysis.compare.blanklist"


def test_blanks_are_the_blank_cells() -> None:
    library = load(ROOT)
    for side, names in blank_leaves(library).items():
        assert f"**{side}**: {len(names)} blank" in README
        table = coverage(library, [side], "2026-11-22")
        empty = table[table["leaf"] & (table["state"] == "not-encoded")]
        assert names == list(empty["technology"])


def test_a_missing_mark_is_one_sentence() -> None:
    library = load(ROOT)
    for name in BLOCKS:
        with pytest.raises(WorkbenchError, match=f"no place '<!-- {name}"):
            renewed(README.replace(f"<!-- end of {name} -->", ""), library)


def test_readme_names_every_regime_and_word_of_the_forms() -> None:
    library = load(ROOT)
    for regime in library.regimes:
        assert f"`{regime}`" in README
    for word in (
        "official",
        "secondary",
        "unverified",
        "delays",
        "stays",
        "not-enforced",
        "ends",
        "revives",
        "displaces",
    ):
        assert f"`{word}`" in README
