"""A whole installation in a folder of its own for measurements that need a database: real roles, real fsync.

Made at the first call, shared by all measurements of one run, stopped and removed at the end.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path


@cache
def installation(pack: str = "minimal") -> Path:
    """Set up a fresh home and make Django ready for it.

    Args:
        pack: name of the rule pack to publish.

    Returns:
        The home.
    """
    home = Path(tempfile.mkdtemp(prefix="linli-bench-"))
    os.environ["LINLI_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.app.settings"
    from linli.app import setup
    from linli.app.server import Server

    atexit.register(shutil.rmtree, home, ignore_errors=True)
    if not os.environ.get("DATABASE_URL"):
        atexit.register(Server(home).stop)
    for _step in setup.run(pack, datetime.now(UTC), tell=lambda _line: None):
        pass
    return home
