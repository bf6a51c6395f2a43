"""Every look at a record that is not public leaves an entry 调阅记录, or the record is not shown.

What is asked here of a page or an address of the API: which record it shows (`READS`), or that it shows none (`OPEN`). A
test holds both tables against all addresses there are. The entry is written after the page was made and before its first
byte leaves; where it cannot be written, the answer is 503 and nothing of the record.
"""

import json
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from sanxiang.cases.models import Case
from sanxiang.door.files.copies import TAKEN, Copy, approval
from sanxiang.door.keeping import METHODS
from sanxiang.door.reasons import BY_DUTY, LONGEST_TEXT, Reason, duty_of, is_outside, lacking
from sanxiang.ledger.access import MISSING, SERVED, WITHHELD, Read, new_mark, record
from sanxiang.ledger.access_row import LOST_LOOK, Access
from sanxiang.people.models import Person, Post

log = logging.getLogger("django.request")

READS = {
    "desk-case": "case",
    "desk-case-file": "file",
    "desk-along": "along",
    "desk-case-volume": "volume",
    "desk-party": "party",
    "desk-timeline": "timeline",
    "desk-act": "form",
    "desk-paper": "paper",
    "desk-paper-pdf": "pdf",
    "desk-paper-print": "print",
    "desk-paper-docx": "docx",
    "desk-paper-sign": "signing",
    "desk-paper-scan": "scan",
    "desk-evidence": "evidence",
    "desk-film": "film",
    "desk-film-stream": "film",
    "desk-evidence-look": "look",
    "desk-file-request": "request",
    "desk-file-request-pdf": "request-pdf",
    "desk-slip": "slip",
    "desk-application": "application",
    "desk-application-pdf": "application-pdf",
    "desk-voice": "voice",
    "desk-voice-file": "voice-file",
    "desk-review": "review",
    "desk-publication": "publication",
    "desk-publication-sides": "publication",
    "desk-historical-record": "historical",
    "desk-case-register": "register",
    "desk-transfer": "transfer",
    "desk-transfer-list": "transfer",
    "desk-transfer-package": "package",
    "desk-case-check": "check",
    "desk-evaluation-sheet": "evaluation",
    "desk-evaluation-pdf": "evaluation",
    "desk-coverage-csv": "coverage",
    "desk-discipline-csv": "discipline",
    "desk-case-accesses": "accesses",
    "desk-accesses-csv": "accesses",
    "desk-my-accesses": "accesses",
    "desk-refusals": "refusals",
    "show_case": "case",
    "list_acts": "form",
    "timeline": "timeline",
    "paper_pdf": "pdf",
    "paper_data": "data",
    "paper_schema": "schema",
    "dossier": "dossier",
    "log-entries": "entries",
    "access-entries": "entries",
}
"""What an address shows of a record that is not public, by the address's name."""

OPEN = frozenset({
    # Signing in, one's own account, the frame of the desk.
    "sign-in", "sign-out", "password", "desk-today", "desk-more", "desk-why",
    # Lists: that there is a case, never what is in its file. To open one is a look.
    "desk-tasks", "desk-late-entries", "desk-discipline", "desk-alerts",
    "desk-cases", "desk-transfers", "desk-publications", "desk-public-coverage", "desk-duties", "desk-historical", "desk-reviews",
    "list_cases", "list_tasks", "public_coverage", "desk-coverage", "desk-dress", "desk-figures", "desk-figures-cases",
    "desk-weak-links", "desk-improvements", "desk-key-acts",
    # Nothing of a case yet, or an act, which the first log has; its answer says what was done, or why not.
    "desk-field", "desk-field-worker", "desk-field-manifest", "desk-field-contact", "desk-field-blanks", "desk-field-devices",
    "desk-open", "desk-open-case", "desk-scan",
    "desk-new", "desk-start", "start_case", "perform_act", "upload", "tus-uploads", "tus-upload",
    # The law, the registers, numbers, the first log; the machinery of the agency, whose changes the first log has.
    "desk-accesses", "desk-access-review", "desk-copies", "desk-copy", "desk-access-finding", "desk-defences", "desk-file-requests",
    "desk-voices", "desk-concerns", "desk-applications", "desk-spot-checks",
    "desk-evaluation", "desk-paper-rate", "desk-uses", "desk-devices", "desk-device", "desk-venues", "desk-docked", "desk-inspection",
    "desk-registers", "desk-register", "desk-register-import", "desk-register-draft", "desk-register-rejected",
    "desk-register-recheck", "desk-register-changes", "desk-numbers", "desk-scheme", "desk-phases", "desk-law", "desk-ledger", "desk-admin",
    "desk-admin-people", "desk-admin-person", "desk-admin-import", "desk-admin-act", "desk-admin-history", "desk-admin-refusals",
    "desk-before", "desk-cards", "desk-pilot", "desk-exchange", "push_record", "correct_record",
    "withdraw_record", "sync_case", "push_summaries", "push_items",
    "push_inspections", "push_certificates", "list_handed_in", "routing",
    "me", "scheme", "list_procedures", "show_procedure", "register",
    # What everybody may read without signing in.
    "openapi-json", "docs", "list_decisions", "show_decision", "list_changes", "record_schemas", "show_before", "show_bulk",
    "voice_form", "speak", "voice_status",
    "public_register", "public_changes", "district_register", "register_act",
    # Of the logs: checkpoints, hashes, keys, and acts of which the public may know.
    "log", "log-policy", "log-script", "log-stamp", "log-stamped", "log-act", "log-act-leaf", "log-act-fields", "log-act-proof",
    "log-checkpoint", "log-vkey", "log-tile", "access-checkpoint", "access-tile", "twin-checkpoint", "twin-tile",
})  # fmt: skip
"""The names of the addresses that show no record of a case."""

