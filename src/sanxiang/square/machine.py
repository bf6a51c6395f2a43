"""What watches the installation asks: does it live, and a few numbers. Nothing here depends on what is not public."""

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from sanxiang.cases.search import asking
from sanxiang.ledger.clock import behind
from sanxiang.ledger.halt import halts
from sanxiang.ledger.health import unsigned_seconds
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint, Pending, Sequence
from sanxiang.ledger.standing import last_cosigned
from sanxiang.square.page import public


@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database-unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


@public
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text. The size of the ledger is public anyway (its checkpoint); numbers of cases are not told."""
    lines = [
        line
        for name, (kind, meaning, value) in figures().items()
        for line in (
            f"# HELP sanxiang_{name} {meaning}",
            f"# TYPE sanxiang_{name} {kind}",
            f"sanxiang_{name} {value}",
        )
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def figures() -> dict[str, tuple[str, str, int]]:
    """Each number with its kind and what it means."""
    size = Sequence.objects.filter(id=ACTS.row).values_list("size", flat=True).first() or 0
    signed = Checkpoint.objects.filter(log=ACTS.row).exclude(note="")
    witnessed = last_cosigned()
    seen = witnessed.size if witnessed else 0
    waiting, stopped = Pending.objects.count(), len(halts())
    late = "Seconds that the machine's clock is behind the ledger; acts are refused above 300."
    unsigned = "Seconds for which something has had its place and no signature."
    return {
        "decisions_published": ("gauge", "Decisions that the public can read.", asking.count(asking.Query())),
        "ledger_entries": ("counter", "Entries that have their place in the ledger.", size),
        "ledger_waiting": ("gauge", "Acts that wait for their place in the ledger.", waiting),
        "ledger_signed": ("counter", "Entries under the newest signed checkpoint.", newest(signed)),
        "ledger_unsigned_seconds": ("gauge", unsigned, round(unsigned_seconds())),
        "ledger_witnessed": (
            "counter",
            "Entries under the newest checkpoint that a witness has signed.",
            seen,
        ),
        "ledger_halted": (
            "gauge",
            "Logs of which nothing is signed, because something newer was seen outside or nobody was asked.",
            stopped,
        ),
        "clock_behind_seconds": ("gauge", late, round(behind().total_seconds())),
    }


def newest(rows: QuerySet[Checkpoint]) -> int:
    """The size of the newest of these checkpoints."""
    return rows.order_by("-size").values_list("size", flat=True).first() or 0
