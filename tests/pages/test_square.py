"""The public square as a citizen meets it: what is published can be found and read, what is not does not exist."""

import html
import json
import re
import uuid
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from board import DAY, PLACES, TEXTS, page_of, publish, shows, text, withdraw
from cast import Cast
from sanxiang.cases.models import Case
from sanxiang.cases.search import asking
from sanxiang.people.models import Agency, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(cast: Cast) -> Agency:
    return cast.bureau


HIT = re.compile(r'<h3><a href="/decisions/([0-9a-f-]+)/"')
SECRET = "鼋鼍出没之地"
EVIL = """"><script>alert('x')</script><b onclick=x>"""


class Inline(HTMLParser):
    """Collects what the content policy forbids: inline scripts and styles, event attributes, script addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        bad = [name for name in given if name == "style" or name.startswith("on")]
        bad += [
            name for name, value in given.items() if (value or "").strip().lower().startswith("javascript:")
        ]
        self.found += [f"{tag} {name}" for name in bad] + ["script"] * (
            tag == "script" and "src" not in given
        )


def inline(page: str) -> list[str]:
    """What a page has of that."""
    parser = Inline()
    parser.feed(page)
    return parser.found


def test_a_published_decision_is_found_everywhere_without_signing_in(client: Client, bureau: Agency) -> None:
    row = publish(bureau)
    assert all(shows(client, row).values())
    page = text(client.get(page_of(row)))
    for word in (
        row.number,
        row.title,
        row.party,
        row.facts,
        row.basis,
        row.result,
        str(row.act),
        row.leaf_hash,
        "本条的账本编号",
    ):
        assert word in page, word
    assert json.loads(client.get(f"/decisions/{row.pk}.json").content)["number"] == row.number


def test_a_withdrawn_one_leaves_everything_at_once_and_a_notice_stays(client: Client, bureau: Agency) -> None:
    row, other = publish(bureau, facts=f"在{SECRET}弃置砂石"), publish(bureau, 2)
    withdraw(row)
    assert not any(shows(client, row).values())
    assert all(shows(client, other).values())
    for address in (page_of(row), f"/decisions/{row.pk}.json"):
        gone = client.get(address)
        assert gone.status_code == 410
        assert "经行政复议撤销" in text(gone) and bureau.name in text(gone)
        assert not any(word in text(gone) for word in (SECRET, "青禾砂石", "弃置砂石", "云水罚字"))
    assert "2026年4月1日" in text(client.get(page_of(row)))
    notices = text(client.get("/decisions/withdrawn/"))
    assert "经行政复议撤销" in notices and page_of(row) in notices and page_of(other) not in notices


@pytest.mark.parametrize("status", ["prepared", "exempt", "held"])
def test_what_is_not_public_answers_byte_for_byte_like_nothing(
    client: Client, bureau: Agency, status: str
) -> None:
    hidden = publish(bureau, status=status, facts=SECRET)
    assert not any(shows(client, hidden).values())
    for form in ("/decisions/{}/", "/decisions/{}.json"):
        answers = [client.get(form.format(key)) for key in (hidden.pk, uuid.uuid4())]
        assert {answer.status_code for answer in answers} == {404}
        assert answers[0].content == answers[1].content
        assert answers[0].headers == answers[1].headers
    assert client.get("/decisions/not-a-key/").content == answers[0].content


@pytest.mark.parametrize("status", ["prepared", "withdrawn", "exempt", "held"])
def test_nothing_counted_or_tagged_changes_with_what_is_not_public(
    client: Client, bureau: Agency, status: str
) -> None:
    publish(bureau)
    places = [*PLACES, "/agencies/", f"/agencies/{bureau.pk}/", "/metrics", "/robots.txt"]

    def seen() -> dict[str, tuple[str, str]]:
        return {
            place: (text(answer := client.get(place)), answer.headers.get("ETag", "")) for place in places
        }

    before = seen()
    publish(bureau, 9, status=status, title=SECRET, withdrawn_on=None)
    after = seen()
    # The number of notices of withdrawal is public.
    different = {place for place in places if before[place] != after[place]}
    assert different == ({"/"} if status == "withdrawn" else set())


def test_an_import_says_where_it_comes_from_and_claims_no_review(client: Client, bureau: Agency) -> None:
    row = publish(
        bureau, authority="青州银监分局", flags=["no-basis", "other-organ"], source_published_on=DAY
    )
    page = text(client.get(page_of(row)))
    for word in ("历史导入", "来源机关", "青州银监分局", "缺依据", "机关与导入单位不同", "2026年3月2日"):
        assert word in page, word
    assert "不说明它是否经过法制审核" in page and "已经法制审核" not in page
    assert "申请行政复议：" not in page
    assert "历史导入" in text(client.get("/decisions/"))


def test_a_case_of_our_own_is_no_import_and_shows_nothing_internal(client: Client, bureau: Agency) -> None:
    case = Case.objects.create(
        agency=bureau, code="A1", title="内部案名", party="内部当事人", act_type="penalty", procedure="ordinary", stage="closed",
        pack="huantai", pack_digest="0", opened_at=timezone.now(), n=1, head="",
    )  # fmt: skip
    page = text(client.get(page_of(publish(bureau, origin="case", case=case, external_id=None))))
    assert "以送达当事人的决定书为准" in page, "no paper of ours: no claims"
    assert "历史导入" not in page and "内部" not in page


def test_hits_are_marked_as_they_were_written(client: Client, bureau: Agency) -> None:
    publish(bureau, 37, facts="甲" * 400 + "砂　石" + "乙" * 400)
    page = text(client.get("/decisions/", {"q": "【2026】37 砂石"}))
    assert "云水罚字<mark>〔2026〕37</mark>号" in page
    assert "<mark>砂　石</mark>" in page and "甲" * 100 not in page


def test_filters_are_kept_and_totals_are_told(client: Client, bureau: Agency, cast: Cast) -> None:
    for number in range(45):
        publish(bureau, number, sort_on=DAY + timedelta(number), decided_on=DAY + timedelta(number))
    publish(cast.other, 99, act_type="licence", title="采伐许可", facts="采伐林木")
    page = text(
        client.get(
            "/decisions/",
            {"q": "弃置", "agency": bureau.name, "act_type": "行政处罚", "from": "2026年3月2日"},
        )
    )
    assert "共 45 条" in page and "本页第 1–20 条" in page and "第 1 页" in page
    seen, address = [], "/decisions/?q=" + quote("弃置")
    while address:
        page = text(client.get(address))
        seen += HIT.findall(page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 45
    by_number = []
    for number in (1, 2, 3):
        by_number += HIT.findall(text(client.get("/decisions/", {"q": "弃置", "page": number})))
    assert by_number == seen
    narrow = text(
        client.get("/decisions/", {"from": "2026-03-05", "to": "2026/3/6", "agency": str(bureau.pk)})
    )
    assert "共 2 条" in narrow
    assert "共 1 条" in text(client.get("/decisions/", {"act_type": "licence"}))


@pytest.mark.parametrize(
    ("asked", "words", "found"),
    [
        ("防洪法第二十二条", "防洪法 第二十二条", 2),
        ("云水罚字2026-3", "云水罚字〔2026〕3号", 1),
        ("云水罚字2026年第3号", "云水罚字〔2026〕3号", 1),
    ],
)
def test_what_is_written_otherwise_is_offered_one_click_away(
    client: Client, bureau: Agency, asked: str, words: str, found: int
) -> None:
    for number in (3, 13):
        publish(bureau, number, basis="违反《中华人民共和国防洪法》第二十二条")
    publish(bureau, 4)
    page = html.unescape(text(client.get("/decisions/", {"q": asked, "act_type": "penalty"})))
    assert "没有逐字写着这些词的决定" in page and f"改查“{words}”，有 {found} 条" in page
    link = re.search(rf'<a class="button" href="([^"]+)">查看这 {found} 条', page)
    assert link and "act_type=penalty" in link[1]
    assert len(HIT.findall(text(client.get(link[1])))) == found


def test_what_no_other_writing_finds_is_not_offered(client: Client, bureau: Agency) -> None:
    publish(bureau)
    for asked in ("森林法第二十二条", "云水罚字2026-999", "、。", "《", "水法"):
        page = text(client.get("/decisions/", {"q": asked}))
        assert "改查“" not in page, asked
    assert "没有符合条件的决定" in text(client.get("/decisions/?q=查无此事"))


def test_behind_the_last_page_the_list_says_so_and_leads_back(client: Client, bureau: Agency) -> None:
    for number in range(21):
        publish(bureau, number)
    page = html.unescape(text(client.get("/decisions/?page=999")))
    assert "没有第 999 页" in page and "共 21 条，只有 2 页" in page and "还没有公示的决定" not in page
    links = re.findall(r'<a class="button[^"]*" href="([^"]+)">(?:回到第一页|到最后一页)', page)
    assert [len(HIT.findall(text(client.get(link)))) for link in links] == [20, 1]
    assert "上一页" not in page and "/decisions/?page=998" not in page
    narrow = html.unescape(text(client.get("/decisions/", {"q": "案之7", "page": "2"})))
    assert "没有第 2 页" in narrow and "没有符合条件" not in narrow
    (first,) = re.findall(r'<a class="button[^"]*" href="([^"]+)">(?:回到第一页|到最后一页)', narrow)
    assert len(HIT.findall(text(client.get(first)))) == 1


def test_other_lists_lead_back_as_well(client: Client, cast: Cast) -> None:
    withdraw(publish(cast.bureau))
    for address in ("/decisions/withdrawn/", "/officers/"):
        page = text(client.get(address, {"page": "9"}))
        assert "没有第 9 页" in page and f'href="{address}"' in page, address


def test_above_the_cap_the_page_says_so_and_counts_on_demand(
    client: Client, bureau: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        publish(bureau, number)
    monkeypatch.setattr(asking, "CAP", 4)
    page = text(client.get("/decisions/?q=弃置"))
    assert "超过 10,000 条" in page
    exact = re.search(r'<a href="([^"]+)">给出准确数', page)
    assert exact and "共 5 条" in text(client.get(exact[1].replace("&amp;", "&")))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": "2026-02-30"}, "“2026-02-30”不是有效的日期，请写成 2026-11-21 的形式"),
        ({"to": "昨天"}, "“昨天”不是有效的日期"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "止日早于起日"),
        ({"act_type": "reward"}, "没有“reward”这一种"),
        ({"agency": "月球管理局"}, "没有“月球管理局”这个机关"),
        ({"page": "0"}, "应为从 1 起的整数"),
        ({"page": "二"}, "应为从 1 起的整数"),
        ({"page": "9" * 400}, "应为从 1 起的整数"),
        ({"q": "水" * 3000}, "查询内容太长"),
        ({"from": "1" * 5000}, "不是有效的日期"),
    ],
)
def test_what_cannot_be_read_gets_a_chinese_sentence_and_no_list(
    client: Client, bureau: Agency, asked: dict[str, str], said: str
) -> None:
    row = publish(bureau)
    answer = client.get("/decisions/", asked)
    assert answer.status_code == 422
    assert said in text(answer) and str(row.pk) not in text(answer)
    assert "<title>有误：" in text(answer)
    for place in ("csv", "json"):
        refused = client.get(f"/open-data/decisions.{place}", asked)
        assert refused.status_code == 422 and said in text(refused)


@pytest.mark.parametrize(
    "asked",
    [{"q": "\0"}, {"q": EVIL}, {"after": "9" * 30}, {"after": "x"}, {"q": "%"}, {"page": "999999999"}],
)
def test_odd_questions_find_nothing_and_break_nothing(
    client: Client, bureau: Agency, asked: dict[str, str]
) -> None:
    publish(bureau)
    answer = client.get("/decisions/", asked)
    assert (
        answer.status_code == 200 and "<script>alert" not in text(answer) and "<b onclick" not in text(answer)
    )


def test_no_text_becomes_markup_on_any_page(client: Client, cast: Cast) -> None:
    row = publish(cast.bureau, flags=[EVIL], **{name: (EVIL + name)[:40] for name in TEXTS})
    withdraw(gone := publish(cast.bureau, 2), EVIL)
    Agency.objects.filter(pk=cast.bureau.pk).update(name=EVIL, address=EVIL, complaint_phone=EVIL, n=9)
    Person.objects.filter(pk=cast.handler.pk).update(name=EVIL, n=9)
    pages = [
        "/", "/decisions/", f"/decisions/?q={quote(EVIL)}", page_of(row), page_of(gone), "/decisions/withdrawn/", "/agencies/",
        f"/agencies/{cast.bureau.pk}/", "/officers/", f"/officers/?q={quote(EVIL)}",
        "/verify/?number=99010001", f"/verify/?number={quote(EVIL)}",
        "/procedures/huantai/ordinary/",
    ]  # fmt: skip
    for address in pages:
        page = text(client.get(address))
        assert inline(page) == [], address
        assert "<b onclick" not in page, address
    for place in ("/feed/decisions.atom", "/sitemap.xml"):
        ET.fromstring(client.get(place).content)
    assert len(json.loads(text(client.get("/open-data/decisions.json")))["decisions"]) == 1
