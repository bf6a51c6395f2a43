"""规范用语、制作指引、口述用语: beside the field that they help, kept with their version, told before the form is sent and after."""

import html
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from axe import violations
from playwright.sync_api import sync_playwright
from served import SITE, answer, chromium_path

from films import make_film
from knocks import form_of, signed_in
from play import STORIES, Clock, Play, make_office
from sanxiang.cases.recording.receiving import receive
from sanxiang.ledger.models import Opening

pytestmark = pytest.mark.django_db
CERTIFICATE = "您好，我们是负责这项工作的行政执法人员，现在向您出示执法证件，请您看清姓名、证号和有效期。"


@pytest.fixture
def play(clock: Clock) -> Play:
    """An ordinary case of 开原, about to interview."""
    procedure, steps = STORIES["ordinary"]
    story = Play(make_office("kaiyuan"), procedure, steps, clock)
    clock.now = story.moment
    story.until("interview")
    return story


def form(play: Play, record: str, **more: Any) -> dict[str, Any]:
    """What a browser sends for an interview."""
    knock = play.knock(record=record, **more)
    return form_of(knock.rule, knock.data)


def sent(play: Play, data: dict[str, Any]) -> Any:
    """The form of the page, sent."""
    return signed_in(play.person("officer1")).post(f"/desk/cases/{play.case_id}/acts/interview/", data)


def kept(play: Play, name: str) -> str:
    """What the last act keeps under that name."""
    row = Opening.objects.filter(act__subject=play.case_id, act__n=play.case.n, name=name).first()
    return str(row.value) if row else ""


def timeline(play: Play) -> str:
    """The case's timeline as its officer reads it."""
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/timeline/")
    return html.unescape(page.content.decode())


@pytest.mark.carries(
    "KY-032", locality="kaiyuan", change=('id = "ky-say-certificate"\n', 'id = "ky-say-certificate-2"\n')
)
def test_a_phrase_of_the_locality_is_inserted_and_its_version_kept(play: Play) -> None:
    """The page offers it beside the record; the text that has it keeps id and version; a text without it keeps nothing."""
    page = (
        signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/acts/interview/").content.decode()
    )
    assert f'data-text="{CERTIFICATE}"' in html.unescape(page) and "规范用语" in page
    assert (
        "我们是本机关的行政执法人员" not in page
    )  # the national wording, which the locality words its own way
    with play.branch():
        assert sent(play, form(play, "问：何时开始？答：今年三月。")).status_code == 302
        assert not kept(play, "phrases")
    assert sent(play, form(play, f"{CERTIFICATE}\n问：何时开始？答：今年三月。")).status_code == 302
    assert kept(play, "phrases") == "亮证（ky-say-certificate 第1版）"
    assert "用到的规范用语" in timeline(play) and "ky-say-certificate 第1版" in timeline(play)


@pytest.mark.carries("KY-033", locality="kaiyuan", change=("有数字没有写计量单位", "数字写得不规范"))
def test_the_guide_stands_beside_the_field_and_flags_what_breaks_it(play: Play) -> None:
    """A number without its unit: told before anything is written, with the clause; sent all the same, it is kept."""
    page = (
        signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/acts/interview/").content.decode()
    )
    assert "一问一答" in page and "怎么写" in page
    before, flawed = play.case.n, form(play, "问：围堰多长？答：长 35。")
    answer_ = sent(play, flawed)
    text = answer_.content.decode()
    assert (
        answer_.status_code == 422
        and "有数字没有写计量单位" in text
        and "仍然这样提交" in text
        and "长 35。" in text
    )
    assert play.case.n == before
    with play.branch():
        assert sent(play, form(play, "问：围堰多长？答：长 35 米。")).status_code == 302
        assert not kept(play, "warnings")
    assert sent(play, flawed | {"heeded": "on"}).status_code == 302
    assert "有数字没有写计量单位" in kept(play, "warnings") and "提交时的提醒" in timeline(play)
    play.position += 1


@pytest.mark.carries("KY-043", locality="kaiyuan", change=('spoken = "opening"', 'spoken = "greeting"'))
def test_a_recording_without_the_words_that_open_it_keeps_a_warning(play: Play) -> None:
    """The spoken script stands with its ticks where recordings come in; not ticked: the warning is kept; ticked: none."""
    page = (
        signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/acts/interview/").content.decode()
    )
    assert 'name="script_said"' in page and "现在开始录音录像" in page
    began = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    film = receive(io.BytesIO(make_film(12, began)), "询问录像.mp4", "video/mp4")
    untold = {"photos": [film]}
    with play.branch():
        play.step(**untold)
        assert "没有勾选“录制开场”用语" in kept(play, "warnings") and "二（二）" in kept(play, "warnings")
        assert "没有勾选“录制开场”用语" in timeline(play)
    play.step(**untold, script_said=["opening", "closing"])
    assert not kept(play, "warnings")


@pytest.mark.browser
def test_one_click_puts_the_phrase_where_the_cursor_stands(play: Play) -> None:
    address = f"/desk/cases/{play.case_id}/acts/interview/"
    pages = {address: signed_in(play.person("officer1")).get(address).content.decode()}
    with sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=chromium_path(), args=["--disable-background-networking"]
        )
        context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
        context.route("**/*", lambda route: answer(route, pages))
        page = context.new_page()
        page.goto(SITE + address)
        page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
        page.fill("#id_record", "问：")
        page.get_by_role("button", name="插入“亮证”用语").click()
        assert page.input_value("#id_record").startswith("问：\n") and CERTIFICATE in page.input_value(
            "#id_record"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not list(violations(page))
        context.close()
        chromium.close()
