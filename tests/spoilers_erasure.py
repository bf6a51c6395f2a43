"""Spoilers of the rules about erasing personal data."""

from datetime import date

from django.db.models import F

from knocks import Knock
from play import Play
from sanxiang.cases.models import Publication
from side_stories import REASON
from spoiling import END, fails

DECIDES = {"erase_what": "informant", "opinion": "同意"}


@fails("erase.erasable", "absent", "propose-erasure")
def the_party_is_to_be_forgotten(play: Play) -> Knock:
    return play.knock(erase_what="party.name")


@fails("erase.cited", "absent", "propose-erasure")
def nothing_asks_for_it(play: Play) -> Knock:
    return play.knock(erasure_basis="本人要求")


@fails("erase.not-public", "absent", "erase-data")
def the_public_still_reads_it(play: Play) -> Knock:
    who = play.case.state["facts"]["informant"]
    rows = Publication.objects.filter(case=play.case_id)
    rows.update(status="published", facts=f"据{who}反映", n=F("n") + 1)
    return play.knock()


@fails("erase.proposed", "absent", "propose-erasure")
def nobody_proposed(play: Play) -> Knock:
    return play.attempt("erase-data", "agency-head", **DECIDES)


@fails("erase.proposed", "absent", END)
def nothing_left_to_turn_down(play: Play) -> Knock:
    return play.attempt("refuse-erasure", "agency-head", **REASON)


@fails("erase.second-person", "absent", "erase-data")
def who_proposed_decides(play: Play) -> Knock:
    post = {"role": "agency-head", "valid_from": date(2025, 1, 2)}
    play.administer("grant-post", person=play.person("archivist"), **post)
    return play.knock(who="archivist")