QUEUED = "queued"
"""The page that says how long a part of a file is while that part is being made."""

KINDS = {
    "case": "案件全貌",
    "hit": "案件全貌（由查找打开）",
    "file": "案卷目录和保管",
    "along": "带到现场",
    "volume": "案卷合成文件",
    QUEUED: "案卷合成文件（正在合成，没有取走内容）",
    "party": "执法对象档案",
    "timeline": "办案时间线",
    "form": "办理表单",
    "paper": "文书",
    "pdf": "文书 PDF",
    "print": "文书打印",
    "docx": "文书 Word",
    "signing": "文书签名",
    "scan": "文书和签名原件扫描件",
    "data": "文书电子信息",
    "schema": "文书格式",
    "evidence": "证据文件",
    "range": "证据文件片段",
    "film": "播放音像（可以看到全部内容）",
    "look": "在线查看证据",
    "headers": "证据文件的大小（没有取走内容）",
    "request": "查阅、复制申请和拟提供的内容",
    "request-pdf": "查阅、复制申请的答复、复制件或者回执",
    "requests": "查阅、复制申请的办理情况",
    "slip": "办理进度单",
    "application": "政府信息公开申请",
    "application-pdf": "政府信息公开申请的答复书",
    "voice": "投诉和意见",
    "voice-file": "投诉和意见的附件",
    "review": "送审材料",
    "publication": "公示文本",
    "historical": "历史导入的记录",
    "register": "执法台账",
    "transfer": "案卷移交清单",
    "package": "案卷移交包",
    "check": "案卷自查",
    "evaluation": "案卷评查表",
    "coverage": "音像记录覆盖表",
    "discipline": "记录纪律表",
    "dossier": "电子案卷",
    "accesses": "调阅记录",
    "refusals": "不予办理记录",
    "entries": "账本条目",
    LOST_LOOK: "内容已随数据库丢失",
    "acts": "可办步骤",
    "verify": "案件核验",
}
"""What was looked at, in words."""

RANGE, HEADERS, BUNDLE = "range", "headers", "entries"
OF_NOBODY = frozenset({LOST_LOOK, BUNDLE})
"""Kinds of looks that are at no agency's record: at what is not known any more, or at the log of all."""
INSIDE = ("/desk/", "/api/", "/log")
"""Below these stands what is not the public's."""
FOUND = "found"
"""By this in the address of a case one sees that a search led to it."""

GUARDED = {
    "desk-accesses": "accesses",
    "desk-access-review": "accesses",
    "desk-access-finding": "accesses",
    "desk-file-requests": "requests",
}
"""Lists of who looked, which leave no entry where they are shown: that somebody without the right asked for one is kept."""

SHOWN = frozenset({200, 202, 206, 304})
"""Answers that have the record in them or around them, or let a browser show what it kept of it."""
SHOWN_AGAIN = frozenset({"form", "signing", "scan", "film", "file", "historical"})
"""What a 422 shows again: a form that was refused, with the record around it."""
REFUSED = frozenset({403, 404, 410})

UNRECORDED = "调阅记录写不进去，所以没有提供内容。请稍后再试；仍不行请告知系统管理员检查数据库和磁盘。"


class ReasonWanted(Exception):
    """Somebody may see the case but has no duty in it, and has not said why they look. `outside`: not of its agency."""

    def __init__(self, case: Case, outside: bool) -> None:
        super().__init__(str(case.pk))
        self.case, self.outside = case, outside


class Unrecorded(Exception):
    """The entry could not be written, so nothing of the record may be shown."""


