"""Notebooks run by papermill: errors in three lines, nothing of the run in the result, warm as cold."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOTEBOOKS

from analysis.reporting import run
from analysis.reporting.errors import NotebookError
from analysis.reporting.warm import Warm, available, modules_of

forks = pytest.mark.skipif(not available(), reason="kernels are forked on Linux only")


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm(["json", "no_such_module", "matplotlib.figure"]) as made:
        yield made


def _notebook(folder: Path, *sources: str) -> Path:
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": s, "metadata": {}, "outputs": [], "execution_count": None}
        for n, s in enumerate(sources)
    ]
    cells[0]["metadata"] = {"tags": ["parameters"]}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "made.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return path


@pytest.mark.parametrize("kind", ["cold", pytest.param("warm", marks=forks)])
def test_a_failing_cell_is_told_in_three_lines(kind: str, warm: Warm) -> None:
    source = warm if kind == "warm" else None
    with pytest.raises(NotebookError) as told:
        run.execute(NOTEBOOKS / "failing.ipynb", "notebooks/failing.ipynb", {"threshold": 1}, source)
    assert str(told.value).splitlines() == [
        "notebooks/failing.ipynb: cell 3 failed",
        "  # the table is computed here",
        "KeyError: 'missing'",
    ]


@forks
def test_warm_and_cold_give_the_same_bytes(warm: Warm) -> None:
    cold = run.execute(NOTEBOOKS / "small.ipynb", "small", {"threshold": 1600})
    assert run.execute(NOTEBOOKS / "small.ipynb", "small", {"threshold": 1600}, warm) == cold
    text = json.dumps(cold)
    assert "1600" in text
    assert '"papermill"' not in text
    assert not any(key in text for key in ("start_time", "iopub", "duration"))
    assert [cell["id"] for cell in cold["cells"]][:2] == ["cell-0", "injected-parameters"]


@forks
def test_kernels_share_nothing(warm: Warm, tmp_path: Path) -> None:
    path = _notebook(
        tmp_path, "a = 1", "import json, os\njson.mine = True\nprint(os.getcwd(), os.environ['PYTHONHASHSEED'])"
    )
    first = run.execute(path, "made", {}, warm)
    assert first["cells"][1]["outputs"][0]["text"] == f"{tmp_path} 0\n"
    path = _notebook(
        tmp_path,
        "a = 1",
        "import json, random, numpy\nprint(hasattr(json, 'mine'), random.random(), numpy.random.rand())",
    )
    texts = [run.execute(path, "made", {}, warm)["cells"][1]["outputs"][0]["text"] for _ in range(2)]
    assert all(text.startswith("False") for text in texts)
    assert texts[0] != texts[1]


@forks
@pytest.mark.parametrize(
    "source", ["import os; os._exit(3)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_a_kernel_that_dies_is_told_and_the_next_one_runs(source: str, warm: Warm, tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="made: the kernel stopped"):
        run.execute(_notebook(tmp_path, "a = 1", source), "made", {}, warm)
    assert run.execute(_notebook(tmp_path, "a = 1", "a"), "made", {"a": 2}, warm)["cells"][2]["outputs"]


@forks
def test_closing_ends_kernels_that_still_run(tmp_path: Path) -> None:
    connection = tmp_path / "k.json"
    ports = {f"{name}_port": number for number, name in enumerate(("shell", "iopub", "stdin", "hb", "control"), 1)}
    about = {"transport": "ipc", "ip": str(tmp_path / "k"), "key": "k", "signature_scheme": "hmac-sha256", **ports}
    connection.write_text(json.dumps(about))
    with Warm([]) as made:
        pid = made.fork(str(connection), str(tmp_path), os.environ)
        time.sleep(0.5)
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RuntimeError, match="is gone"):
        made.fork(str(connection), str(tmp_path), os.environ)


@forks
def test_kernels_go_when_their_parent_is_killed(tmp_path: Path) -> None:
    path = _notebook(tmp_path, "a = 1", "import os\nprint(os.getpid())")
    with Warm([]) as made:
        run.execute(path, "made", {}, made)
        os.kill(made.process.pid, signal.SIGKILL)
        made.process.wait()
        with pytest.raises(NotebookError, match="the kernel stopped"):
            run.execute(path, "made", {}, made)


def test_the_imports_of_notebooks_are_found() -> None:
    def notebook(*sources: str) -> dict[str, object]:
        return {"cells": [{"cell_type": "code", "source": source} for source in sources]}

    found = modules_of(
        [notebook("import analysis\nfrom a.b import c as d", "%matplotlib inline\nimport x", "def f():\n    import y")]
    )
    assert {"analysis", "a.b", "a.b.c"} <= set(found)
    assert not {"x", "y"} & set(found)
