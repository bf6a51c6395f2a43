"""An installation in this process whose log is signed and served from a folder of its own, and what an insider does to it."""

import contextlib
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from play import settle_constraints
from sanxiang.cli import main
from sanxiang.ledger import publish as publishing
from sanxiang.ledger import served
from sanxiang.ledger.logs import HASHES
from sanxiang.ledger.models import Act, Checkpoint, Entry, Opening, Sequence
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.ledger.tlog.disclosure import field_digest
from sanxiang.ledger.tlog.jcs import canonical
from sanxiang.ledger.tlog.tree import Frontier, frontier_root, grow, leaf_hash


def own_data(tmp_path: Path, patch: pytest.MonkeyPatch) -> Path:
    """A data folder for one test: what is signed and served outlives no test."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    for name, place in (("DATA", ""), ("EVIDENCE_ROOT", "evidence"), ("PAPER_ROOT", "papers")):
        patch.setattr(settings, name, folder / place if place else folder)
    (folder / "secret.key").touch()
    forget()
    return folder


def forget() -> None:
    """As a process that was just started: nothing remembered of the files."""
    publishing.EDGES.clear()
    publishing.SERVED.clear()
    served.CHECKED.clear()


def command(*words: str) -> tuple[int, Any]:
    """A command in this process: its exit code and what it prints as JSON."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main([*words, "--json", "--data", str(settings.DATA)])
    return code, json.loads(out.getvalue())


def brought_up() -> int:
    """Sequence and serve all that waits; the size."""
    sequence_all()
    return publishing.publish()


def without_triggers() -> None:
    """What an owner of the database may do."""
    settle_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            for (table,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            if "_forever_" in name or "_growing_" in name:
                cursor.execute(f"DROP TRIGGER {name}")


@contextlib.contextmanager
def copied(tmp_path: Path) -> Iterator[None]:
    """On a copy: database and files are as before when this ends."""
    kept = tmp_path / "kept"
    shutil.copytree(settings.DATA, kept)
    with transaction.atomic():
        without_triggers()
        yield
        transaction.set_rollback(True)
    shutil.rmtree(settings.DATA)
    shutil.move(kept, settings.DATA)
    forget()


def rewrite(act: Act, name: str, value: Any) -> None:
    """Change what an act said, and everything that follows from it in the database: later links, entries, heads of rows."""
    opening = Opening.objects.get(act=act, name=name)
    leaf = json.loads(bytes(act.leaf))
    old, new = (field_digest(opening.salt, name, one) for one in (opening.value, value))
    leaf["d"] = sorted({*leaf["d"]} - {old} | {new})
    Opening.objects.filter(pk=opening.pk).update(value=value)
    moved: dict[str, str] = {}
    reached = ""
    for later in Act.objects.filter(subject=act.subject, n__gte=act.n).order_by("n"):
        if later.n > act.n:
            leaf = json.loads(bytes(later.leaf)) | {"p": reached}
        data = canonical(leaf)
        reached = leaf_hash(data).hex()
        moved[later.leaf_hash] = reached
        Act.objects.filter(pk=later.pk).update(leaf=data, leaf_hash=reached)
        Entry.objects.filter(act=later).update(leaf_hash=reached)
    with connection.cursor() as cursor:
        for old, new in moved.items():
            for table, column in (
                ("cases_case", "head"),
                ("cases_publication", "head"),
                ("cases_publication", "leaf_hash"),
            ):
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [new, old])


def resign(size: int | None = None) -> None:
    """With the stolen key: every root anew over what the database has now, every note and every file with them."""
    leaves = [bytes(leaf) for leaf in Entry.objects.order_by("idx").values_list("act__leaf", flat=True)][
        :size
    ]
    for row in Checkpoint.objects.filter(log=1).order_by("size"):
        if row.size > len(leaves):
            Checkpoint.objects.filter(pk=row.pk)._raw_delete(using="default")
            continue
        roots = {h: frontier_root(at(leaves[: row.size], h)).hex() for h in HASHES}
        changed = {"root": roots["sha256"], "root_sm3": roots["sm3"], "note": "", "note_sm3": ""}
        Checkpoint.objects.filter(pk=row.pk).update(**changed)
    if not Checkpoint.objects.filter(log=1, size=len(leaves)).exists():
        roots = {h: frontier_root(at(leaves, h)).hex() for h in HASHES}
        now = Act.objects.order_by("-at")[0].at
        Checkpoint.objects.create(
            log=1, size=len(leaves), root=roots["sha256"], root_sm3=roots["sm3"], created=now
        )
    frontier = {h: at(leaves, h).peaks.hex() for h in HASHES}
    Sequence.objects.filter(id=1).update(size=len(leaves), frontier=frontier)
    for folder in ("log", "log-sm3"):
        shutil.rmtree(settings.DATA / folder, ignore_errors=True)
    forget()
    publishing.publish()


def at(leaves: list[bytes], hash: str) -> Frontier:
    """The frontier over these leaves."""
    return grow(Frontier(hash=hash), (leaf_hash(leaf, hash) for leaf in leaves))
