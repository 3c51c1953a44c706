"""What goes wrong on the way to a report, said in sentences."""

from __future__ import annotations

import errno
from pathlib import Path

from analysis.encoding.problems import WorkbenchError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_RIGHT = {errno.EROFS, errno.EACCES, errno.EPERM}


class ReportError(WorkbenchError):
    """A report cannot be made as asked; the text says what is wrong, where, and what to do."""


class NotebookError(ReportError):
    """A notebook failed: its name, the cell, the error, in three lines."""


def disk_sentence(error: OSError, folder: Path) -> str:
    """One sentence for a disk that is full, read-only or gone."""
    if error.errno in _NO_ROOM:
        return f"{folder}: the disk is full; make room and run the report again (the earlier report is untouched)"
    if error.errno in _NO_RIGHT:
        return (
            f"{folder}: cannot be written ({error.strerror}); check its permissions (the earlier report is untouched)"
        )
    return f"{error.filename or folder}: {error.strerror or error} (the earlier report is untouched)"
