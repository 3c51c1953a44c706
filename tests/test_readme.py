"""The README is executable: every command in it is run, or (Windows, conda, make) its names are checked."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, flags=re.S)
HERE = [line[2:] for block in BLOCKS for line in block.splitlines() if line.startswith("$ ")]
ELSEWHERE = [line[2:] for block in BLOCKS for line in block.splitlines() if line.startswith("> ")]
REGIMES = [c for c in HERE if c.startswith("regimes ")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the commands read, so that nothing of the project is written."""
    place = tmp_path_factory.mktemp("project")
    for name in ("regimes", "notebooks", "reports"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("build", ".ipynb_checkpoints"))
    return place


def test_readme_names_commands() -> None:
    assert len(REGIMES) >= 8
    assert {"make report", "make test", "make lab"} <= set(HERE)


@pytest.mark.parametrize("command", REGIMES)
def test_regimes_command_runs(command: str, project: Path) -> None:
    words = [
        sys.executable,
        "-c",
        "from analysis.cli import main; main()",
        "--root",
        str(project),
        *shlex.split(command)[1:],
    ]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout or done.stderr


@pytest.mark.parametrize("command", [c for c in HERE if c.startswith("make ")] + re.findall(r"`(make [a-z]+)`", README))
def test_make_target_exists(command: str) -> None:
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_names_for_other_systems() -> None:
    text = "\n".join(ELSEWHERE)
    environment = (ROOT / "environment.yml").read_text("utf-8")
    assert re.search(r"^name: regime-workbench$", environment, flags=re.M)
    assert "conda activate regime-workbench" in text and "environment.yml" in text
    for name in ("requirements.lock", "pyproject.toml"):
        assert (ROOT / name).is_file()
    assert "requirements.lock" in text and ".venv\\Scripts\\regimes report" in text


def test_python_block_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.search(r"```python\n(.*?)```", README, flags=re.S)
    assert code
    exec(
        compile(code.group(1).replace("analysis.open(", "analysis.open(root=ROOT, "), "README.md", "exec"),
        {"ROOT": ROOT},
    )
    assert "3A090.a" in capsys.readouterr().out


def test_every_verb_is_named() -> None:
    from analysis.cli import VERBS

    for verb in VERBS:
        assert re.search(rf"regimes {verb}\b", README), f"README does not name 'regimes {verb}'"


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), f"README links to {target}, which does not exist"
