"""What watches the installation asks: does it live, and a few numbers. Nothing here depends on what is not public."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from sanxiang.cases import search
from sanxiang.ledger.models import Sequence
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
    size = Sequence.objects.values_list("size", flat=True).first() or 0
    lines = (
        "# HELP sanxiang_decisions_published Decisions that the public can read.",
        "# TYPE sanxiang_decisions_published gauge",
        f"sanxiang_decisions_published {search.count(search.Query())}",
        "# HELP sanxiang_ledger_entries Entries that have their place in the ledger.",
        "# TYPE sanxiang_ledger_entries counter",
        f"sanxiang_ledger_entries {size}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")
