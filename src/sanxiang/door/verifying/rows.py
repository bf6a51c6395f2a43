"""The rows of one case held against its acts: each column follows from what an act committed to, or it is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from sanxiang.cases import store
from sanxiang.cases.disclosure.masked import FIELDS
from sanxiang.cases.models import Case, CaseLink, Derivative, Evidence, Handler, Paper, Publication, Review
from sanxiang.cases.parties import other_side, party_key
from sanxiang.cases.shelves import Store, StoreFault, digest_in
from sanxiang.door.arriving.going_live import ORIGIN
from sanxiang.door.disclosure import public_files
from sanxiang.door.disclosure.handing_in import STANDING, decided_day
from sanxiang.door.gather import pack_of
from sanxiang.door.models import Number
from sanxiang.door.pinned import PackLost
from sanxiang.door.rows import (
    LONGEST_TITLE,
    beside_text,
    gone,
    milestone,
    number_in,
    title_of,
)
from sanxiang.law.blocks import PackError
from sanxiang.law.disclosure import withdrawing
from sanxiang.law.dossier import digest
from sanxiang.law.packs import Pack
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.verify import AGAIN, CONFIRMED, Fault
from sanxiang.speech import trouble_of

Said = Mapping[str, Any]
WITHDRAWING = {"do": "publication", "status": "withdrawn"}
SUBMITTING = {"do": "publication", "status": "submitted"}
CONFIRMING = {"do": "publication", "status": "published"}


@dataclass(frozen=True)
class CaseFile:
    """One case with its acts in order, what each said, and every row that hangs on it."""

    case: Case
    acts: list[Act]
    openings: Mapping[UUID, Said]
    papers: list[Paper]
    evidence: list[Evidence]
    derivatives: list[Derivative]
    reviews: list[Review]
    publications: list[Publication]
    links: list[CaseLink]
    handlers: list[str]
    numbers: Mapping[UUID, list[Number]]

    @property
    def label(self) -> str:
        """How the case is named."""
        return case_label(self.case)

    def said(self, act: Act) -> Said:
        """What an act said, by name; what is gone is blank."""
        return self.openings.get(act.id, {})

    @cached_property
    def pack(self) -> Pack | None:
        """The pack that judges the case; None when it is lost, which `check_columns` says."""
        try:
            return pack_of(self.case)
        except (PackLost, PackError):
            return None

    def doing(self, effect: str) -> list[tuple[Act, Mapping[str, Any]]]:
        """The acts that had this effect, with the effect, in order."""
        rules = self.pack.acts if self.pack else {}
        found = []
        for act in self.acts:
            effects = rules[act.name].effects if act.name in rules else ()
            if act.name == AGAIN and "public_reason" in self.said(act):
                effects = (WITHDRAWING,)
            elif act.name == CONFIRMED:
                effects = (CONFIRMING,)
            elif "awaits" in self.said(act):
                effects = (SUBMITTING,)
            found += [(act, e) for e in effects if e["do"] == effect]
        return found


def case_label(case: Case) -> str:
    """A case by number, title and key: the first two may be what was changed."""
    return f"案件 {case.number}《{case.title}》（{case.id}）"


def case_files(cases: list[Case]) -> Iterator[CaseFile]:
    """The files of some cases, read together."""
    ids = [case.id for case in cases]
    acts: dict[Any, list[Act]] = {}
    for act in Act.objects.filter(subject__in=ids).order_by("subject", "n"):
        acts.setdefault(act.subject, []).append(act)
    openings: dict[UUID, dict[str, Any]] = {}
    rows = Opening.objects.filter(act__subject__in=ids).values_list("act_id", "name", "value")
    for key, name, value in rows.iterator(chunk_size=5000):
        openings.setdefault(key, {})[name] = value
    papers, evidence, reviews, public, links, handlers = (
        _by_case(model._default_manager.filter(case__in=ids))
        for model in (Paper, Evidence, Review, Publication, CaseLink, Handler)
    )
    prefetch_related_objects([row for rows in public.values() for row in rows], "files")
    derived: dict[UUID, list[Derivative]] = {}
    for made in Derivative.objects.filter(evidence__case__in=ids).select_related("evidence"):
        derived.setdefault(made.evidence.case_id, []).append(made)
    numbers: dict[UUID, list[Number]] = {}
    for number in Number.objects.filter(paper__in=[p.id for some in papers.values() for p in some]):
        numbers.setdefault(UUID(str(number.paper)), []).append(number)
    for case in cases:
        yield CaseFile(
            case=case,
            acts=acts.get(case.id, []),
            openings=openings,
            papers=papers.get(case.id, []),
            evidence=evidence.get(case.id, []),
            derivatives=derived.get(case.id, []),
            reviews=reviews.get(case.id, []),
            publications=public.get(case.id, []),
            links=links.get(case.id, []),
            handlers=sorted(str(row.person_id) for row in handlers.get(case.id, [])),
            numbers=numbers,
        )


def _by_case(rows: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def different(pairs: Mapping[str, tuple[Any, Any]]) -> str:
    """The names under which two values differ."""
    return "、".join(name for name, (column, truth) in pairs.items() if column != truth)


def check_columns(file: CaseFile) -> Iterator[Fault]:
    """The case's columns agree with its state and with what its first act said it is."""
    case, state = file.case, file.case.state
    first = file.said(file.acts[0]).get("case") or {}
    moved = [file.said(act)["pack_digest"] for act in file.acts if "pack_digest" in file.said(act)]
    party = str((state["facts"].get("party") or {}).get("name", ""))
    told = {
        "stage": (case.stage, state["stage"]),
        "closed": (case.closed, state["closed"]),
        "n": (case.n, state["n"]),
        "party": (case.party, party),
        "party_key": (case.party_key, party_key(state["facts"].get("party"))),
        "procedure": (case.procedure, state["procedure"]),
        "opened_at": (case.opened_at, file.acts[0].at),
        "old_key": (case.old_key, (state["facts"].get("taken_over") or {}).get("key")),
        "handlers": (file.handlers, sorted(state["handlers"])),
        "pack_digest": (case.pack_digest, moved[-1] if moved else first.get("pack_digest")),
    }
    told |= {name: (getattr(case, name), truth) for name, truth in other_side(state["facts"]).items()}
    if pack := file.pack:
        told |= {
            "title": (case.title, title_of(pack, state)[:LONGEST_TITLE]),
            "number": (case.number, number_in(pack, state)),
            "filed_on": (_day(case.filed_on), _last_day(state, *milestone(pack, "filed"))),
            "decided_on": (_day(case.decided_on), _last_day(state, *milestone(pack, "decided"))),
        }
    for name in ("agency", "unit", "code", "origin", "act_type", "pack"):
        column = getattr(case, f"{name}_id" if name in ("agency", "unit") else name)
        told[name] = (str(column or ""), first.get(name))
    if wrong := different(told):
        yield Fault("row", file.label, f"{wrong}与案件状态或者第一步的记录不符")
    elif file.pack is None:
        yield Fault("row", file.label, f"所用的规则包 {case.pack}（{case.pack_digest}）丢失或被改动")


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _last_day(state: Mapping[str, Any], *acts: str) -> str:
    """The day on which the latest of these acts was done."""
    done = [state["last"][act] for act in acts if act in state["last"]]
    return str(max(done, key=lambda d: int(d["n"]))["on"]) if done else ""