@dataclass
class Reading:
    """What one request looks at; filled in by the page on its way, written down by the middleware."""

    request: HttpRequest
    mark: str = field(default_factory=new_mark)
    """The watermark id that the entry will have; what is handed out bears it."""
    person: Person | None = None
    posts: tuple[Post, ...] = ()
    case: uuid.UUID | None = None
    agency: uuid.UUID | None = None
    role: str = ""
    own_agency: uuid.UUID | None = None
    """That of the post in which one looks; `agency` is whose record it is."""
    reason: Reason | None = None
    object: uuid.UUID | None = None
    digest: str = ""
    part: tuple[int, int] | None = None
    """The first and the last byte of the file that are opened, None for all of it; of a log its entries."""
    kind: str = ""
    """What kind of look it is where the address alone does not say."""
    copies: int = 0
    asked: bool = False
    """The reason is asked for: neither shown nor withheld yet."""
    entry: Access | None = None
    approved: Copy | None = None
    """The approval under which a copy leaves the agency."""

    def by(self, person: Person, posts: Iterable[Post]) -> "Reading":
        """Who looks, with the posts that count."""
        self.person, self.posts = person, tuple(posts)
        return self

    def open(self, case: Case, given: Reason | None) -> None:
        """The look at a case begins: by duty, or for the reason given. Raises ReasonWanted, and CopyWanted where a copy would
        leave the agency without an approval."""
        person = cast(Person, self.person)
        outside = is_outside(case, self.posts)
        duty = duty_of(case, person, self.posts)
        if not duty and (given is None or lacking(given, outside)):
            self.asked = True
            raise ReasonWanted(case, outside)
        self.case, self.agency, self.object, self.digest = case.pk, case.agency_id, case.pk, case.head
        self.acts_in(case.agency_id, duty)
        self.reason = BY_DUTY if duty else given
        if outside and given is not None and self.takes_away:
            self.approved = approval(case, person.pk, self.takes_away, timezone.localdate())
            self.reason = replace(given, ticket=self.approved.number)

    @property
    def takes_away(self) -> str:
        """The kind of copy that leaves by this address; "" where one only looks."""
        place = self.request.resolver_match
        kind = READS.get(str(place.url_name), "") if place else ""
        return kind if kind in TAKEN and self.request.method != "HEAD" else ""

    def carried_by(self, told: str) -> None:
        """What of the case goes where it can be looked at again without asking: the entry says so, beside why."""
        reason = self.reason or Reason("")
        text = "；".join(filter(None, (reason.text, told)))[:LONGEST_TEXT]
        self.reason = replace(reason, text=text)

    def of(self, key: uuid.UUID, digest: str) -> None:
        """Which object of the case it is, with the digest of its bytes."""
        self.object, self.digest = key, digest

    def beside(
        self, agency: uuid.UUID | None, reason: Reason, key: uuid.UUID | None = None, digest: str = ""
    ) -> None:
        """The look at something that is no case of ours: a register, an imported record, a list of looks."""
        self.agency, self.reason, self.object, self.digest = agency, reason, key, digest
        self.acts_in(agency)

    def acts_in(self, agency: uuid.UUID | None, duty: str = "") -> None:
        """In which role of which agency one looks. Whose duty a case is has it by a post in the case's agency."""
        self.role, self.own_agency = (duty, agency) if duty else place_of(self.posts, agency)

    @property
    def ready(self) -> bool:
        """Has the page said what it shows, to whom and why?"""
        return self.person is not None and self.reason is not None

    def enter(self, kind: str, result: str = SERVED) -> Access:
        """Write the entry, once. Raises Unrecorded."""
        if self.entry is None:
            try:
                self.entry = record(self.read(kind, result), timezone.now())
            except Error as error:
                log.error("access entry not written: %s", self.request.path, exc_info=error)
                raise Unrecorded from error
        return self.entry

    def read(self, kind: str, result: str) -> Read:
        """The entry's content."""
        reason = self.reason or Reason("")
        person = self.person
        return Read(
            by=person.pk if person else None,
            by_name=person.name if person else "",
            kind=kind,
            channel="api" if by_machine(self.request) else "page",
            result=result,
            reason=reason.code,
            role=self.role,
            own_agency=self.own_agency,
            agency=self.agency,
            case=self.case,
            object=self.object,
            digest=self.digest,
            part=self.part,
            copies=self.copies,
            text=reason.text,
            ticket=reason.ticket,
            address=str(self.request.META.get("REMOTE_ADDR", ""))[:60],
            watermark=self.mark,
        )


def by_machine(request: HttpRequest) -> bool:
    """Is it a program that asks: at an address of the API, or with a token?"""
    return request.path_info.startswith("/api/") or "Authorization" in request.headers


