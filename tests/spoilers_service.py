"""Spoilers of the rules about service 送达."""

from datetime import timedelta

from knocks import Knock
from play import Play, days_after
from side_stories import CONSENT
from spoiling import fails, without


@fails("serve.paper-exists", "ordinary", "serve")
def serves_a_paper_never_made(play: Play) -> Knock:
    return play.knock(paper="urge-notice")


@fails("serve.day", "ordinary", "serve")
def served_before_it_was_made(play: Play) -> list[Knock]:
    play.pass_days(play.next().after)
    days = (play.moment.date() - timedelta(days=2), play.moment.date() + timedelta(days=1))
    return [play.knock(after=0, served_on=day.isoformat()) for day in days]


@fails("announce.paper-exists", "contested", "announce-service")
def announces_a_paper_never_made(play: Play) -> Knock:
    return play.knock(announced_paper="urge-notice")


@fails("serve.electronic-consent", "ordinary", "serve")
def e_mail_without_consent(play: Play) -> Knock:
    return play.knock(way="electronic")


@fails("serve.leave-witnessed", "ordinary", "serve")
def left_without_witness(play: Play) -> Knock:
    return play.knock(way="leave", refused="拒收")


@fails("serve.announced", "contested", "serve/4")
def day_before_the_announcement_is_over(play: Play) -> Knock:
    play.at(days_after(play.moment, 29))
    return play.knock(after=0)


@fails("execution.served", "ordinary", "serve/2")
def executed_unserved(play: Play) -> Knock:
    return play.knock("enter-execution")


@fails("serve.through", "ordinary", "serve")
def entrusted_to_nobody(play: Play) -> Knock:
    return play.knock(way="entrust")


@fails("serve.internet-remedy", "ordinary", "serve/2")
def no_way_to_appeal_over_the_net(play: Play) -> Knock:
    """No locality has said where to send an application by internet."""
    play.do("confirm-address", "officer1", **CONSENT)
    return play.knock("serve", way="electronic")


@fails("confirm-address.account", "ordinary", "conclude-investigation")
def consent_without_an_account(play: Play) -> Knock:
    return play.attempt("confirm-address", "officer1", **without(CONSENT, "service_email"))
