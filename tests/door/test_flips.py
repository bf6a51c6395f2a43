"""One turned bit anywhere in what the ledger answers for is found, and its place is named.

Each trial turns one bit, looks again at what that touches, and turns it back. What is looked at again:
act: the chains of the subjects concerned, leaf, columns and openings of each act in them, and their rows' heads; opening: the
same without the rows;
entry, sequence, checkpoint: the whole sequence and the log's rows, notes and files; access: its row, and that year's log;
tile, bundle, served: the whole log with its files; paper, evidence: the file behind the row; export: the whole folder;
cosignature: all of them; case_row, paper_row, evidence_row, publication: the case with everything that hangs on it;
backup: the whole archive.
"""

import json
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, models, transaction

from beside import office_in
from flips import put, turn_byte, turned
from installation import Installation
from logged import brought_up, command, own_data, without_triggers
from play import Clock, Play, make_office
from sanxiang.cases import store
from sanxiang.cases.models import Case, Evidence, Paper, Publication
from sanxiang.cases.papers.typeset import path_of
from sanxiang.custody import archive
from sanxiang.door.verifying.database import check_case, subject_of, subjects
from sanxiang.door.verifying.rows import case_files, stored
from sanxiang.ledger.access import SERVED, Read, check_access, record
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.access_sequencer import publish_accesses, sequence_accesses
from sanxiang.ledger.leaf import Entry as Fresh
from sanxiang.ledger.leaf import Signed, append_many
from sanxiang.ledger.logs import ACTS, accesses
from sanxiang.ledger.models import Act, Checkpoint, Cosignature, Entry, Opening, Sequence
from sanxiang.ledger.tlog.fault import Fault
from sanxiang.ledger.tlog.note import parse_vkey
from sanxiang.ledger.tlog.verify_export import Asked, verify_export
from sanxiang.ledger.verify import Heads, check_acts, check_sequence, check_subjects
from sanxiang.ledger.verify_notes import check_cosignatures
from sanxiang.ledger.verify_trees import check_log
from sanxiang.people.models import Agency
from side_stories import BOOK, photo, step
from signed_log import witness, write_policy

pytestmark = pytest.mark.django_db
SEED = 20261122


WORDS = ("number", "title", "party", "party_type", "party_code", "address", "facts", "basis", "result", "authority")  # fmt: skip

COMMITTED: dict[type[models.Model], tuple[str, ...]] = {
    Act: ("kind", "subject", "n", "name", "label", "at", "on", "by", "by_name", "role", "back_dated", "leaf", "leaf_hash"),
    Opening: ("act_id", "name", "salt", "value", "secrecy", "erased_by"),
    Entry: ("idx", "act_id", "leaf_hash"),
    Sequence: ("size", "frontier", "origin"),
    Checkpoint: ("size", "root", "root_sm3", "note", "note_sm3"),
    Cosignature: ("line",),
    Access: (
        "year", "at", "by", "by_name", "role", "own_agency", "agency", "case", "kind", "object", "digest", "first_byte", "last_byte",
        "copies", "reason", "text", "ticket", "address", "channel", "result", "watermark", "salt", "leaf", "leaf_hash", "idx",
    ),
    Case: (
        "agency_id", "unit_id", "code", "number", "title", "party", "act_type", "procedure", "stage", "closed", "pack", "pack_digest",
        "origin", "old_key", "party_key", "respondent", "respondent_key", "filed_on", "decided_on", "opened_at", "state", "n", "head",
    ),
    Paper: ("case_id", "act", "kind", "label", "number", "template", "content", "digest", "pdf", "issued_on", "external", "sealed"),
    Evidence: ("case_id", "act", "title", "filename", "mime", "size", "digest", "sm3", "secrecy", "n"),
    Publication: (
        *WORDS, "agency_id", "origin", "external_id", "act_type", "status", "decided_on", "published_on", "source_published_on",
        "withdrawn_on", "withdrawal_reason", "text_digest", "summary", "display_until", "notes", "act", "leaf_hash", "sort_on", "n", "head",
    ),
}  # fmt: skip
"""What a leaf or a signature commits to, of each table, by column."""

UNCOMMITTED: dict[type[models.Model], dict[str, str]] = {
    Checkpoint: {
        "log": "one that is gone takes nothing away: the next one has all its entries",
        "created": "our own clock's word, which may be set back; when a tree stood witnesses and stamps say",
    },
    Cosignature: {
        "checkpoint_id": "the line is of one text only, and is held against it",
        "witness": "what the policy of the day calls it, and may call otherwise later; whose it is the line says",
        "at": "our own clock's word of the arrival; the witness's own time is in the line",
    },
    Case: {"next_due": "counted anew every night from the state, which is committed to"},
    Paper: {
        "status": "that of the newest paper of its kind is held against the state; one that was replaced has no more effect",
        "n": "the act that last touched the row: which page of a list is out of date",
    },
    Publication: {
        "case_id": "one row a case: the case that lost it is named, by its own key",
        "flags": "of imported records, which are held against their own acts",
    },
}
"""What nothing commits to, each column with the reason."""


