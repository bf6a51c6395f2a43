"""Spoilers of the rules about publication."""

from datetime import date, datetime, timedelta

from knocks import Knock
from planted_files import IDCARD, jpeg
from play import Play
from sanxiang.cases import store
from sanxiang.cases.papers.typeset import save
from sanxiang.demo import stories
from sanxiang.demo.stories import SUMMARY
from side_stories import EXEMPT, LIFTED, REASON
from spoiling import fails


@fails("publish.in-force", "spared", "enter-execution", "publication.fields")
@fails("publication.fields", "spared", "enter-execution", "publish.in-force")
def no_decision_to_publish(play: Play) -> Knock:
    return play.attempt("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)


@fails("publication.clean", "cash", "decide-on-spot")
def home_address_in_the_facts(play: Play) -> Knock:
    home = play.case.state["facts"]["party"]["address"]
    play.step(decision=stories.penalty("100") | {"found": f"当事人在{home}未公示取水信息。"})
    play.until("prepare-publication")
    return play.knock()


@fails("publication.own-unit", "summary", "prepare-publication")
def another_unit_publishes(play: Play) -> Knock:
    post = {"role": "disclosure-editor", "unit": play.office.legal, "valid_from": date(2025, 1, 2)}
    play.administer("grant-post", person=play.person("legal-reviewer"), **post)
    return play.knock(who="legal-reviewer")


@fails("publish.prepared", "summary", "prepare-publication", "publish.same-text")
def nothing_prepared(play: Play) -> Knock:
    return play.knock("publish", digest="0" * 64)


@fails("publish.second-person", "summary", "publish", "stage.apart")
def confirms_her_own(play: Play) -> Knock:
    post = {"role": "disclosure-approver", "valid_from": date(2025, 1, 2)}
    play.administer("grant-post", person=play.person("disclosure-editor"), **post)
    return play.knock(who="disclosure-editor")


@fails("publish.same-text", "summary", "publish")
def confirms_another_text(play: Play) -> Knock:
    return play.knock(digest="0" * 64)


@fails("publish.served", "summary", "serve-on-spot")
def published_unserved(play: Play) -> Knock:
    play.do("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)
    return play.knock("publish")


@fails("publish.scans-seen", "summary", "prepare-publication")
def nobody_looked_at_the_scan(play: Play) -> Knock:
    data = jpeg()
    photo = {
        "name": "现场.jpg",
        "digest": save(data, store.evidence()),
        "size": len(data),
        "mime": "image/jpeg",
    }
    play.step(attachments=[photo])
    return play.knock("publish")


REVOKED = {"revoked_how": "revoked", "revoked_by": "县政府复决 1 号", **REASON}


@fails("publish.in-force", "summary", "prepare-publication", "publication.fields")
def published_after_revocation(play: Play) -> Knock:
    play.do("revoke-decision", "agency-head", **REVOKED)
    return play.knock()


@fails("publish.not-public", "summary", "record-payment")
def prepared_while_public(play: Play) -> Knock:
    return play.attempt("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)


@fails("withdraw.published", "summary", "prepare-publication")
def nothing_to_withdraw(play: Play) -> Knock:
    return play.attempt(
        "withdraw-publication", "disclosure-approver", withdrawal_ground="text", public_reason="撤回"
    )


@fails("public-fields.clean", "remade", "withdraw-publication")
def names_somebody_in_the_reason(play: Play) -> Knock:
    return play.knock(public_reason=f"身份证号码{IDCARD}的当事人申请撤回")


@fails("publish.not-exempt", "applied", "lift-exemption")
def prepared_though_exempt(play: Play) -> Knock:
    return play.attempt("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)


@fails("exempt.unpublished", "summary", "record-payment")
def exempt_though_public(play: Play) -> Knock:
    return play.attempt("exempt-publication", "agency-head", **EXEMPT)


@fails("exempt.cited", "applied", "prepare-publication")
def exempt_by_no_article(play: Play) -> list[Knock]:
    return [
        play.attempt("exempt-publication", "agency-head", **{**EXEMPT, "exempt_basis": text})
        for text in ("内部掌握", "《政府信息公开条例》", "第十五条")
    ]


@fails("exempt.looked-at-again", "applied", "prepare-publication")
def exempt_and_looked_at_before(play: Play) -> Knock:
    return play.attempt("exempt-publication", "agency-head", **{**EXEMPT, "reconsider_on": "2020-01-01"})


@fails("lift.exempt", "summary", "prepare-publication")
def no_exemption_to_lift(play: Play) -> Knock:
    return play.attempt("lift-exemption", "disclosure-approver", **LIFTED)


@fails("exception.cited", "applied", "invoke-exception")
def exception_without_an_article(play: Play) -> list[Knock]:
    play.pass_days(play.next().after)
    return [play.knock(after=0, exception_basis=text) for text in ("另有规定", "《某某条例》", "第十二条")]


@fails("exception.days", "applied", "invoke-exception")
def exception_of_no_days(play: Play) -> Knock:
    return play.knock(exception_days=0)


@fails("exception.open", "applied", "invoke-exception")
def exception_when_it_is_late(play: Play) -> Knock:
    return play.knock(after=8)


@fails("publication.masked-secrets", "summary", "prepare-publication")
def state_secret_hidden_and_published(play: Play) -> Knock:
    return play.knock(hide=[hidden(play, "state-secret")])


@fails("publication.secret-hidden", "applied", "lift-exemption")
def published_treated_with_nothing_hidden(play: Play) -> Knock:
    if play.pack.setting("publish.secret_policy") == "exclude":
        play.step()
        play.do("exempt-publication", "agency-head", **{**EXEMPT, "ground": "N7"})
        play.do("lift-exemption", "agency-head", **{**LIFTED, "lift_ground": "treated"})
    else:
        play.step(lift_ground="treated")
    return play.attempt("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)


def hidden(play: Play, kind: str) -> dict[str, str]:
    """A row of what the editor hides: some words of the facts that were found."""
    found = str(play.case.state["facts"]["decided"]["found"])
    return {"text": found[:6], "kind": kind, "why": "依法不宜公开"}


@fails("lift.secret", "applied", "lift-exemption")
def state_secret_shown_by_consent(play: Play) -> Knock:
    play.position = play.find("lift-exemption")
    play.do("lift-exemption", "disclosure-approver", **LIFTED)
    play.do("exempt-publication", "agency-head", **{**EXEMPT, "ground": "N1"})
    return play.attempt("lift-exemption", "disclosure-approver", **{**LIFTED, "lift_ground": "consent"})


WHOSE = {"采集": "执法大队", "传递": "办公室", "审核": "法规股", "发布": "办公室"}
VETTED = {"vetting": "与决定书一致"}


def divided(play: Play, **changed: str) -> None:
    """The agency says who does which stage."""
    label = play.pack.printed_type("penalty")
    told = {"kind": "disclosure-duties", "rows": [{"类别": label, **WHOSE, **changed}]}
    play.administer("release-register", in_force_from="2025-06-01", note="测试", **told)


@fails("stage.in-force", "spared", "enter-execution")
def nothing_to_collect(play: Play) -> Knock:
    return play.attempt("collect-publication", "officer1")


@fails("vet.prepared", "summary", "prepare-publication")
def vets_what_nobody_wrote(play: Play) -> Knock:
    return play.attempt("vet-publication", "unit-head", **VETTED)


@fails("stage.apart", "summary", "publish")
def vets_her_own(play: Play) -> Knock:
    post = {"role": "disclosure-approver", "valid_from": date(2025, 1, 2)}
    play.administer("grant-post", person=play.person("disclosure-editor"), **post)
    return play.attempt("vet-publication", "disclosure-editor", **VETTED)


@fails("stage.passed", "summary", "publish")
def published_unvetted(play: Play) -> Knock:
    divided(play)
    return play.knock()


@fails("stage.owned", "summary", "prepare-publication")
def published_by_nobody(play: Play) -> Knock:
    play.do("collect-publication", "officer1")
    play.do("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)
    play.do("vet-publication", "unit-head", **VETTED)
    divided(play, 发布="")
    return play.knock("publish")


@fails("post.published", "summary", "prepare-publication")
def put_up_before_it_is_public(play: Play) -> Knock:
    told = {"channel": "counter", "posted_at": f"{play.moment:%Y-%m-%dT%H:%M}"}
    return play.attempt("post-channel", "disclosure-editor", **told)


@fails("post.moment", "applied", "correct-publication")
def put_up_before_or_after_its_time(play: Play) -> list[Knock]:
    first = datetime.fromisoformat(play.case.state["publication"]["channels"]["portal"]["at"])
    return [
        play.attempt("post-channel", "disclosure-editor", channel="website", posted_at=f"{at:%Y-%m-%dT%H:%M}")
        for at in (first - timedelta(minutes=1), play.moment + timedelta(minutes=1))
    ]


@fails("take-down.posted", "applied", "take-down-channel")
def taken_down_where_it_never_was(play: Play) -> Knock:
    return play.knock(channel="website")


@fails("take-down.moment", "applied", "take-down-channel")
def taken_down_before_it_was_put_up(play: Play) -> Knock:
    first = datetime.fromisoformat(play.case.state["publication"]["channels"]["counter"]["at"])
    return play.knock(down_at=f"{first - timedelta(minutes=1):%Y-%m-%dT%H:%M}")


@fails("correct.found", "summary", "record-payment")
def found_wrong_tomorrow(play: Play) -> Knock:
    day = (play.moment.date() + timedelta(days=1)).isoformat()
    told = {"error_source": "own", "found_wrong_on": day, "public_note": "数额有误，现予更正"}
    return play.attempt("correct-publication", "disclosure-editor", **told)


@fails("summary.given", "summary", "prepare-publication")
def without_plain_words(play: Play) -> Knock:
    return play.knock(plain_summary=None)
