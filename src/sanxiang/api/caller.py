"""Who knocks: a person signed in at the desk, or a machine with a token that acts as one post."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja.security.base import AuthBase
from ninja.security.http import HttpBearer
from ninja.utils import check_csrf

from sanxiang.api.problems import Problem, unreadable
from sanxiang.cases.models import Case
from sanxiang.door import gather
from sanxiang.door.files.copies import CopyWanted
from sanxiang.door.looks.given import given, sent
from sanxiang.door.reading import Reading, ReasonWanted, reading_of
from sanxiang.door.reasons import OFFERED
from sanxiang.law.facts import Actor
from sanxiang.law.rules import Act
from sanxiang.people.authority import Duties, agencies_visible, duties_of
from sanxiang.people.models import Agency, MachineToken, Person, Post
from sanxiang.people.roles import ADMIN_ROLES
from sanxiang.people.tokens import SCOPES, token_of
from sanxiang.speech import role_name


@dataclass(frozen=True)
class Caller:
    """A person with the posts that count for this request: all of the day, or the one post of a token."""

    person: Person
    on: date
    duties: Duties
    reading: Reading
    """What the request looks at, for the record of it."""
    token: MachineToken | None = None

    @property
    def posts(self) -> tuple[Post, ...]:
        """Own posts and those stood in for."""
        return self.duties.own + self.duties.borrowed

    @cached_property
    def agencies(self) -> frozenset[UUID]:
        """Agencies whose records this caller may see; none for administrators."""
        return agencies_visible(self.person, self.on, self.duties)

    @property
    def workplaces(self) -> dict[UUID, Agency]:
        """The agencies in which the caller holds a post that touches cases."""
        return {post.agency_id: post.agency for post in self.posts if post.role not in ADMIN_ROLES}

    def actor_in(self, agency: Agency) -> Actor:
        """The caller as an actor in one agency."""
        return gather.actor_in(self.person, agency, self.on, duties=self.duties)

    def may_try(self, act: Act) -> None:
        """A token does no more than its post: what another post of the same person may do is closed to it."""
        if self.token is None or not act.by or any(post.role in act.by for post in self.posts):
            return
        mine, wanted = role_name(self.token.post.role), "、".join(map(role_name, act.by))
        raise Problem(
            "post", f"令牌绑定的岗位是{mine}，{act.label}由{wanted}办理，请换用那个岗位的令牌或登录办理"
        )


class Token(HttpBearer):
    """`Authorization: Bearer sx_…`. A token that is shown but does not hold is refused, whatever the cookies say."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The caller behind a token. Raises Problem."""
        row = token_of(token, timezone.now())
        if row is None:
            raise Problem("unauthenticated", "令牌无效、已到期或已停用，请向签发它的机关的安全管理员申请新的")
        if self.scope not in row.scopes:
            raise Problem(
                "scope", f"令牌没有“{SCOPES[self.scope]}”（{self.scope}）权限，请申请带有这项权限的令牌"
            )
        on = timezone.localdate()
        duties = duties_of(row.post.person, on)
        own = tuple(post for post in duties.own if post.pk == row.post_id)
        looks = reading_of(request).by(row.post.person, own)
        return Caller(row.post.person, on, Duties(own, (), duties.on_leave), looks, row)


class Session(AuthBase):
    """The desk's session cookie; a request that changes something must bring the CSRF token too."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Caller | None:
        """The caller behind a session, None without one. Raises Problem for a missing CSRF token."""
        if not request.user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise Problem("csrf", "缺少 CSRF 令牌：请把 csrftoken Cookie 的值写进 X-CSRFToken 请求头")
        person = request.user
        on = timezone.localdate()
        duties = duties_of(person, on)
        return Caller(person, on, duties, reading_of(request).by(person, duties.own + duties.borrowed))


READ = [Token("read"), Session()]
ACT = [Token("act"), Session()]


def caller_of(request: HttpRequest) -> Caller:
    """Who was let in."""
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


def case_for(caller: Caller, case_id: UUID) -> Case:
    """One case, opened to be looked at. Raises Problem, also where the caller has no duty in it and does not say why."""
    found = case_listed(caller, case_id)
    request = caller.reading.request
    try:
        told = sent(request) or given(request, found.pk)
    except ValueError as wrong:
        raise unreadable({"X-Access-Reason": f"X-Access-Reason：{wrong}"}) from None
    try:
        caller.reading.open(found, told)
    except ReasonWanted as wanted:
        raise Problem("reason", wanting(wanted.outside)) from None
    except CopyWanted as wanted:
        raise Problem("copy", f"{wanted}。副本带出案件所属机关须先经批准，在工作台“申请调取副本”") from None
    return found


def wanting(outside: bool) -> str:
    """What a client is told that must say why it looks."""
    codes = "、".join(f"{code}（{label}）" for code, label in OFFERED.items())
    more = "，并用 X-Access-Ticket 写明批准或者通知文号（调阅其他机关的案件必填）" if outside else ""
    return f"这个案件不是调用人承办或者经办的，调阅须写明事由：请求头 X-Access-Reason 写“代码;说明”（百分号编码），代码为 {codes}{more}"


def case_listed(caller: Caller, case_id: UUID) -> Case:
    """One case with agency and unit, to be acted upon. The same 404 whether it belongs to others or to no one."""
    found = (
        Case.objects.filter(agency__in=caller.agencies, id=case_id).select_related("agency", "unit").first()
    )
    if found is None:
        raise Problem("unknown", f"没有编号为 {case_id} 的案件，请核对案件编号")
    return found