def check_papers(file: CaseFile) -> Iterator[Fault]:
    """Every paper that an act committed to is there, as it was issued; and there is no other."""
    rows = {str(paper.id): paper for paper in file.papers}
    newest = {str(p["id"]): p for p in file.case.state["papers"].values() if p.get("id")}
    for act in file.acts:
        for name, value in file.said(act).items():
            if name.startswith("paper:") and isinstance(value, Mapping):
                paper = rows.pop(str(value.get("id", "")), None)
                yield from _paper(file, act, name.removeprefix("paper:"), value, paper, newest)
    for paper in rows.values():
        yield Fault("paper", paper_label(paper), "没有对应的办理动作")


def _paper(
    file: CaseFile, act: Act, kind: str, told: Said, paper: Paper | None, newest: Mapping[str, Said]
) -> Iterator[Fault]:
    if paper is None:
        yield Fault(
            "paper", f"文书 {kind} {told.get('number')}（{told.get('id')}）", f"不见了（{file.label}）"
        )
        return
    where = paper_label(paper)
    pairs = {
        "act": (str(paper.act), str(act.id)),
        "kind": (paper.kind, kind),
        "label": (paper.label, told.get("label")),
        "external": (paper.external, told.get("external")),
        "number": (paper.number, told.get("number")),
        "digest": (paper.digest, told.get("content")),
        "content": (digest(paper.content), paper.digest),
        "template": (paper.template, paper.content.get("template")),
        "pdf": (paper.pdf, told.get("pdf")),
        "issued_on": (_day(paper.issued_on), file.said(act).get("on")),
    }
    if str(paper.id) in newest:
        pairs["status"] = (paper.status, newest[str(paper.id)]["status"])
    if wrong := different(pairs):
        yield Fault("paper", where, f"{wrong}与账本不符")
    yield from stored(store.papers(), str(told.get("pdf")), "paper", where)
    numbers = [(n.text, n.status) for n in file.numbers.get(paper.id, [])]
    # An archive number that the archivist gave by hand comes from no series of ours.
    by_hand = kind == "file-cover" and told.get("number") == file.said(act).get("archive_no")
    if numbers != ([(told["number"], "issued")] if told.get("number") and not by_hand else []):
        yield Fault("number", f"{told.get('number')}（{where}）", "编号的登记与文书不符")


