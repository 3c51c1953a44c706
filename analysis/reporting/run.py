"""One notebook, its parameters: executed by papermill in this process, cleaned so that the same inputs give the same bytes."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING, Any

from analysis.reporting.errors import NotebookError
from analysis.reporting.manuscript import INJECTED
from analysis.reporting.parameters import read_notebook

if TYPE_CHECKING:
    from analysis.reporting.warm import Warm

ENGINE = "regimes"
#: What every kernel is told: the same order of sets, no colours, no file written beside the modules that it imports.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def execute(path: Path, name: str, parameters: Mapping[str, Any], warm: Warm | None = None) -> dict[str, Any]:
    """The notebook at ``path``, executed in its own folder with these parameters, as JSON without traces of the run.

    ``name`` is how messages call it; its kernel comes from ``warm`` where that is given. Raises NotebookError with the cell
    and its error.
    """
    import nbformat
    import papermill
    from nbformat.v4.rwbase import rejoin_lines
    from papermill.exceptions import PapermillExecutionError

    _register()
    notebook: Any = rejoin_lines(nbformat.from_dict(read_notebook(path, name)))  # type: ignore[no-untyped-call]
    try:
        done = papermill.execute_notebook(
            notebook,
            None,
            parameters=dict(parameters),
            engine_name=ENGINE,
            kernel_name="python3",
            progress_bar=False,
            folder=str(path.parent),
            warm=warm,
        )
    except PapermillExecutionError as error:
        raise NotebookError(_failure(error, notebook, name)) from None
    except (RuntimeError, TimeoutError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise NotebookError(f"{name}: the kernel stopped\n  (no cell finished with an error)\n{reason[0]}") from None
    return clean(json.loads(json.dumps(done)))


def _failure(error: Any, notebook: Any, name: str) -> str:
    """Name, cell and error in three lines; cells are counted as the author sees them."""
    number = error.cell_index + 1
    lines = [line.strip() for line in str(error.source).splitlines() if line.strip()]
    tagged = next((i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])), None)
    if tagged is not None and error.cell_index > tagged + 1:
        number -= 1
    what = str(error.evalue).strip().splitlines() or [""]
    first = lines[0] if lines else ""
    return f"{name}: cell {number} failed\n  {_short(first)}\n{error.ename}: {_short(what[0], 300)}"


def _short(text: str, most: int = 100) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def clean(notebook: dict[str, Any]) -> dict[str, Any]:
    """Without times, run ids and versions of the machine."""
    metadata = notebook["metadata"]
    metadata.pop("papermill", None)
    metadata.get("language_info", {}).pop("version", None)
    for number, cell in enumerate(notebook["cells"]):
        for key in ("papermill", "execution", "trusted"):
            cell["metadata"].pop(key, None)
        if INJECTED in cell["metadata"].get("tags", []):
            cell["id"] = INJECTED
        elif not cell.get("id"):
            cell["id"] = f"cell-{number}"
    return notebook


def write(notebook: Mapping[str, Any], path: Path) -> None:
    """Save a notebook the way Jupyter does: keys in order, one space of indentation."""
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def _manager(kernel_name: str, private: Path, warm: Warm | None) -> Any:
    """A kernel that talks through sockets in a folder of its own; through the loopback where there are no such sockets."""
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager(kernel_name=kernel_name, connection_file=str(private / "kernel.json"))
    if os.name == "posix":
        manager.transport, manager.ip = "ipc", str(private / "k")
    if warm is not None:
        from analysis.reporting.warm import provision

        provision(manager, warm)
    return manager


@cache
def _register() -> None:
    """Make our engine known to papermill.

    It is papermill's own, except that the kernel gets its folder and its environment from here: papermill would change
    the folder of this whole process, in which other notebooks run at the same time.
    """
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines

    class Engine(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            with tempfile.TemporaryDirectory(prefix="rk-") as private:
                manager = _manager(kernel_name, Path(private), options["warm"])
                client = PapermillNotebookClient(
                    nb_man, km=manager, kernel_name=kernel_name, startup_timeout=120, timeout=None
                )
                # Nor does it read what a user of this machine has set up for their own sessions.
                environment = {**os.environ, **ENVIRONMENT, "IPYTHONDIR": str(Path(private) / "ipython")}
                # What cells print reaches the notebook; only the kernel's talk to itself ends here.
                return client.execute(
                    cleanup_kc=True, cwd=options["folder"], env=environment, stdout=DEVNULL, stderr=DEVNULL
                )

    papermill_engines.register(ENGINE, Engine)
