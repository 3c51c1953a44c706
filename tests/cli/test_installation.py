"""What an installation needs, said in three places that must agree: pyproject.toml, the lock, the conda environment."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

#: Names that conda-forge gives to what PyPI calls otherwise.
CONDA_NAMES = {"typst-py": "typst"}
#: What conda-forge does not have; everything else comes from it.
PIP_ONLY = {"pypandoc-binary", "krippendorff"}


def parted(requirement: str) -> tuple[str, str]:
    """Normalised name and bound of a requirement such as ``pandas>=2.2``."""
    match = re.fullmatch(r"([A-Za-z0-9._-]+?)\s*((?:[<>=!~]=?\s*[0-9][^\s;]*)?)", requirement.strip())
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[1]).lower(), match[2]


@pytest.fixture(scope="module")
def metadata(project: Path) -> dict[str, Any]:
    return tomllib.loads((project / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def required(metadata: dict[str, Any]) -> dict[str, str]:
    """Bound by name of everything that the project or one of its extras asks for."""
    lists = [metadata["project"]["dependencies"], *metadata["project"]["optional-dependencies"].values()]
    found: dict[str, str] = {}
    for name, bound in (parted(one) for each in lists for one in each):
        assert found.setdefault(name, bound) == bound, f"{name} has two bounds"
    return found


@pytest.fixture(scope="module")
def environment(project: Path) -> dict[str, Any]:
    loaded = yaml.safe_load((project / "environment.yml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def locked(project: Path) -> dict[str, list[str]]:
    """Versions by name in the lock (several where platforms or Pythons differ)."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (project / "requirements.lock").read_text(), re.M
    ):
        found.setdefault(parted(name)[0], []).append(version)
    return found


class TestConda:
    def test_channel_and_name(self, environment: dict[str, Any]) -> None:
        assert environment["name"] == "regime-workbench"
        assert environment["channels"] == ["conda-forge"]

    def test_same_bounds_as_the_project(
        self, environment: dict[str, Any], metadata: dict[str, Any], required: dict[str, str]
    ) -> None:
        named = [one for one in environment["dependencies"] if isinstance(one, str)]
        found = dict(map(parted, named))
        found = {CONDA_NAMES.get(name, name): bound for name, bound in found.items()}
        (pip,) = (one["pip"] for one in environment["dependencies"] if isinstance(one, dict))
        found |= dict(map(parted, pip))
        expected = required | dict(map(parted, metadata["build-system"]["requires"]))
        expected |= {"python": metadata["project"]["requires-python"], "pip": ""}
        assert found == expected

    def test_pip_brings_only_what_conda_forge_lacks(self, environment: dict[str, Any]) -> None:
        (pip,) = (one["pip"] for one in environment["dependencies"] if isinstance(one, dict))
        assert {parted(one)[0] for one in pip} == PIP_ONLY


class TestLock:
    def test_names_no_address(self, project: Path) -> None:
        text = (project / "requirements.lock").read_text("utf-8")
        assert not re.search(r"https?:|--(extra-)?index-url|--find-links|@ file", text)

    def test_covers_every_requirement(self, locked: dict[str, list[str]], required: dict[str, str]) -> None:
        assert sorted(set(required) - set(locked)) == []

    def test_holds_the_build_backend(self, locked: dict[str, list[str]], metadata: dict[str, Any]) -> None:
        for name, _ in map(parted, metadata["build-system"]["requires"]):
            assert name in locked

    def test_versions_lie_within_the_bounds(self, locked: dict[str, list[str]], required: dict[str, str]) -> None:
        def numbers(version: str) -> list[int]:
            return [int(part) for part in re.findall(r"\d+", version)]

        for name, bound in required.items():
            assert bound.startswith(">="), f"{name} has another kind of bound; teach it to this test"
            for version in locked[name]:
                assert numbers(version) >= numbers(bound), name

    def test_every_entry_has_hashes(self, project: Path) -> None:
        text = (project / "requirements.lock").read_text("utf-8")
        entries = re.split(r"^(?=\S)", text, flags=re.M)
        names = [entry.split("==")[0] for entry in entries if "==" in entry]
        assert len(names) > 100
        assert [entry.split("==")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []

    def test_works_on_every_platform(self, locked: dict[str, list[str]]) -> None:
        """Made for all platforms at once: what only Windows needs is there too."""
        assert "colorama" in locked
