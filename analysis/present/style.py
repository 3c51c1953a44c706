"""How figures look: one style, colours that the colour-blind tell apart, and a second sign beside every colour."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# petroff10, a cycle made for colour vision deficiency; darker than the default for print.
BLUE, ORANGE, RED, PURPLE, GREY, BROWN = "#3f6fb5", "#d9822b", "#b5403f", "#7a5195", "#8a8f98", "#8c6d46"
INK, FAINT, PAPER = "#1d2330", "#d8dbe0", "#ffffff"

#: Colour and marker of each layer or side; the marker alone tells them apart.
LAYERS: dict[str, tuple[str, str]] = {
    "us-ear": (BLUE, "o"),
    "eu-dual-use": (ORANGE, "s"),
    "nl-national": (RED, "^"),
    "de-national": (PURPLE, "D"),
    "uk-strategic": (BROWN, "v"),
    "wassenaar": (GREY, "P"),
    "un-human-rights": ("#4b8f6f", "X"),
}
ACTORS: dict[str, tuple[str, str]] = {
    "us": LAYERS["us-ear"],
    "eu": LAYERS["eu-dual-use"],
    "nl": LAYERS["nl-national"],
    "de": LAYERS["de-national"],
    "uk": LAYERS["uk-strategic"],
    "wassenaar": LAYERS["wassenaar"],
    "un": LAYERS["un-human-rights"],
    "other": ("#5d6470", "*"),
}
_SPARE = ((BLUE, "o"), (ORANGE, "s"), (RED, "^"), (PURPLE, "D"), (BROWN, "v"), (GREY, "P"))

#: Frame groups: colour and hatch.
GROUPS: dict[str, tuple[str, str]] = {
    "security": (BLUE, ""),
    "mixed": (PURPLE, "xxx"),
    "human-rights": (ORANGE, "///"),
    "other": (FAINT, ""),
    "none": (PAPER, ""),
}

_RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelcolor": INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    # Letters as wide as their outlines at every resolution: the layout is fixed once, and no label may outgrow it.
    "text.hinting": "none",
    "svg.hashsalt": "regime-workbench",
    "svg.fonttype": "path",
    "path.simplify": True,
}


def layer_style(name: str, position: int = 0) -> tuple[str, str]:
    """Colour and marker of a side: by its regime, else by position."""
    head = name.split("@")[0].split(":")[0]
    if head == "law-in":
        head = {"nl": "nl-national", "de": "de-national", "us": "us-ear", "eu": "eu-dual-use"}.get(
            name.split(":")[1][:2], ""
        )
    return LAYERS.get(head) or _SPARE[position % len(_SPARE)]


#: What fits on a page with its caption, in inches.
PAGE_HEIGHT = 8.4


def settings() -> Any:
    """Our matplotlib settings as a context; they hold for drawing and for saving."""
    import matplotlib

    return matplotlib.rc_context(_RC)


@contextmanager
def drawing(width: float, height: float, **kwargs: Any) -> Iterator[tuple[Any, Any]]:
    """A figure and its axes in our style, made without any global state: ``with drawing(6.3, 3) as (fig, ax)``."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with settings():
        # Taller than a page it could not be printed: many rows stand closer together instead.
        fig = Figure(figsize=(width, min(height, PAGE_HEIGHT)), layout="constrained")
        FigureCanvasAgg(fig)
        axes = fig.subplots(**kwargs)
        yield fig, axes
        # Fix the layout and the style now: what is saved later must not depend on the reader's settings, and the same data
        # give the same bytes (the solver behind the layout leaves noise in the last digits, and moves on at every drawing).
        fig.canvas.draw()
        fig.set_layout_engine("none")
        for ax in fig.axes:
            left, bottom, wide, tall = (round(float(v), 5) for v in ax.get_position().bounds)
            ax.set_position((left, bottom, wide, tall))
