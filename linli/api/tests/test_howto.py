"""docs/howto/use-the-api.md, run as it stands: its keys made, its shell lines sent by curl to a live server."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linli.cases.tests.desk import published
from linli.cli.access import accounts
from tests.town import GRIDS, Town, town_of

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "use-the-api.md"
PEOPLE = {"hotline": "mo", "desk": "duan", "sanitation": "han", "grid": "fang"}
NAMES = {"hotline": "HOTLINE", "desk": "DESK", "sanitation": "TEAM", "grid": "GRID"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> Town:
    from linli.packs.selectors import snapshot_by_hash

    snapshot_by_hash.cache_clear()
    town = town_of()
    published()
    town.ground()
    return town


def _keys(page: str) -> dict[str, str]:
    """Make the keys as the page says, for the town's people who hold such posts."""
    found = {}
    (block,) = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    for line in block.splitlines():
        _, _, *words = shlex.split(line)
        name = words[2]
        words[2] = f"town.{PEOPLE[name]}"
        done = CliRunner().invoke(accounts, [*words, "--json"])
        assert done.exit_code == 0, done.output
        found[NAMES[name]] = json.loads(done.output)["key"]
    assert set(found) == set(NAMES.values())
    return found


def test_the_page_files_follows_and_closes_a_case(town: Town, live_server: Any) -> None:
    page = PAGE.read_text(encoding="utf-8")
    script = "\n".join(["set -euo pipefail", *re.findall(r"```sh\n(.*?)```", page, re.DOTALL)])
    given = {"LINLI": f"{live_server.url}/api/v1", "SANITATION": str(town.sanitation)}
    environment = {**os.environ, **_keys(page), **given, "no_proxy": "*"}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "closed"
    assert "13800000000" not in done.stdout
    assert GRIDS[0] in done.stdout