def paper_label(paper: Paper) -> str:
    """How a paper is named."""
    return f"文书《{paper.label}》{paper.number}（{paper.id}）"


def stored(kept: Store, sha256: str, kind: str, where: str) -> Iterator[Fault]:
    """The file is there and hashes to its name. Raises StoreFault where the store cannot be asked."""
    try:
        if digest_in(kept, sha256) != sha256:
            yield Fault(kind, where, f"文件被改动：{sha256}")
    except (FileNotFoundError, ValueError):
        yield Fault(kind, where, f"文件不见了：{sha256}")
    except StoreFault:
        raise
    except OSError as error:
        yield Fault(kind, where, f"文件读不出来（{trouble_of(error)}）：{sha256}")


def check_evidence(file: CaseFile) -> Iterator[Fault]:
    """Every file that an act cited is in the list and in the store, as it was taken in; and there is no other."""
    rows = {(str(row.act), row.digest): row for row in file.evidence}
    for act in file.acts:
        for piece, secrecy in cited(file, act):
            row = rows.pop((str(act.id), str(piece.get("digest"))), None)
            yield from _piece(file, act, piece, secrecy, row)
    for row in rows.values():
        yield Fault("evidence", _evidence_label(row), "没有对应的办理动作")


def cited(file: CaseFile, act: Act) -> Iterator[tuple[Said, str]]:
    """The files that an act brought, each with the secrecy of its field."""
    rule = file.pack.acts.get(act.name) if file.pack else None
    for item in rule.fields if rule else ():
        if item.type == "file":
            for piece in file.said(act).get(item.name) or ():
                yield piece, item.mark(file.said(act))


def _piece(file: CaseFile, act: Act, piece: Said, secrecy: str, row: Evidence | None) -> Iterator[Fault]:
    sha256 = str(piece.get("digest"))
    if row is None:
        yield Fault("evidence", f"证据 {piece.get('name')}（{sha256}）", f"不见了（{file.label}）")
        return
    where = _evidence_label(row)
    pairs = {
        "title": (row.title, str(file.said(act).get("title", act.label))),
        "filename": (row.filename, piece.get("name", "")),
        "mime": (row.mime, piece.get("mime", "")),
        "size": (row.size, piece.get("size", 0)),
        "sm3": (row.sm3, piece.get("sm3", "")),
        "secrecy": (row.secrecy, secrecy),
        "n": (row.n, act.n),
    }
    if wrong := different(pairs):
        yield Fault("evidence", where, f"{wrong}与账本不符")
    yield from stored(store.evidence(), sha256, "evidence", where)


def _evidence_label(row: Evidence) -> str:
    return f"证据“{row.title}”{row.filename}（{row.id}）"


def check_reviews(file: CaseFile) -> Iterator[Fault]:
    """Every round of review says what was submitted and answered; and there is no other."""
    rows = {review.round: review for review in file.reviews}
    answers = [act for act, _ in file.doing("opinion")]
    submitted = [act for act, _ in file.doing("pin-review")]
    for number, act in enumerate(submitted, 1):
        until = submitted[number].n if number < len(submitted) else file.acts[-1].n + 1
        answer = next((a for a in reversed(answers) if act.n < a.n < until), None)
        review = rows.pop(number, None)
        if review is None:
            yield Fault("review", f"法制审核第 {number} 轮（{file.label}）", "不见了")
            continue
        said = file.said(answer) if answer else {}
        pairs = {
            "submitted_on": (_day(review.submitted_on), file.said(act).get("on")),
            "outcome": (review.outcome, said.get("outcome", "")),
            "opinion": (review.opinion, said.get("opinion", "")),
            "reviewer": (review.reviewer, answer.by_name if answer else ""),
            "given_on": (_day(review.given_on), said.get("on", "")),
            "n": (review.n, (answer or act).n),
        }
        if number == len(submitted):
            pairs["dossier"] = (review.dossier, file.case.state["review"].get("dossier"))
        if wrong := different(pairs):
            yield Fault("review", _review_label(review), f"{wrong}与账本不符")
    for review in rows.values():
        yield Fault("review", _review_label(review), "没有对应的办理动作")


def _review_label(review: Review) -> str:
    return f"法制审核第 {review.round} 轮（{review.id}）"


