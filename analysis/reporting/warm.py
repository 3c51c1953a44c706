"""Kernels that need not import anything any more: forked from a process that already has (Linux; elsewhere, none).

A kernel with pandas and matplotlib takes two seconds to start, a fork of one that has them a fifth of a second. ``Warm``
keeps that process while reports are built; a notebook still gets a process of its own.
"""

from __future__ import annotations

import ast
import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis.reporting.run import ENVIRONMENT


def available() -> bool:
    """Whether this system can fork kernels. macOS can fork, but not safely after its numerical libraries are loaded."""
    return sys.platform == "linux"


#: What this package and its libraries import only when they come to need it, which in a notebook is always.
_LATE = (
    "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "PIL.PngImagePlugin",
    "pint", "rapidfuzz.process", "rapidfuzz.distance", "analysis.workbench",
)  # fmt: skip


def modules_of(notebooks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The modules that the notebooks import at the top of their cells, parents before children."""
    found: set[str] = set(_LATE)
    for notebook in notebooks:
        for cell in notebook["cells"]:
            if cell.get("cell_type") == "code":
                source = cell["source"]
                found |= _imported("".join(source) if isinstance(source, list) else source)
    return sorted(found)


def _imported(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            names |= {alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            # What is imported may be a module itself; where it is not, the attempt costs nothing.
            names |= {statement.module, *(f"{statement.module}.{alias.name}" for alias in statement.names)}
    return names


class Warm:
    """The process that kernels are forked from; safe to ask from several threads."""

    def __init__(self, modules: Iterable[str]):
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from analysis.reporting.warm_process import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **ENVIRONMENT},
            cwd=sys.prefix,
        )
        self._say(list(modules))
        self.ready = False

    def __enter__(self) -> Warm:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and every kernel that is still there."""
        if self.process.stdin and not self.process.stdin.closed:
            with suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def fork(self, connection_file: str, folder: str, environment: Mapping[str, str]) -> int:
        """Start a kernel; returns its process id. Raises RuntimeError when the process is gone."""
        with self.lock:
            if not self.ready:
                self._hear()
                self.ready = True
            self._say({"connection_file": connection_file, "folder": folder, "environment": dict(environment)})
            return int(self._hear()["pid"])

    def _say(self, what: Any) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()
        except (OSError, ValueError):
            raise RuntimeError("the process that kernels are forked from is gone") from None

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the process that kernels are forked from is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer


class _Forked:
    """A forked kernel as the provisioner wants to see a process. It is no child of this process, so there is no status."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        try:
            # A kernel that ended stays in the list until its parent asks for it; it is over all the same.
            state = Path(f"/proc/{self.pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            return 0
        return 0 if state in "ZX" else None

    def wait(self) -> int:
        return 0

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Gives a kernel manager a forked kernel in place of one that it starts."""

    warm: Warm

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        manager: Any = self.parent
        loop = asyncio.get_running_loop()
        pid = await loop.run_in_executor(
            None, self.warm.fork, manager.connection_file, str(options["cwd"]), options["env"]
        )
        self.process = _Forked(pid)  # type: ignore[assignment]
        self.pid = self.pgid = pid
        self.cwd = options["cwd"]
        return self.connection_info


def provision(manager: Any, warm: Warm) -> None:
    """Let the manager take its kernel from ``warm``."""
    provisioner = WarmProvisioner(kernel_id="warm", kernel_spec=manager.kernel_spec, parent=manager)
    provisioner.warm = warm
    manager.provisioner = provisioner
