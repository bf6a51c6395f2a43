"""Spoilers of the rules about suspected crimes."""

from knocks import Knock
from play import Play
from side_stories import REASON
from spoiling import change_certificates, fails, yesterday


@fails("crime.team", "criminal", "report-crime")
def team_of_one(play: Play) -> Knock:
    return play.knock(special_team=[play.office.id("officer1")])


@fails("crime.team-certified", "criminal", "report-crime")
def expired_in_the_team(play: Play) -> Knock:
    knock = play.knock()
    change_certificates(play, "officer2", valid_until=yesterday(play))
    return knock


@fails("crime.one-at-a-time", "criminal", "refuse-crime-transfer")
def reported_twice(play: Play) -> Knock:
    return play.knock("report-crime")


@fails("crime.objection-answered", "withdrawn", "record-police-reply/2")
def reported_again_while_the_objection_is_open(play: Play) -> Knock:
    step = next(s for s in play.steps if s.act == "report-crime")
    return play.attempt("report-crime", "officer1", **play.data_of(step, play.moment))


@fails("crime.reported", "criminal", "report-crime")
def nothing_reported_to_decide_on(play: Play) -> list[Knock]:
    return [play.knock("approve-crime-transfer"), play.knock("refuse-crime-transfer")]


@fails("crime.report-answered", "criminal", "refuse-crime-transfer")
def ended_before_the_report_is_answered(play: Play) -> Knock:
    return play.attempt("dismiss", "agency-head", **REASON)


@fails("crime.approved", "criminal", "approve-crime-transfer")
def handed_over_unapproved(play: Play) -> Knock:
    return play.knock("transfer-crime")


@fails("crime.transferred", "criminal", "transfer-crime")
def reply_to_nothing(play: Play) -> Knock:
    return play.knock("record-police-reply")


@fails("crime.refused", "withdrawn", "record-police-reply")
def objection_to_no_refusal(play: Play) -> Knock:
    return play.knock("object-to-police")


@fails("crime.refused-now", "withdrawn", "adopt-pack")
def objection_to_the_refusal_before_the_last(play: Play) -> Knock:
    objection = next(s for s in play.steps if s.act == "object-to-police")
    for name in ("report-crime", "approve-crime-transfer", "transfer-crime"):
        step = next(s for s in play.steps if s.act == name)
        play.do(name, step.who, **play.data_of(step, play.moment))
    return play.attempt("object-to-police", objection.who, **play.data_of(objection, play.moment))


@fails("crime.filed", "criminal", "record-police-reply")
def handed_over_before_they_filed(play: Play) -> Knock:
    return play.knock("hand-over-materials")


@fails("crime.filed", "criminal", "record-police-reply", "crime.handed-over")
def closed_before_they_filed(play: Play) -> Knock:
    return play.knock("close-transferred")


@fails("crime.handed-over", "criminal", "hand-over-materials")
def closed_before_all_was_handed_over(play: Play) -> Knock:
    return play.knock("close-transferred")


@fails("crime.no-fine-meanwhile", "withdrawn", "record-police-reply")
def fined_while_the_police_have_it(play: Play) -> Knock:
    play.until("decide", without=("record-police-reply", "object-to-police"))
    return play.knock()


@fails("crime.no-other-end", "withdrawn", "record-police-reply")
def ended_while_the_police_have_it(play: Play) -> Knock:
    return play.attempt("dismiss", "agency-head", **REASON)
