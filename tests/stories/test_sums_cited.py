"""A sum from which a hearing or a discussion is due cites the law's article, whatever names the sum."""

import pytest

from knocks import refused_everywhere, signed_in
from play import Clock, make_office, play_of
from sanxiang.law.packs import load_pack
from sanxiang.law.scope import discussion_reasons, hearing_reasons

pytestmark = pytest.mark.django_db
HEARD = "《行政处罚法》第六十三条、《水行政处罚实施办法》（条号待核）听证数额"
DISCUSSED = "《行政处罚法》第五十七条第二款、《水行政处罚实施办法》（条号待核）集体讨论数额"


def test_an_unverified_number_stands_beside_the_article_of_the_law(clock: Clock) -> None:
    play = play_of(make_office("kaiyuan"), "hearing", clock)
    play.until("notify-penalty")
    state = play.case.state
    assert [r.citation for r in hearing_reasons(play.pack, state) if "80,000" in r.text] == [HEARD]
    assert [r.citation for r in discussion_reasons(play.pack, state) if "50,000" in r.text] == [DISCUSSED]
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/").content.decode()
    assert HEARD in page
    play.until("decide", without=("discuss",))
    cited = {row[1] for row in refused_everywhere(play.knock()).refused}
    assert any("《行政处罚法》第五十七条" in citation for citation in cited)


def test_who_could_not_look_it_up_says_that_it_set_it() -> None:
    for name in ("hearing.threshold", "discussion.threshold"):
        for who in ("citizen", "org"):
            value = load_pack("kaiyuan").parameter(f"{name}.{who}")
            assert value.provenance == "operator" and value.note.startswith("本机关设定，待核")
