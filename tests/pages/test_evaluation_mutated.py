"""Flaws put into flawless files, as an evaluator of files knows them: the retrace names each, and lets a flawless file be."""

from collections.abc import Sequence

import pytest

from mutating import BASES
from mutations import MUTATIONS
from play import LOCALITIES, Clock, Play, make_office
from sanxiang.demo import stories
from sanxiang.door.gather import pack_of
from sanxiang.door.verifying.rows import case_files
from sanxiang.law.standard import items_of
from sanxiang.oversight.evaluation.retrace import Flaw, Step, retrace, steps_of
from sanxiang.oversight.evaluation.sheet import drawn

pytestmark = pytest.mark.django_db

THIRD, ALL = 3, pytest.param(1, marks=pytest.mark.deep)
"""Each flaw takes a fifth of a second: every run tries those not found and each third of the others, `make deep` all."""

ECHO = "publish.same-text"
"""The text published was the flawless decision's: an operator that spoils the decision makes this fall too, which names nothing."""

NOT_FOUND = {
    "罚款高于法定最高额": "the range that the cited article leaves",
    "罚款低于法定最低额": "the range that the cited article leaves",
    "引用的条文不存在": "the articles of the statute that is cited",
    "集体讨论多数不同意仍然决定": "the members' views and the conclusion against the decision",
    "卷内没有听证笔录文书": "a recorded step whose paper is not in the file",
    "卷内没有决定书": "a recorded step whose paper is not in the file",
    "卷内没有送达回证文书": "a recorded step whose paper is not in the file",
    "决定书没有文号": "a numbered paper without its number",
    "公示的当事人与决定不符": "the recorded public text against the decision",
    "公示的罚款与决定不符": "the recorded public text against the decision",
    "法制审核超过期限": "review.limit_wd, which no locality sets",
    "责令改正以后没有复查": "an order whose day has passed and that nobody checked",
    "结案以后长期不归档": "archive.limit, which this locality leaves unset",
    "缴款以后半年才结案": "a period for closing after performance, which no text here sets",
    "发现线索两个多月才立案": "a period for filing after a clue, which no text here sets",
    "当场处罚一周以后才备案": "a period for reporting a decision on the spot, which no text here sets",
    "逾期缴款没有加处罚款也没有说明": "fifteen days from receipt against the day of payment",
    "保管期限低于规定": "archive.retention, which this locality leaves unset",
    "当事人没有法定代表人": "the fields of a party that is an organisation",
    "当场决定书次日才交付": "the day of the decision against the day of delivery",
}
"""Flaws that nothing names yet, and what would. Who mends one takes it off."""


PLACES = [0, *(pytest.param(n, marks=pytest.mark.deep) for n in range(1, len(LOCALITIES)))]
"""Two files in each locality; every run plays those of the first."""


def closed(play: Play, clock: Clock) -> Play:
    """Played to its end."""
    clock.now = play.moment
    play.until()
    return play


def flaws_of(play: Play, steps: list[Step]) -> list[Flaw]:
    """What the evaluation finds in these steps."""
    sheet = drawn(items_of(pack_of(play.case)), retrace(play.case, steps))
    return [found for found in sheet.flaws if found.rule != ECHO]


def recorded(play: Play) -> list[Step]:
    """The steps of the file."""
    return steps_of(next(case_files([play.case])))


@pytest.mark.parametrize("every", [THIRD, ALL])
@pytest.mark.parametrize("base", list(BASES))
def test_every_flaw_put_into_a_flawless_file_is_found_but_those_listed(
    base: str, every: int, clock: Clock
) -> None:
    procedure, steps = BASES[base]
    play = closed(Play(make_office("kaiyuan"), procedure, steps, clock), clock)
    whole = recorded(play)
    assert not flaws_of(play, whole)
    here = [one for one in MUTATIONS if one.base == base]
    asked = [one for n, one in enumerate(here) if n % every == 0 or one.name in NOT_FOUND]
    missed = {one.name for one in asked if not flaws_of(play, one.spoil(whole, play.office))}
    assert missed == {one.name for one in asked if one.name in NOT_FOUND}


def test_each_flaw_has_a_name_of_its_own_and_the_list_of_those_not_found_names_flaws() -> None:
    names = [one.name for one in MUTATIONS]
    assert len(set(names)) == len(names) and set(NOT_FOUND) <= set(names)


@pytest.mark.parametrize("place", PLACES, ids=LOCALITIES)
def test_nothing_is_raised_on_flawless_files_of_other_matters(place: int, clock: Clock) -> None:
    office = make_office(LOCALITIES[place])
    files: Sequence[tuple[str, list[stories.Step]]] = (
        ("summary", stories.summary("150", "citizen", place)),
        ("ordinary", stories.ordinary("3000", which=place + 3)),
    )
    for procedure, steps in files:
        play = closed(Play(office, procedure, steps, clock), clock)
        assert not flaws_of(play, recorded(play)), procedure
