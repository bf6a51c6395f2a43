"""Change the key that signs the log: an act of the installation, in which both keys stand."""

from contextlib import ExitStack
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from sanxiang.door.log.installation import LABELS, record
from sanxiang.ledger import keys
from sanxiang.ledger.files import held
from sanxiang.ledger.halt import Halted, halts, sentence
from sanxiang.ledger.logs import ACTS, ACTS_ROW, HASHES, Log, accesses
from sanxiang.ledger.models import Checkpoint, Sequence
from sanxiang.ledger.served import not_behind
from sanxiang.ledger.tlog.note import open_checkpoint, parse_vkey
from sanxiang.ledger.verify_notes import COLUMNS


def signed_before() -> bool:
    """Was anything of the acts' log ever signed? Then a key that is not there is lost, and no other may take its place unsaid."""
    served = any((ACTS.folder(hash) / "checkpoint").exists() for hash in HASHES)
    return served or Checkpoint.objects.exclude(note="").exists()


def change_key(hash: str = "sha256") -> tuple[str, str]:
    """Put a new key in the old one's place, Ed25519 or the twin's SM2; the verifier keys, old and new. Raises Halted,
    keys.Unsound and CannotSign.

    The act comes after the change, so the new key signs the entry that names it; what the old one signed stays as it is.
    Nobody else signs meanwhile: a serving process would sign beyond the size that is written down for the old key.
    """
    now = timezone.now()
    logs = _logs(now)
    with ExitStack() as locks:
        for log in logs:
            locks.enter_context(held(log.folder("sha256") / ".lock"))
        _fits(keys.retiring(hash), hash)
        sizes = {str(log.row): _signed_to(log, hash) for log in logs}
        old, new = keys.rotate(now, sizes, hash)
        told = {"retired": old, "vkey": new, "until": sizes[keys.ACTS]}
        record("change-log-key", LABELS["change-log-key"], told, now=now)
    return old, new


def _logs(now: datetime) -> list[Log]:
    """Every log that is signed, this year's too: it may get its first checkpoint while the key is changed."""
    years = {
        *Sequence.objects.exclude(id=ACTS_ROW).values_list("id", flat=True),
        timezone.localtime(now).year,
    }
    return [ACTS, *(accesses(year) for year in sorted(years))]


def _signed(log: Log, hash: str) -> QuerySet[Checkpoint]:
    rows = Checkpoint.objects.filter(log=log.row).exclude(**{COLUMNS[hash]: ""})
    return rows.order_by("-size")


def _signed_to(log: Log, hash: str) -> int:
    return _signed(log, hash).values_list("size", flat=True).first() or 0


def _fits(old: str, hash: str) -> None:
    """What is kept and served was signed by the key to be retired or one before it, and the database was not set back."""
    if stopped := halts():
        # What a log lacks was signed by the old key, beyond the size that would be written down for it.
        raise Halted(sentence(stopped[0]))
    row = Checkpoint.objects.filter(log=ACTS.row).order_by("-size").first()
    signed = _signed(ACTS, hash).first()
    file = ACTS.folder(hash) / "checkpoint"
    texts = [getattr(signed, COLUMNS[hash])] if signed else []
    texts += [file.read_text(encoding="utf-8")] if file.exists() else []
    earlier = (one["vkey"] for one in keys.retired() if one["hash"] == hash)
    known = [parse_vkey(line) for line in (old, *earlier)]
    for text in texts:
        try:
            head = open_checkpoint(text, known, hash)
        except ValueError as error:
            raise keys.Unsound(
                f"最新的检查点不是密钥 {old} 签的（{error}）。请从备份放回原来的密钥"
            ) from error
        not_behind(ACTS, hash, head, row)
