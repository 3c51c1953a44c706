"""``regimes lab``: JupyterLab in the notebooks folder."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from analysis.encoding.library import find_root
from analysis.encoding.problems import WorkbenchError


@click.command("lab", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def lab_command(root: str | None, arguments: tuple[str, ...]) -> int:
    """Open JupyterLab in notebooks/; further arguments go to it."""
    if find_spec("jupyterlab") is None:
        raise WorkbenchError("JupyterLab is not installed; install the extra 'lab': pip install -e .[lab]")
    folder = (Path(root) if root else find_root()) / "notebooks"
    if not folder.is_dir():
        raise WorkbenchError(f"there is no folder {folder}; restore the notebooks")
    return subprocess.call([sys.executable, "-m", "jupyterlab", *arguments], cwd=folder)
