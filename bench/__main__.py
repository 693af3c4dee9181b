"""The speed table: runs every measurement and keeps the figures in bench/results.json.

Figures of different machines say little beside each other; ratios inside one run do.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ONE = "--one"


def main(chosen: list[str]) -> None:
    """Run the measurements named, or all; keep the figures of those that were not run this time."""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
    unknown = set(chosen) - set(names)
    if unknown:
        sys.exit(f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(names)}.")
    file = FOLDER / "results.json"
    kept = json.loads(file.read_text(encoding="utf-8"))["figures"] if file.exists() and chosen else {}
    for name in chosen or names:
        print(f"== {name}", flush=True)
        kept |= _alone(name)
    facts = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "python": platform.python_version()}
    facts |= {"cores": str(os.cpu_count()), "machine": platform.machine()}
    text = json.dumps({**facts, "figures": kept}, ensure_ascii=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8")


def _alone(name: str) -> dict[str, float]:
    """Run one measurement in a process of its own: none finds the rows of another in its installation."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "figures.json"
        subprocess.run([sys.executable, "-m", "bench", ONE, name, str(told)], cwd=FOLDER.parent, check=True)
        figures: dict[str, float] = json.loads(told.read_text(encoding="utf-8"))
    return figures


if __name__ == "__main__":
    if sys.argv[1:2] == [ONE]:
        Path(sys.argv[3]).write_text(json.dumps(import_module(f"bench.{sys.argv[2]}").run()), encoding="utf-8")
    else:
        main(sys.argv[1:])
