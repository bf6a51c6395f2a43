"""Spoilers of the rules about people: how many, certified, of this case, uninvolved; certificates shown."""

from knocks import Knock
from play import Play
from side_stories import REASON
from spoiling import certify, change_certificates, fails, fails_everywhere, handover, recuse, yesterday


@fails_everywhere("two-officers")
def one_officer(play: Play) -> tuple[Knock, set[str]]:
    return play.knock(officers=[play.office.id(play.next().who)]), set()


@fails_everywhere("officers-certified")
def expired_certificate(play: Play) -> tuple[Knock, set[str]]:
    knock = play.knock()
    other = "officer2" if play.next().who != "officer2" else "officer1"
    change_certificates(play, other, valid_until=yesterday(play))
    return knock, set()


@fails_everywhere("officers-handle")
@fails_everywhere("officers-handle-once-named")
def stranger(play: Play) -> tuple[Knock, set[str]]:
    officers = [play.office.id(play.next().who), play.office.id("officer3")]
    return play.knock(officers=officers), {
        "certificate-shown",
        "summary.certificate-shown",
        "service-certificate",
    }


@fails_everywhere("recorder-certified")
def suspended_recorder(play: Play) -> tuple[Knock, set[str]]:
    knock, who = play.knock(), play.next().who
    change_certificates(play, who, suspended_from=yesterday(play))
    return knock, {"officers-certified"} if "officers" in knock.data else set()


@fails_everywhere("not-recused")
def recused(play: Play) -> tuple[Knock, set[str]]:
    who = play.next().who
    recuse(play, who, "self")
    handles = {"handler-concludes", "handler-records", "handler-or-reviewer-records"}
    handles |= {"officers-handle", "officers-handle-once-named", "correction.handlers", "case-staffed"}
    return play.knock(), handles if who in ("officer1", "officer2") else {
        "hearing.host-not-recused",
        "discuss.together",
    }


@fails_everywhere("handler-concludes")
def not_mine(play: Play) -> tuple[Knock, set[str]]:
    return play.knock(who="officer3"), set()


@fails_everywhere("handler-records")
@fails_everywhere("handler-or-reviewer-records")
def recorded_by_a_stranger(play: Play) -> tuple[Knock, set[str]]:
    return play.knock(who="officer3"), set()


@fails_everywhere("case-staffed")
def one_handler_left(play: Play) -> tuple[Knock, set[str]]:
    recuse(play, "officer2")
    return play.knock(), set()


@fails("new-handlers-not-recused", "ordinary", "conclude-investigation")
def recused_and_back(play: Play) -> Knock:
    recuse(play, "officer2")
    return play.attempt("assign-officers", "unit-head", **handover(play, "officer1", "officer2"))


@fails("handlers-uninvolved", "hearing", "discuss")
def reviewer_becomes_handler(play: Play) -> Knock:
    certify(play, "legal-reviewer")
    return play.attempt("assign-officers", "unit-head", **handover(play, "officer1", "legal-reviewer"))


@fails("recusal.one-at-a-time", "ordinary", "interview")
def two_recusals_at_once(play: Play) -> Knock:
    told = {"recusal_of": play.office.id("officer2"), "recusal_by": "party", **REASON}
    play.do("request-recusal", "officer1", **told)
    return play.attempt("request-recusal", "officer1", **told)


@fails("amend.handler", "criminal", "amend")
def stranger_amends(play: Play) -> Knock:
    return play.knock(who="officer3")


@fails("service-certificate", "ordinary", "serve")
def newcomer_has_not_shown(play: Play) -> Knock:
    play.do("assign-officers", "unit-head", **handover(play, "officer1", "officer3"))
    return play.knock(officers=[play.office.id("officer1"), play.office.id("officer3")])


@fails("file.two-handlers", "ordinary", "file")
def one_handler(play: Play) -> Knock:
    return play.knock(officers=[play.office.id("officer1")])


@fails("recusal.asked", "summary", "inspect")
def recusal_nobody_asked_for(play: Play) -> Knock:
    return play.attempt("decide-recusal", "agency-head", granted=True, **REASON)


@fails("recusal.not-own", "ordinary", "draft-decision")
def decides_on_the_own_withdrawal(play: Play) -> list[Knock]:
    head = play.office.id("agency-head")
    play.do("request-recusal", "officer1", recusal_of=head, recusal_by="party", **REASON)
    return [
        play.attempt("decide-recusal", "agency-head", granted=False, **REASON),
        play.attempt("decide-recusal", "agency-head", granted=True, **REASON),
    ]


@fails("recusal.answered", "summary", "decide-on-spot")
def recusal_open(play: Play) -> Knock:
    play.do(
        "request-recusal", "officer1", recusal_of=play.office.id("officer2"), recusal_by="party", **REASON
    )
    return play.knock()


@fails("recusal.answered", "hearing", "discuss")
def recusal_open_at_the_decision(play: Play) -> Knock:
    told = {"recusal_of": play.office.id("officer2"), "recusal_by": "party", **REASON}
    play.do("request-recusal", "officer1", **told)
    play.until("decide")
    return play.knock()


@fails("certificate-mode", "summary", "show-certificate")
def worn_but_not_shown(play: Play) -> Knock:
    return play.knock(mode="worn")


@fails("shown-at-inspection", "ordinary", "inspect")
def shown_to_another_than_the_one_present(play: Play) -> Knock:
    return play.knock(present="路人乙")


@fails("shown-at-interview", "ordinary", "interview")
def shown_to_another_than_the_one_asked(play: Play) -> Knock:
    return play.knock(interviewee="路人乙")


@fails("shown-at-service", "ordinary", "serve")
def shown_to_another_than_the_receiver(play: Play) -> Knock:
    return play.knock(receiver="路人乙")