@dataclass
class World:
    """What may be turned, and how often it was: `wrong` has what was not found or not named."""

    play: Play
    export: Path
    vkey: str
    chance: Random = field(default_factory=lambda: Random(SEED))
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def one(self, rows: models.QuerySet[Any]) -> Any:
        """A row at random."""
        return rows.order_by("pk")[self.chance.randrange(rows.count())]


Check = Callable[[], Iterator[Fault]]


@pytest.fixture
def world(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A case with evidence that is over, acts of the agency beyond one tile, looks at records; all signed and exported."""
    own_data(tmp_path, monkeypatch)
    procedure, steps = BOOK["hearing"]
    before = next(i for i, s in enumerate(steps) if s.act == "interview")
    steps = [*steps[:before], step("add-evidence", "officer1", photo), *steps[before:]]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until()
    brought_up()
    more_acts(play, 260)
    for number in range(40):
        record(a_look(play, number), play.moment)
    assert brought_up() > 300
    write_policy()
    witness()
    for year in sequence_accesses():
        publish_accesses(year)
    export = tmp_path / "export"
    assert command("ledger", "export", str(export))[0] == 0
    without_triggers()
    return World(play, export, command("ledger", "vkey")[1]["vkey"])


def a_look(play: Play, number: int) -> Read:
    """A look that has something in each of its columns."""
    person, agency = play.office.people["officer1"].pk, play.office.agency.pk
    return Read(
        person, f"调阅人{number}", "evidence", "desk", SERVED, "supervision", "officer", agency, agency, play.case_id, uuid4(),
        f"{number:064x}", (number, number + 99), number + 1, "例行检查", f"督〔2026〕{number}号", "192.0.2.7",
    )  # fmt: skip


def more_acts(play: Play, count: int) -> None:
    """Acts of the agency, so that the log fills more than a tile; the agency's row goes with them."""
    agency = play.office.agency
    own = Agency.objects.get(pk=agency.pk)
    n, head = own.n, own.head
    who = Signed(None, "试验", "officer", "2026-11-02", play.moment)
    for number in range(count):
        content = {"text": (f"第 {number} 件事", "case"), "amount": (number, "public")}
        n, head = (
            n + 1,
            append_many([(Fresh("agency", own.pk, n + 1, head, "note", "记事", content), who)])[0].leaf_hash,
        )
    Agency.objects.filter(pk=own.pk).update(n=n, head=head)


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────


def column(
    world: World, row: Any, names: tuple[str, ...], check: Check, words: tuple[str, ...], kind: str
) -> None:
    """Turn one column of a row, look, turn back."""
    name = names[world.chance.randrange(len(names))]
    value = turned(getattr(row, name), world.chance)
    if value is None or value == getattr(row, name):
        return
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{name: value})
            found = list(check())
            transaction.set_rollback(True)
    except (IntegrityError, DataError):
        return  # no database takes this
    words = tuple(word.replace("{new}", str(value)) for word in words)
    judged(world, kind, f"{kind}.{name} {row.pk}: {getattr(row, name)!r} → {value!r}", found, words)


def judged(world: World, kind: str, told: str, found: list[Fault], words: tuple[str, ...]) -> None:
    """Count it; keep it when it was not found, or not where it is."""
    world.counts[kind] += 1
    if not any(word in fault.where + fault.why for fault in found for word in words):
        world.wrong.append(f"{told}: {found[:3]}")


def act(world: World) -> None:
    row = world.one(Act.objects.all())

    def check() -> Iterator[Fault]:
        now = Act.objects.get(pk=row.pk).subject
        heads: Heads = {}
        yield from check_acts(heads, Act.objects.filter(subject__in={row.subject, now}))
        both = {str(row.subject), str(now)}
        yield from check_subjects([one for one in subjects() if one.id in both], heads)

    column(world, row, COMMITTED[Act], check, (str(row.pk), str(row.subject)), "act")


def opening(world: World) -> None:
    row = world.one(Opening.objects.all())
    acts = Act.objects.filter(subject=row.act.subject)
    column(
        world,
        row,
        COMMITTED[Opening],
        lambda: check_acts({}, acts),
        (str(row.act_id),),
        "opening",
    )


