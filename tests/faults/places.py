"""Installations that fault tests drive: on SQLite, or on a cluster that the test may kill; both durable."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from cluster import Cluster, cluster

from installation import Installation

ENGINES = ("postgresql", "sqlite")


def installation_on(data: Path, url: str = "") -> Installation:
    """An empty installation on this database; SQLite where no address is given. Nothing has been run in it."""
    data.mkdir(parents=True, exist_ok=True)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SANXIANG_", "DJANGO_", "PYTEST_"))}
    kept = {k: os.environ[k] for k in ("SANXIANG_PACKS", "SANXIANG_FONTS") if k in os.environ}
    here = {"SANXIANG_DATA": str(data), "SANXIANG_DATABASE_URL": url, "PYTHONUTF8": "1"}
    return Installation(data, {**inherited, **kept, **here})


@contextlib.contextmanager
def durable(engine: str, folder: Path) -> Iterator[tuple[Installation, Cluster | None]]:
    """An installation on this engine for the time of the block, and its cluster if it has one."""
    if engine == "sqlite":
        yield installation_on(folder / "data"), None
        return
    with cluster() as server:
        yield installation_on(folder / "data", server.url), server
