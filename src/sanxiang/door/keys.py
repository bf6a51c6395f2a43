"""Change the key that signs the log: an act of the installation, in which both keys stand."""

from django.utils import timezone

from sanxiang.door.installation import record
from sanxiang.ledger import keys
from sanxiang.ledger.models import Checkpoint


def change_key() -> tuple[str, str]:
    """Put a new Ed25519 key in the old one's place; the verifier keys, old and new.

    The act comes after the change, so the new key signs the entry that names it; what the old one signed stays as it is.
    """
    now = timezone.now()
    size = Checkpoint.objects.exclude(note="").order_by("-size").values_list("size", flat=True).first() or 0
    old, new = keys.rotate(now, size)
    record("change-log-key", "更换账本签名密钥", {"retired": old, "vkey": new, "until": size}, now=now)
    return old, new