def rows_again() -> Iterator[Fault]:
    yield from check_sequence()
    yield from check_log(ACTS)


def entry(world: World) -> None:
    row = world.one(Entry.objects.all())
    column(world, row, COMMITTED[Entry], rows_again, (f"条目 {row.idx}", str(row.act_id)), "entry")


def sequence(world: World) -> None:
    row = Sequence.objects.get(id=1)
    column(world, row, COMMITTED[Sequence], rows_again, ("账本状态", "账本规模"), "sequence")


def checkpoint(world: World) -> None:
    row = world.one(Checkpoint.objects.filter(log=1))
    column(
        world,
        row,
        COMMITTED[Checkpoint],
        lambda: check_log(ACTS),
        (f"在 {row.size} 条处", f"签到 {row.size} 条", "在 {new} 条处"),
        "checkpoint",
    )


def access(world: World) -> None:
    row = world.one(Access.objects.all())

    def check() -> Iterator[Fault]:
        yield from check_access(Access.objects.filter(pk=row.pk))
        yield from check_log(accesses(row.year))

    column(world, row, COMMITTED[Access], check, (str(row.pk), f"条目 {row.idx}"), "access")


def cosignature(world: World) -> None:
    row = world.one(Cosignature.objects.all())
    where = f"在 {row.checkpoint.size} 条处的见证"
    column(world, row, COMMITTED[Cosignature], lambda: check_cosignatures(ACTS), (where,), "cosignature")


def of_case(world: World) -> Check:
    """The case as the whole verification looks at it: where its chain ends, then every row that hangs on it."""

    def check() -> Iterator[Fault]:
        case, heads = Case.objects.get(pk=world.play.case_id), Heads()
        list(check_acts(heads, Act.objects.filter(subject=case.pk)))
        yield from check_subjects([subject_of(case)], heads)
        for one in case_files([case]):
            yield from check_case(one)

    return check


def case_row(world: World) -> None:
    row = Case.objects.get(pk=world.play.case_id)
    column(world, row, COMMITTED[Case], of_case(world), (str(row.pk),), "case_row")


def paper_row(world: World) -> None:
    row = world.one(Paper.objects.all())
    column(world, row, COMMITTED[Paper], of_case(world), (str(row.pk),), "paper_row")


def evidence_row(world: World) -> None:
    row = world.one(Evidence.objects.all())
    column(world, row, COMMITTED[Evidence], of_case(world), (str(row.pk), row.digest), "evidence_row")


def publication(world: World) -> None:
    row = world.one(Publication.objects.all())
    column(world, row, COMMITTED[Publication], of_case(world), (str(row.pk),), "publication")


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────


def file(world: World, path: Path, check: Check, words: tuple[str, ...], kind: str) -> None:
    """Turn one bit of a file, look, turn back."""
    kept = turn_byte(path, world.chance)
    if kept is not None:
        found = list(check())
        put(path, kept)
        judged(world, kind, f"{kind} {path}", found, words)


def among(world: World, place: Path, pattern: str) -> Path:
    """A file at random."""
    files = sorted(p for p in place.glob(pattern) if p.is_file() and not p.name.startswith("."))
    return files[world.chance.randrange(len(files))]


def in_log(world: World, pattern: str, kind: str) -> None:
    """A file of one of the logs; the access log is the third."""
    path = among(world, settings.DATA, pattern)
    year = next(
        (int(part) for part in path.parts if part.isdecimal() and len(part) == 4 and "access" in path.parts),
        None,
    )
    log = accesses(year) if year else ACTS
    file(world, path, lambda: check_log(log), (path.relative_to(settings.DATA).as_posix(),), kind)


def tile(world: World) -> None:
    in_log(
        world,
        ("log/tile/[0-9]/**/*", "log-sm3/tile/**/*", "log*/access/**/tile/[0-9]/**/*")[
            world.chance.randrange(3)
        ],
        "tile",
    )


def bundle(world: World) -> None:
    in_log(
        world, ("log/tile/entries/**/*", "log/access/**/entries/**/*")[world.chance.randrange(2)], "bundle"
    )


def served(world: World) -> None:
    in_log(world, "log*/**/checkpoint", "served")


def paper(world: World) -> None:
    row = world.one(Paper.objects.exclude(pdf=""))
    path = path_of(settings.PAPER_ROOT, row.pdf)
    file(world, path, lambda: stored(store.papers(), row.pdf, "paper", str(row.pk)), (str(row.pk),), "paper")


