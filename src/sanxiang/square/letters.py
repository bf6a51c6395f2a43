"""邮件提醒 on the portal: ask for letters about a search, confirm, end; and the words of the letters."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sanxiang.cases.models import Publication
from sanxiang.door.intake import subscriptions
from sanxiang.door.intake.subscriptions import Letter, NotSubscribed, Subscription
from sanxiang.people.proxies import source
from sanxiang.square import asked, feeds, showing
from sanxiang.square.decisions import organs
from sanxiang.square.page import address, page


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("email")
@never_cache
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form for the search whose parameters stand in the address; sent, what happens next."""
    if not subscriptions.offered():
        raise Http404("本平台没有开通邮件提醒")
    agencies = organs()
    question = asked.read(request.GET, agencies)
    title, email = feeds.title_of(question, agencies), request.POST.get("email", "").strip()[:254]
    errors = list(question.summary)
    if request.method == "POST" and not errors:
        errors = taken(request, question, title, email)
        if not errors:
            return unseen(page(request, "square/letters/asked.html", {"email": email}))
    field = {
        "kind": "text",
        "name": "email",
        "label": "电子邮箱",
        "required": True,
        "value": email,
        "hint": HINT,
    }
    here = address(reverse("letters"), question.typed)
    context = {"title": title, "field": field, "errors": errors, "here": here}
    return unseen(page(request, "square/letters/ask.html", context, status=422 if errors else 200))


def taken(request: HttpRequest, question: asked.Asked, title: str, email: str) -> list[dict[str, str]]:
    """What stands in the way of taking it in; nothing where it was taken."""
    try:
        subscriptions.subscribe(email, question.query, address("", question.typed), title, source(request))
    except NotSubscribed as refused:
        return [{"text": f"电子邮箱：{refused}", "href": "#id_email"}]
    return []


HINT = "先收到一封确认邮件，点开其中的链接确认以后才开始提醒，每天最多一封。退订以后，本平台不留这个邮箱"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The link of the invitation. A look confirms nothing: mail servers follow links too."""
    token = request.GET.get("t", "")
    row = subscriptions.confirm(token) if request.method == "POST" else subscriptions.found(token)
    context = {"row": row, "done": bool(row and row.seen is not None), "here": link("letters-confirm", token)}
    return unseen(page(request, "square/letters/confirm.html", context, status=200 if row else 404))


@csrf_exempt  # the mail program of the reader sends it by itself (RFC 8058); the signed token says whose it is
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: HttpRequest) -> HttpResponse:
    """The link under each letter; one click, by the reader or the reader's mail program."""
    token = request.GET.get("t", "")
    if request.method == "POST":
        subscriptions.end(token)
    row = subscriptions.found(token)
    return unseen(page(request, "square/letters/end.html", {"row": row, "here": link("letters-end", token)}))


def unseen(answer: HttpResponse) -> HttpResponse:
    """Not for search engines; and the token in the address is told to no other site."""
    answer["X-Robots-Tag"], answer["Referrer-Policy"] = "noindex", "no-referrer"
    return answer


def link(name: str, token: str) -> str:
    """The path of a link with its token."""
    return address(reverse(name), {"t": token})


def write(row: Subscription, hits: list[Publication], token: str) -> Letter:
    """The words of a letter; the invitation where there is no decision."""
    here = settings.PUBLIC_ADDRESS.rstrip("/")
    ending = f"\n\n退订（退订后不留您的邮箱）：\n{here}{link('letters-end', token)}\n"
    if not hits:
        text = (
            f"有人用这个邮箱在本平台订阅了：\n{row.title}\n\n是您本人的，请在两天内打开下面的链接确认：\n"
            f"{here}{link('letters-confirm', token)}\n\n不是您本人的，不用理会，两天后这个邮箱会从本平台删除。"
        )
        return Letter("请确认邮件提醒", text + ending)
    shown = [
        f"{showing.short(showing.heading_of(one))}\n{showing.organ_of(one)}\n{here}{reverse('decision', args=[one.pk])}"
        for one in hits[: subscriptions.SHOWN]
    ]
    more = f"\n\n其余 {len(hits) - len(shown)} 条见：" if len(hits) > len(shown) else "\n\n全部见："
    listed = f"{here}{reverse('decisions')}{row.params}"
    subject = f"新公示 {len(hits)} 条执法决定"
    return Letter(subject, f"{row.title}\n\n" + "\n\n".join(shown) + more + "\n" + listed + ending)


def stop_address(token: str) -> str:
    """Where a mail program ends the letters by itself."""
    return settings.PUBLIC_ADDRESS.rstrip("/") + link("letters-end", token)