def place_of(posts: Iterable[Post], agency: uuid.UUID | None) -> tuple[str, uuid.UUID | None]:
    """The role in which somebody looks in without a duty, and its agency: one held there, or the one that they look down with."""
    posts = list(posts)
    here = [post for post in posts if post.agency_id == agency]
    above = [post for post in posts if post.agency.is_supervisor]
    found = next(iter([*here, *above, *posts]), None)
    return (found.role, found.agency_id) if found else ("", None)


def reading_of(request: HttpRequest) -> Reading:
    """What this request looks at."""
    found = getattr(request, "reading", None)
    if not isinstance(found, Reading):
        found = Reading(request)
        request.reading = found  # type: ignore[attr-defined]  # where the middleware finds it
    return found


def keep_accesses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; stands where it sees the answer as it will leave."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        reading = reading_of(request)
        response = get_response(request)
        place = request.resolver_match
        name = str(place.url_name) if place else ""
        kind = READS.get(name) or (GUARDED.get(name) if response.status_code == 403 else None)
        if place is None or kind is None or not request.path_info.startswith(INSIDE):
            return response
        try:
            return entered(reading, kind, response, place.kwargs)
        except Unrecorded:
            let_go(response)
            return unrecorded(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unrecorded(request) if isinstance(error, Unrecorded) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # where Django looks for it
    return middleware


def entered(
    reading: Reading, kind: str, response: HttpResponseBase, asked: dict[str, Any]
) -> HttpResponseBase:
    """The answer, once its entry is written; every other answer as it is."""
    status = response.status_code
    if status in SHOWN or (status == 422 and kind in SHOWN_AGAIN):
        if not reading.ready:
            # A page that shows a case and has not said so would leave no entry. Nobody sees it.
            log.error("not said what is shown: %s", reading.request.path)
            let_go(response)
            return unrecorded(reading.request)
        reading.enter(shown_as(reading, kind))
        response["X-Watermark"] = reading.mark
    elif status == 503 and kind == "volume" and reading.ready:  # the page that names what is lost
        reading.enter(kind, MISSING)
    elif status in REFUSED and asked_to_see(reading):
        refused(reading, kind, status, asked)
    return response


def asked_to_see(reading: Reading) -> bool:
    """Did somebody known want to look? Who is asked why has not been refused yet; who would delete is kept elsewhere."""
    return reading.person is not None and not reading.asked and reading.request.method not in METHODS


def refused(reading: Reading, kind: str, status: int, asked: dict[str, Any]) -> None:
    """Keep that somebody known was not shown what there is; nothing is kept of an address behind which there is nothing."""
    if reading.case is not None:
        if status == 403 or reading.object != reading.case:
            reading.enter(kind, WITHHELD if status == 403 else MISSING)
        return
    key = asked.get("case_id", asked.get("case"))
    agency = Case.objects.filter(pk=key).values_list("agency_id", flat=True).first() if key else None
    if agency is not None:
        reading.case, reading.object = key, key
    elif status == 403 and reading.posts:
        agency = reading.posts[0].agency_id  # no record of one case: it is kept where whoever asked belongs
    if agency is not None:
        reading.agency = agency
        reading.acts_in(agency)
        reading.enter(kind, WITHHELD)


def shown_as(reading: Reading, kind: str) -> str:
    """The kind of look: as the address says, but for part of a file, or a case that a search led to."""
    if reading.kind or reading.part:
        return reading.kind or RANGE
    return "hit" if kind == "case" and was_found(reading) else kind


def found_mark(person: Person, case: uuid.UUID) -> str:
    """What the link to a case that a search found has in its address: good for whoever searched and on that day.

    A browser may keep back where it comes from (Referer); and who is handed the link, or keeps it, has found nothing.
    """
    told = f"{person.pk} {case} {timezone.localdate()}"
    return salted_hmac("sanxiang.search-hit", told, algorithm="sha256").hexdigest()[:16]


def was_found(reading: Reading) -> bool:
    """Did a search of this person's lead here today?"""
    said = reading.request.GET.get(FOUND, "")
    if not said or reading.person is None or reading.case is None:
        return False
    return constant_time_compare(said, found_mark(reading.person, reading.case))


def let_go(response: HttpResponseBase) -> None:
    """Close the file that would have been sent. Not the answer itself: that would end the request, with its database connection."""
    file = getattr(response, "file_to_stream", None)
    if file is not None:
        file.close()


def unrecorded(request: HttpRequest) -> HttpResponse:
    """503 and nothing of the record."""
    if request.path_info.startswith("/api/"):
        body = json.dumps({"error": {"code": "unrecorded", "message": UNRECORDED}}, ensure_ascii=False)
        return HttpResponse(body, status=503, content_type="application/json; charset=utf-8")
    return render(request, "503.html", {"reason": UNRECORDED}, status=503)
