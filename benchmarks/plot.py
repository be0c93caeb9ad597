"""The times by number of rules, and the effects a second by number of workers, as pictures."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as pyplot

from benchmarks.results import Results

SHOWN = {
    ("ordinance", "ask"): ("#1b6e3c", "-"),
    ("ordinance", "decide"): ("#1b6e3c", "--"),
    ("zen-engine", "static loader"): ("#b3541e", "-"),
    ("zen-engine", "create_decision each time"): ("#b3541e", "--"),
    ("zen-engine", "static loader, trace"): ("#b3541e", ":"),
    ("datalogic-py", "one expression"): ("#3156a3", "-"),
    ("datalogic-py", "evaluate_with_trace"): ("#3156a3", ":"),
    ("business-rules", "run_all"): ("#777777", "-"),
    ("rule-engine", "matches"): ("#a33189", "-"),
}
"""A colour for each side and a line for each of its ways."""


def draw(results: Results, path: Path) -> bool:
    """One panel for each set and hit policy; False when nothing was measured at several sizes."""
    rows = results.times(measure="deciding")
    panels = list(dict.fromkeys((row.workload, row.hit) for row in rows))
    if len({row.rules for row in rows}) < 2:
        return False
    figure, axes = pyplot.subplots(
        1, len(panels), figsize=(5 * len(panels), 5.2), sharey=True, squeeze=False
    )
    for axis, (workload, hit) in zip(axes[0], panels, strict=True):
        for (side, way), (color, line) in SHOWN.items():
            own = [
                row
                for row in rows
                if (row.workload, row.hit, row.side, row.path) == (workload, hit, side, way)
            ]
            if own:
                xs, ys = [row.rules for row in own], [row.time.seconds * 1e6 for row in own]
                axis.loglog(xs, ys, line, color=color, marker=".", label=f"{side}: {way}")
        axis.set_title(f"{workload}, {hit}")
        axis.set_xlabel("rules")
        axis.grid(True, which="major", alpha=0.3)
    axes[0][0].set_ylabel("microseconds for one decision")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncol=3, fontsize=8)
    figure.tight_layout(rect=(0, 0.14, 1, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return True


def draw_draining(results: Results, path: Path) -> bool:
    """Effects a second by workers, a line for each kind of port; False when not measured."""
    found: dict[str, list[tuple[int, float]]] = {}
    for name, rate in results.figures.items():
        parts = name.split(", ")
        if parts[0] == "draining":
            found.setdefault(parts[1], []).append((int(parts[2].split()[0]), rate))
    if not found:
        return False
    figure, axis = pyplot.subplots(figsize=(5, 4))
    for kind, points in found.items():
        axis.plot(*zip(*points, strict=True), marker="o", label=kind)
    axis.set_xticks(sorted({workers for points in found.values() for workers, _ in points}))
    axis.set_xlabel("worker processes")
    axis.set_ylabel("effects done a second")
    axis.set_ylim(bottom=0)
    axis.grid(True, alpha=0.3)
    axis.legend()
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return True
