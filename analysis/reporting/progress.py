"""How far the building is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import threading
from typing import TextIO

_WIDTH = 24


class Progress:
    """Told of each report that starts and ends; safe to call from several threads.

    On a terminal one line is drawn again and again below what is said; elsewhere only what is said is written.
    """

    def __init__(self, total: int, stream: TextIO | None = None):
        self.total = total
        self.stream = stream or sys.stderr
        self.done = 0
        self.running: list[str] = []
        self.live = self.stream.isatty()
        self.lock = threading.Lock()

    def start(self, name: str) -> None:
        with self.lock:
            self.running.append(name)
            self._draw()

    def end(self, name: str, line: str) -> None:
        with self.lock:
            self.done += 1
            if name in self.running:
                self.running.remove(name)
            self._wipe()
            self.stream.write(line + "\n")
            self._draw()
            self.stream.flush()

    def close(self) -> None:
        with self.lock:
            self._wipe()
            self.stream.flush()

    def _wipe(self) -> None:
        if self.live:
            self.stream.write("\r\x1b[K")

    def _draw(self) -> None:
        if not self.live or self.done >= self.total:
            return
        filled = _WIDTH * self.done // max(self.total, 1)
        line = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {self.done}/{self.total}  {', '.join(self.running)}"
        self.stream.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
        self.stream.flush()
