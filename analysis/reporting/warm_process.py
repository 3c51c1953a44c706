"""The process that warm kernels come from: it imports once what notebooks import, then forks a kernel for each request.

Started by ``warm`` as a program of its own, so that it holds no threads, no sockets and nothing of the process that
asks. Requests and answers are lines of JSON. When the asking process goes
away, however it ends, the requests end, and this process takes its kernels along.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import random
import signal
import sys
from contextlib import suppress
from typing import Any

#: What every kernel imports while it starts.
_KERNEL = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completerlib",
    "IPython.core.debugger", "IPython.extensions.storemagic",
)  # fmt: skip


def main() -> None:
    """Read the list of modules, import them, answer; then fork on each request until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.path[:1] == [""]:
        # Each kernel looks in its own folder first, this process in none.
        del sys.path[0]
    asked, answers = os.fdopen(os.dup(0), "r", encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    _import(json.loads(asked.readline() or "[]"))
    answers.write('{"ready": true}\n')
    answers.flush()
    kernels: list[int] = []
    for line in asked:
        request = json.loads(line)
        kernel = os.fork()
        if kernel == 0:
            asked.close()
            answers.close()
            _become_kernel(request)
        kernels.append(kernel)
        answers.write(json.dumps({"pid": kernel}) + "\n")
        answers.flush()
        _reap(kernels)
    for kernel in kernels:
        _end(kernel)


def _import(modules: list[str]) -> None:
    for name in [*_KERNEL, *modules]:
        try:
            importlib.import_module(name)
        except Exception:  # the notebook that asks for it says what is wrong
            continue
    # What is there now stays: the collector of a fork need not look at it, and so does not make its own copy of it.
    gc.collect()
    gc.freeze()


def _reap(kernels: list[int]) -> None:
    for kernel in list(kernels):
        if os.waitpid(kernel, os.WNOHANG)[0]:
            kernels.remove(kernel)


def _end(kernel: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(kernel, signal.SIGKILL)
    os.waitpid(kernel, 0)


def _become_kernel(request: dict[str, Any]) -> None:
    """In the fork: the kernel that was asked for, in its own session, folder and environment. Does not return."""
    status = 1
    try:
        parent = os.getppid()
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        _reseed()
        from ipykernel.kernelapp import IPKernelApp

        told = [f"--IPKernelApp.parent_handle={parent}", "--HistoryManager.enabled=False"]
        IPKernelApp.launch_instance(argv=["-f", request["connection_file"], *told])
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 0
    finally:
        # Not the way out of a program: what runs below belongs to the process that was forked.
        atexit._run_exitfuncs()
        os._exit(status)


def _reseed() -> None:
    """Random numbers begin anew in each kernel, as they do in one that is started cold."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
