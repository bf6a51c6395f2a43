"""A case's acts as the log has them, with their proofs: for taking them away with the file of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sanxiang.cases.models import Case
from sanxiang.ledger import keys
from sanxiang.ledger.models import Act
from sanxiang.ledger.proving import Proofs, proofs_of
from sanxiang.ledger.standing import policy_text
from sanxiang.ledger.tlog.stranger import how_to


@dataclass(frozen=True)
class Accounts:
    """The acts in their order, their proofs, and by what they are judged; `vkeys` is "" while nothing is signed."""

    acts: Sequence[Act]
    proofs: Proofs
    vkeys: str
    policy: str


def accounts_of(case: Case) -> Accounts:
    """All of a case's acts with their proofs under one checkpoint. Four queries; acts that wait have none.

    Where the log's own files, keys or policy are at fault, the file of the case goes out without proofs: `ledger verify` names the fault.
    """
    acts = list(Act.objects.filter(kind="case", subject=case.pk).order_by("n"))
    try:
        proofs = proofs_of([act.pk for act in acts])
        vkeys = "".join(f"{line}\n" for line in keys.vkey_lines()) if proofs.checkpoint else ""
        policy = policy_text()
    except (keys.Unsound, ValueError):
        proofs, vkeys, policy = Proofs(), "", ""
    return Accounts(acts, proofs, vkeys, policy)


def how_to_text(accounts: Accounts, names: Mapping[UUID, str]) -> str:
    """How to check, with the key and the name of a file that is there, and which acts are still waiting."""
    proved = [names[act.pk] for act in accounts.acts if act.pk in accounts.proofs.texts]
    waiting = [names[act.pk] for act in accounts.acts if act.pk not in accounts.proofs.texts]
    text = how_to(accounts.vkeys.split("\n", 1)[0] or "验证密钥", next(iter(proved), "某一步"))
    if waiting:
        listed = "".join(f"  {name}\n" for name in waiting)
        text += f"\n下列办理还在等候编入账本或者签署检查点，还没有证明文件，请过一会儿重新下载电子案卷：\n{listed}"
    return text
