"""What watches the installation asks: does it live, and a few numbers. Nothing here depends on what is not public."""

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from sanxiang.cases import search
from sanxiang.ledger.halt import halted
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint, Pending, Sequence
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
    size = Sequence.objects.filter(id=ACTS.row).values_list("size", flat=True).first() or 0
    signed = Checkpoint.objects.filter(log=ACTS.row).exclude(note="")
    lines = (
        "# HELP sanxiang_decisions_published Decisions that the public can read.",
        "# TYPE sanxiang_decisions_published gauge",
        f"sanxiang_decisions_published {search.count(search.Query())}",
        "# HELP sanxiang_ledger_entries Entries that have their place in the ledger.",
        "# TYPE sanxiang_ledger_entries counter",
        f"sanxiang_ledger_entries {size}",
        "# HELP sanxiang_ledger_waiting Acts that wait for their place in the ledger.",
        "# TYPE sanxiang_ledger_waiting gauge",
        f"sanxiang_ledger_waiting {Pending.objects.count()}",
        "# HELP sanxiang_ledger_signed Entries under the newest signed checkpoint.",
        "# TYPE sanxiang_ledger_signed counter",
        f"sanxiang_ledger_signed {newest(signed)}",
        "# HELP sanxiang_ledger_witnessed Entries under the newest checkpoint that a witness has signed.",
        "# TYPE sanxiang_ledger_witnessed counter",
        f"sanxiang_ledger_witnessed {newest(signed.exclude(cosignatures=None))}",
        "# HELP sanxiang_ledger_halted 1 while nothing is signed, because something newer was seen outside.",
        "# TYPE sanxiang_ledger_halted gauge",
        f"sanxiang_ledger_halted {int(halted() is not None)}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def newest(rows: QuerySet[Checkpoint]) -> int:
    """The size of the newest of these checkpoints."""
    return rows.order_by("-size").values_list("size", flat=True).first() or 0
