"""立改废、职能变动: what a changed law or a moved function leaves to be looked over in the agency's lists, entry by entry."""

from collections.abc import Iterator, Mapping
from typing import Any

from sanxiang.door.admin.rules import Change, admin_act, asked, given_day, unmet
from sanxiang.door.models import Task
from sanxiang.law.articles import bare_article
from sanxiang.law.blocks import Citation
from sanxiang.law.citing import articles_in, plain_name, texts_in
from sanxiang.law.guards import Verdict
from sanxiang.law.registers.bases import BEFORE, basis_of
from sanxiang.law.registers.kinds import name_of
from sanxiang.people import roles
from sanxiang.registers.models import Recheck, Release
from sanxiang.registers.releases import newest

RECHECK = "recheck-register"
REPEALED, AMENDED, FUNCTION = "repealed", "amended", "function"
LAW_CHANGES = {AMENDED: "修改", REPEALED: "废止"}
MOVES = {"moved": "划转给其他机构", "new": "新增", "merged": "合并", "ended": "取消"}
NORM = Citation("国办发〔2018〕118号", "二（四）", "norm")
OWNERS = (roles.LEGAL_REVIEWER, roles.AGENCY_HEAD, roles.SUPERVISOR, roles.SYSTEM_ADMIN)

Entry = dict[str, Any]


def articles_told(text: str) -> tuple[str, ...]:
    """The articles that somebody wrote, 第…条 each; none means the law as a whole."""
    parts = text.replace("，", "、").replace(",", "、").replace(" ", "、").split("、")
    return tuple(dict.fromkeys(one for part in parts if (one := bare_article(part.strip()))))


def citing(release: Release, law: str, articles: tuple[str, ...]) -> list[Entry]:
    """The entries of a version that name the law, and one of the articles where some are given."""
    found = []
    for number, row in enumerate(release.rows, 1):
        named = articles_in(row, law)
        if named is not None and (not articles or not named or set(named) & set(articles)):
            found.append(
                {"row": number, "name": name_of(release.register.kind, row), "articles": list(named)}
            )
    return found


def naming(release: Release, organ: str, matters: tuple[str, ...]) -> list[Entry]:
    """The entries that name the organ; where matters are given, those among them alone, and theirs elsewhere."""
    found = []
    for number, row in enumerate(release.rows, 1):
        name = name_of(release.register.kind, row)
        words = list(texts_in(row))
        if matters and not any(matter in (name, *words) for matter in matters):
            continue
        if matters or any(organ in text for text in words):
            found.append({"row": number, "name": name, "articles": []})
    return found


def touched(change: Change) -> Iterator[tuple[Release, list[Entry]]]:
    """Every list of the agency with entries that the change touches, in its newest version."""
    data = change.data
    law, organ = plain_name(str(data.get("law") or "")), str(data.get("organ") or "").strip()
    articles = articles_told(str(data.get("articles") or ""))
    matters = tuple(one.strip() for one in str(data.get("matters") or "").split("、") if one.strip())
    for release in newest(change.agency) if law or organ else ():
        found = citing(release, law, articles) if law else naming(release, organ, matters)
        if found:
            yield release, found


def something_touched(change: Change) -> list[Verdict]:
    """A name that no list bears is most likely written wrong."""
    said = change.data.get("law") or change.data.get("organ")
    if not said or any(touched(change)):
        return []
    fact = f"本机关的清单里没有条目引用“{said}”"
    return [unmet("cited", BEFORE, fact, "核对名称，写成清单里的叫法；确实没有引用的不用登记")]


def open_rechecks(change: Change, cause: str, subject: str, told: str) -> Recheck | None:
    """One to look over for each list that is touched, each with a task; the first of them."""
    first = None
    for release, entries in touched(change):
        one = Recheck.objects.create(
            register=release.register,
            version=release.version,
            cause=cause,
            subject=subject,
            articles=list(articles_told(str(change.data.get("articles") or ""))),
            told=told,
            entries=entries,
            since=given_day(change.data["since"]),
            opened_at=change.now,
            n=change.n,
        )
        Task.objects.create(
            id=one.pk,
            agency=change.agency,
            kind=RECHECK,
            title=f"复核{release.register.label} {len(entries)} 项：{subject}{one.get_cause_display()[2:]}"[
                :200
            ],
            role=roles.LEGAL_REVIEWER,
            citation=str(NORM),
            opened_n=change.n,
            opened_at=change.now,
        )
        first = first or one
    return first


