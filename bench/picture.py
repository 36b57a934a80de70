"""The table as a picture: plain SVG, no library."""

from __future__ import annotations

from html import escape
from pathlib import Path

from bench.summary import MARK, OURS, Summary

WIDTH, HEIGHT, LEFT, TOP = 86, 22, 150, 62
TITLES = {
    "cold": "Ids, each text seen once",
    "again": "Ids, the same text again",
    "full": "Ids, offsets, words and masks, read",
}


def _colour(share: float) -> str:
    """White for nothing, green for the fastest of the row."""
    level = max(0.0, min(share, 1.0)) ** 1.5
    return f"rgb({int(255 - 135 * level)},{int(255 - 60 * level)},{int(255 - 140 * level)})"


def _text(x: float, y: float, text: str, *, bold: bool = False, anchor: str = "middle") -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'


def _part(found: Summary, job: str, names: list[str], top: int) -> list[str]:
    """One table."""
    out = [
        _text(
            8,
            top + 16,
            f"{TITLES[job]}: MB per CPU second on one core",
            bold=True,
            anchor="start",
        )
    ]
    for column, name in enumerate(names):
        out.append(_text(LEFT + column * WIDTH + WIDTH / 2, top + 40, name, bold=name == OURS))
    for line, (vocabulary, corpus) in enumerate(found.cells(job)):
        y = top + 48 + line * HEIGHT
        out.append(_text(LEFT - 8, y + 15, f"{vocabulary} {corpus}", anchor="end"))
        speeds = {name: found.median((vocabulary, corpus, job, name)) for name in names}
        exact = {
            name: value for name, value in speeds.items() if value and found.exact(name, vocabulary)
        }
        best = max(exact.values(), default=1.0)
        for column, name in enumerate(names):
            value, x = speeds[name], LEFT + column * WIDTH
            fill = _colour(value / best) if value and name in exact else "#f2f2f2"
            out.append(
                f'<rect x="{x}" y="{y}" width="{WIDTH - 2}" height="{HEIGHT - 2}" fill="{fill}"/>'
            )
            shown = "" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"
            mark = "" if value is None or name in exact else " ≠"
            out.append(
                _text(x + WIDTH / 2, y + 15, shown + mark, bold=bool(value) and value == best)
            )
    return out


def write(path: Path, found: Summary, names: list[str]) -> None:
    """Write the picture."""
    out: list[str] = []
    top = 8
    for job in TITLES:
        lines = len(found.cells(job))
        if lines:
            out += _part(found, job, names, top)
            top += TOP + lines * HEIGHT + 10
    out.append(
        _text(
            8,
            top + 8,
            f"{MARK}: not compared. Darkest: the fastest exact engine.",
            anchor="start",
        )
    )
    width, height = LEFT + len(names) * WIDTH + 8, top + 20
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
        + "\n".join(out) + "</svg>\n",
        encoding="utf-8",
    )  # fmt: skip
