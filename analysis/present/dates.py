"""Dates on the axes of figures."""

from __future__ import annotations

import datetime
from typing import Any


def number(text: str) -> float:
    """A date (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``) as matplotlib counts days; partial dates at their middle."""
    import matplotlib.dates as mdates

    parts = [int(p) for p in text.split("-")]
    middle = {1: (7, 1), 2: (15,), 3: ()}[len(parts)]
    return float(mdates.date2num(datetime.date(*parts, *middle)))


def years(ax: Any, step: int = 1) -> None:
    """Label the x axis by years."""
    import matplotlib.dates as mdates

    ax.xaxis.set_major_locator(mdates.YearLocator(step))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