WAITS = ("prepared", "submitted")


def confirmed(acts: list[tuple[Act, Mapping[str, Any]]]) -> list[tuple[Act, Mapping[str, Any]]]:
    """Without a text that was handed in and not confirmed yet while something else stood in public."""
    while len(acts) > 1 and acts[-1][1]["status"] in WAITS:
        before = next((e["status"] for _, e in reversed(acts[:-1]) if e["status"] not in WAITS), "")
        if before not in STANDING:
            break
        acts = acts[:-1]
    return acts


def check_publication(file: CaseFile) -> Iterator[Fault]:
    """What the portal shows is the text that was confirmed, in the place that the last act gave it."""
    acts = confirmed(file.doing("publication"))
    row = file.publications[0] if file.publications else None
    if not acts or row is None:
        if acts or row is not None:
            what = "没有对应的办理动作" if row else "不见了"
            yield Fault(
                "publication", f"公示 {row.number if row else ''}（{row.id if row else file.label}）", what
            )
        return
    last, effect = acts[-1]
    texts = [file.said(act).get("public_text") for act, _ in acts if "public_text" in file.said(act)]
    status = effect["status"]
    shown = texts[-1] if texts and texts[-1] and status not in ("withdrawn", "expired", "repaired") else {}
    pairs = {name: (getattr(row, name), shown.get(name, "")) for name in FIELDS}
    pairs |= _publication_columns(file, row, last, status) | _beside(file, row, shown, status)
    if wrong := different(pairs):
        yield Fault("publication", f"公示 {row.number}（{row.id}）", f"{wrong}与确认的内容或者账本不符")


def _beside(
    file: CaseFile, row: Publication, shown: Mapping[str, str], status: str
) -> dict[str, tuple[Any, Any]]:
    """The digest of the text, its summary, until when it is shown, what was corrected.

    While the next text waits to be confirmed, the state has that one's digest, and the portal's beside it.
    """
    now = file.case.state["publication"]
    due = beside_text(shown, now, status) if shown else gone(status)
    pairs = {name: (getattr(row, name), due[name]) for name in ("summary", "display_until", "notes")}
    if now.get("status") == status or status == "published":
        told = now["channels"]["portal"] if status == "published" else now
        pairs["text_digest"] = (row.text_digest, told.get("digest", "") if shown else "")
    return pairs


def _publication_origin(file: CaseFile, last: Act) -> str:
    """Whose decision stood when the public last got to see something: ours as soon as one was made here."""
    deciding = milestone(file.pack, "decided") if file.pack else []
    here = any(act.name in deciding and act.n <= last.n for act in file.acts)
    return "case" if here or file.case.origin != ORIGIN else ORIGIN


def _files(row: Publication, told: Mapping[str, Any], status: str) -> tuple[Any, Any]:
    """Those of the text that the row shows, and those of one that waits beside it for its receipt."""
    handed = told.get("handed", [])
    first = status == "submitted"
    here = handed if first else told.get("files", []) if status == "published" else []
    found = (public_files.digests_of(row), public_files.digests_of(row, waiting=True))
    return found, (list(here), [] if first else list(handed))


def _publication_columns(
    file: CaseFile, row: Publication, last: Act, status: str
) -> dict[str, tuple[Any, Any]]:
    """The columns beside the text, each with what it should be."""
    case, said, on = file.case, file.said(last), str(file.said(last).get("on", ""))
    rule = file.pack.acts.get(last.name) if file.pack else None
    pairs: dict[str, tuple[Any, Any]] = {
        "status": (row.status, status),
        "origin": (row.origin, _publication_origin(file, last)),
        "agency": (row.agency_id, case.agency_id),
        "act_type": (row.act_type, case.act_type),
        "act": (str(row.act), str(last.id)),
        "leaf_hash": ((row.leaf_hash, row.head, row.n), (last.leaf_hash, last.leaf_hash, last.n)),
        "external": ((row.external_id, row.source_published_on), (None, None)),
        "files": _files(row, case.state["publication"], status),
        "withdrawn_on": (_day(row.withdrawn_on), on if status == "withdrawn" else ""),
        "withdrawal_reason": (
            row.withdrawal_reason,
            withdrawing.told(rule, said) if status == "withdrawn" else "",
        ),
    }
    if status in ("prepared", "submitted", "published"):
        pairs["published_on"] = (_day(row.published_on), on if status == "published" else "")
        decided = decided_day(case, file.pack) if file.pack else case.decided_on
        pairs["decided_on"] = (row.decided_on, decided)
        pairs["sort_on"] = (row.sort_on, decided)
    return pairs