def evidence(world: World) -> None:
    row = world.one(Evidence.objects.all())
    path = path_of(settings.EVIDENCE_ROOT, row.digest)
    file(
        world,
        path,
        lambda: stored(store.evidence(), row.digest, "evidence", str(row.pk)),
        (str(row.pk),),
        "evidence",
    )


def export(world: World) -> None:
    path = among(world, world.export, "**/*")
    asked = Asked((parse_vkey(world.vkey),), jobs=1)
    name = path.relative_to(world.export).as_posix()
    file(world, path, lambda: iter(verify_export(world.export, asked).faults), (name,), "export")


KINDS = (
    act,
    opening,
    entry,
    sequence,
    checkpoint,
    access,
    cosignature,
    case_row,
    paper_row,
    evidence_row,
    publication,
    tile,
    bundle,
    served,
    paper,
    evidence,
    export,
)


def test_every_column_is_turned_or_said_to_be_uncommitted() -> None:
    for model, names in COMMITTED.items():
        free = UNCOMMITTED.get(model, {})
        columns = {field.attname for field in model._meta.concrete_fields if field.attname != "id"}
        assert columns == {*names, *free} and not {*names} & {*free}, model


def turn(world: World, count: int) -> None:
    """So many trials, each kind in its turn; the numbers of each kind in one line of JSON."""
    while sum(world.counts.values()) < count:
        for kind in KINDS:
            kind(world)
    told = {
        "flips": sum(world.counts.values()),
        "undetected": len(world.wrong),
        "by_kind": dict(sorted(world.counts.items())),
    }
    print(json.dumps(told, ensure_ascii=False))
    assert not world.wrong, "\n".join(world.wrong[:20])
    assert {kind.__name__ for kind in KINDS} == set(world.counts)


def test_a_hundred_turned_bits_are_found_and_named(world: World) -> None:
    turn(world, 100)


def test_a_state_of_another_form_and_a_forged_key_of_the_party_are_named(world: World) -> None:
    case = Case.objects.get(pk=world.play.case_id)
    for columns in (
        *({"state": {key: value for key, value in case.state.items() if key != gone}} for gone in case.state),
        {"state": {**case.state, "facts": []}},
        {"party_key": "0" * 64},
    ):
        Case.objects.filter(pk=case.pk).update(**columns)
        assert any(str(case.pk) in fault.where for fault in of_case(world)()), columns.keys()
        Case.objects.filter(pk=case.pk).update(state=case.state, party_key=case.party_key)


@pytest.mark.deep
def test_ten_thousand_turned_bits_are_found_and_named(world: World) -> None:
    turn(world, 10_000)


@pytest.mark.deep
def test_a_hundred_are_found_by_the_command(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same trials, each answered by `sanxiang ledger verify` over the whole installation or the folder."""
    assert command("ledger", "verify")[1]["faults"] == []

    def whole(folder: Path | None) -> Iterator[Fault]:
        words = [str(folder), "--vkey", world.vkey] if folder else []
        code, told = command("ledger", "verify", *words)
        assert code == int(bool(told["faults"]))
        yield from (Fault(**fault) for fault in told["faults"])

    own_column, own_file = column, file

    def a_column(
        world: World, row: Any, names: tuple[str, ...], _: Check, words: tuple[str, ...], kind: str
    ) -> None:
        own_column(world, row, names, lambda: whole(None), words, kind)

    def a_file(world: World, path: Path, _: Check, words: tuple[str, ...], kind: str) -> None:
        own_file(world, path, lambda: whole(world.export if kind == "export" else None), words, kind)

    monkeypatch.setitem(globals(), "column", a_column)
    monkeypatch.setitem(globals(), "file", a_file)
    turn(world, 100)


@pytest.mark.deep
def test_turned_bits_in_a_backup_are_found(installation: Installation, tmp_path: Path) -> None:
    """Every member of a backup is what its manifest says; the member or the archive is named."""
    office_in(installation, 2)
    made = tmp_path / "backup.sanxiang"
    installation.json("backup", str(made))
    assert archive.check(made)
    chance, data, missed = Random(SEED), made.read_bytes(), []
    for _ in range(300):
        at = chance.randrange(len(data))
        made.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
        try:
            archive.check(made)
        except archive.Damaged as damaged:
            assert made.name in str(damaged)
        else:
            missed.append(at)
    made.write_bytes(data)
    print(json.dumps({"flips": 300, "in_filling": len(missed), "by_kind": {"backup": 300}}))
    with tarfile.open(made) as tar:
        held = [(one.offset_data - 512, one.offset_data + one.size) for one in tar.getmembers()]
    told = [at for at in missed if any(start <= at < end for start, end in held)]
    assert not told, "only filling, behind a member or a long name, may go unnoticed"
