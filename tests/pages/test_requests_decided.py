"""What is asked about a file is a task of the head who decides it, and the form shows what is decided."""

from datetime import date, timedelta
from typing import Any

import pytest

from copies_asked import ASKED, with_photo
from knocks import signed_in
from page_form import words
from play import Clock, Play, make_office
from publishing import supervisor_above
from sanxiang.cases.models import Paper
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.door.administer import administer
from sanxiang.door.files.asked_files import FileRequest, requests_in
from sanxiang.door.models import Task
from sanxiang.ledger.access_row import Access
from sanxiang.people.roles import AGENCY_HEAD

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(clock: Clock) -> Play:
    """An open case with a photograph."""
    return with_photo(make_office("kaiyuan"), clock)


def copy_asked(play: Play, scope: str = "papers") -> Task:
    """Somebody from above asks to take copies away."""
    told = {**ASKED, "scope": scope, "case": play.case.code}
    administer("request-copy", play.office.agency, supervisor_above(play.office.agency), told)
    return Task.objects.get(kind="decide-copy", closed_n=None)


def file_asked(play: Play) -> tuple[FileRequest, Task]:
    """A neighbour asks at the window."""
    told = {
        "case": play.case.code, "applicant": "顾清和", "standing": "other", "identity": "居民身份证已核对", "contact": "信函",
        "wants": "现场检查笔录", "form": "paper", "route": "disclosure", "received": play.clock.now.date().isoformat(), "via": "window",
    }  # fmt: skip
    administer("register-file-request", play.office.agency, play.person("archivist"), told)
    (one,) = requests_in([play.office.agency.pk])
    return one, Task.objects.get(kind="answer-file-request", closed_n=None)


def head(play: Play, address: str) -> Any:
    """The page as the head has it."""
    return signed_in(play.person("agency-head")).get(address)


def test_a_request_for_the_file_waits_for_the_head_with_its_day(play: Play) -> None:
    one, task = file_asked(play)
    assert (
        task.role == AGENCY_HEAD and task.due == date.fromisoformat(one.due) and task.case_id == play.case_id
    )
    today = head(play, "/desk/").content.decode()
    address = f"/desk/cases/{play.case_id}/requests/{one.id}/"
    assert one.number in today and f'href="{address}"' in today and "第三十三条" in today
    assert head(play, address).status_code == 200
    assert one.number not in words(signed_in(play.person("officer1")).get("/desk/"))
    extended = {"request": one.number, "reason": "需要征求第三方意见，已经告知申请人"}
    administer("extend-file-request", play.office.agency, play.person("agency-head"), extended)
    later = requests_in([play.office.agency.pk])[0].due
    assert later > one.due and Task.objects.get(pk=task.pk).due == date.fromisoformat(later)
    told = {"request": one.number, "outcome": "provide"}
    administer("answer-file-request", play.office.agency, play.person("agency-head"), told)
    assert one.number not in words(head(play, "/desk/"))


def test_the_answer_shows_who_asked_for_what_until_when_and_what_would_go_out(play: Play) -> None:
    one, _ = file_asked(play)
    form = f"/desk/admin/acts/answer-file-request/?agency={play.office.agency.pk}&request={one.number}"
    before = Access.objects.filter(case=play.case_id, kind="request", result="served").count()
    shown = words(head(play, form))
    assert "顾清和（其他公民、法人或者其他组织）" in shown and "现场检查笔录" in shown
    assert f"{cn_date(play.clock.now.date())}收到" in shown and cn_date(one.due) in shown
    assert "复制件现在会有" in shown and "不提供的" in shown and "音像、图片和其他文件" in shown
    assert (
        f'href="/desk/cases/{play.case_id}/requests/{one.id}/#preview"' in head(play, form).content.decode()
    )
    page = head(play, f"/desk/cases/{play.case_id}/requests/{one.id}/").content.decode()
    assert 'id="preview"' in page
    looks = Access.objects.filter(case=play.case_id, kind="request", result="served", object=one.id)
    assert looks.count() == before + 3, "what the form shows of the file is a look at it"
    play.clock.now += timedelta(days=60)
    assert "已经超过答复期限" in words(head(play, form))


def test_a_request_for_copies_waits_for_the_head_and_its_form_says_what_may_leave(play: Play) -> None:
    task = copy_asked(play)
    today = head(play, "/desk/").content.decode()
    assert f'href="/desk/accesses/copies/{task.pk}/"' in today
    client = signed_in(play.person("agency-head"))
    answer = client.get(f"/desk/accesses/copies/{task.pk}/", follow=True)
    assert answer.redirect_chain and "decide-copy" in answer.redirect_chain[-1][0]
    shown = words(answer)
    assert ASKED["purpose"] in shown and ASKED["ticket"] in shown and "没有规定天数" in shown
    papers = Paper.objects.filter(case=play.case_id)
    assert f"可以带走文书 {papers.count()} 份" in shown and "证据文件" not in shown
    first = papers[0]
    assert f'href="/desk/cases/{play.case_id}/papers/{first.pk}/"' in answer.content.decode()
    told = {
        "request": task.title.partition("：")[2],
        "outcome": "approved",
        "reason": "同意",
        "days": 3,
        "times": 2,
    }
    administer("decide-copy", play.office.agency, play.person("agency-head"), told)
    assert f"/desk/accesses/copies/{task.pk}/" not in head(play, "/desk/").content.decode()
    assert client.get(f"/desk/accesses/copies/{task.pk}/")["Location"] == "/desk/accesses/copies/"


def test_the_form_without_a_request_says_where_to_choose_one(play: Play) -> None:
    form = f"/desk/admin/acts/decide-copy/?agency={play.office.agency.pk}"
    assert 'href="/desk/accesses/copies/"' in head(play, form).content.decode()
    assert "还没有选定申请" in words(head(play, form))


def test_the_task_is_no_step_of_the_case(play: Play) -> None:
    """It neither hides the head's own turn there nor goes when the case is closed."""
    _, task = file_asked(play)
    play.until("")
    assert play.case.closed and Task.objects.get(pk=task.pk).closed_n is None
