"""An installation for measurements that need a database: new, durable (fsync on), gone at the end of the process.

Call `installation()` before anything of Django's is imported; measurements of one process share it.
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
    """Make an installation with a published pack, point Django at it, and return its home.

    Args:
        pack: the rule pack; asked with another one, a process gets an error rather than a mixture.
    """
    if os.environ.get("LINLI_BENCH_HOME"):
        raise RuntimeError("This process measures in a home with another pack already.")
    home = Path(tempfile.mkdtemp(prefix="linli-bench-"))
    home.chmod(0o711)
    os.environ |= {"LINLI_HOME": str(home), "LINLI_BENCH_HOME": str(home)}
    os.environ.pop("DATABASE_URL", None)
    from linli.app import ready, setup
    from linli.app.server import Server

    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(lambda: Server(home).stop())
    for _step in setup.run(pack, datetime.now(UTC), tell=print):
        pass
    ready.django()
    return home