@admin_act(
    "record-law-change",
    "登记法律修改、废止",
    OWNERS,
    (
        asked("law", "法律、法规、规章名称", longest=120, help="写清单里的叫法，如 水法"),
        asked("change", "变化", "choice", options=LAW_CHANGES),
        asked(
            "articles",
            "改动的条",
            required=False,
            longest=500,
            help="如 第六十九条、第七十条；不填就是整部法律",
        ),
        asked("since", "施行（失效）日期", "date"),
        asked("told", "说明", "longtext", required=False),
    ),
    NORM,
    group="registers",
    help="引用它的清单条目标出来，各开一项复核任务；发布新的版本之后任务办结",
    checks=something_touched,
    secrecy="case",
)
def record_law_change(change: Change) -> Recheck | None:
    """What cites the law is to be looked over."""
    data = change.data
    return open_rechecks(change, data["change"], f"《{plain_name(data['law'])}》", data.get("told") or "")


@admin_act(
    "record-function-change",
    "登记机构职能变动",
    OWNERS,
    (
        asked("organ", "机构名称", longest=120, help="清单里写的机关、股室、大队名称"),
        asked("change", "变动", "choice", options=MOVES),
        asked("receiver", "承接的机构", required=False, longest=120),
        asked(
            "matters",
            "涉及的事项",
            required=False,
            longest=2000,
            help="名称或者编码，用顿号隔开；不填就是它的全部事项",
        ),
        asked("since", "变动日期", "date"),
        asked("told", "依据和说明", "longtext", required=False),
    ),
    NORM,
    group="registers",
    help="写明这一机构的清单条目标出来，各开一项复核任务；发布新的版本之后任务办结",
    checks=something_touched,
    secrecy="case",
)
def record_function_change(change: Change) -> Recheck | None:
    """What names the organ is to be looked over."""
    data = change.data
    to = f"，由{data['receiver']}承接" if data.get("receiver") else ""
    told = "。".join(filter(None, (f"{MOVES[data['change']]}{to}", data.get("told"))))
    return open_rechecks(change, FUNCTION, str(data["organ"]), told)


def sound_close(change: Change) -> list[Verdict]:
    """Still open; an entry that cites a law which is gone needs a new version."""
    found = recheck_of(change)
    if found is None:
        return []
    if found.closed_at:
        return [unmet("recheck-open", basis_of(found.register.kind), "这项复核已经办结", "不必重复办理")]
    if found.cause == REPEALED:
        fact = f"{found.subject}已经废止，第{found.version}版还有 {len(found.entries)} 项引用它"
        return [
            unmet("repealed", basis_of(found.register.kind), fact, "改好依据，发布新的版本，复核随之办结")
        ]
    return []


def recheck_of(change: Change) -> Recheck | None:
    """The one that is meant, as it stands under the lock."""
    found = change.found.get("recheck")
    return Recheck.objects.filter(pk=found.pk).first() if isinstance(found, Recheck) else None


@admin_act(
    "close-recheck",
    "复核清单，不需要修改",
    OWNERS,
    (asked("recheck", "复核事项", "register-recheck"), asked("conclusion", "逐项核对的结论", "longtext")),
    NORM,
    group="registers",
    help="核对之后不用改的，写明结论；要改的起草新的版本",
    checks=sound_close,
    target="recheck",
    secrecy="case",
)
def close_recheck(change: Change) -> Recheck:
    """Looked over, and found to be right still."""
    found: Recheck = change.found["recheck"]
    by = change.by.name if change.by else "运维人员"
    told: Mapping[str, Any] = {
        "closed_at": change.now,
        "closed_by": by,
        "conclusion": change.data["conclusion"],
    }
    Recheck.objects.filter(pk=found.pk).update(**told, n=change.n)
    Task.objects.filter(pk=found.pk, closed_n=None).update(closed_n=change.n, closed_at=change.now)
    found.refresh_from_db()
    return found
