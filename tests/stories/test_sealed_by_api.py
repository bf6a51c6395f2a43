"""Every procedure in every locality that offers it, over HTTP from the first step to the sealed file, and the file as others check it."""

import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

import bagit
import pikepdf
import pytest
from django.conf import settings

from api_client import Api, knock
from openssl import needs_openssl
from play import BUILT, Clock, Play, make_office
from roads import ROADS, everywhere, offered, once
from sanxiang.cli import main
from sanxiang.demo import stories
from sanxiang.demo.levies import release_charges
from sanxiang.door.models import Refusal, Task
from sanxiang.door.verifying.database import verify_all
from signed_log import Sign

pytestmark = [pytest.mark.django_db, pytest.mark.alike, needs_openssl]

QUICK = once()
REST = [one for one in everywhere() if one not in QUICK]
PUBLIC = ("summary", "ordinary", "court-enforcement")
"""Roads that publish on their way, and the one that asks a court and decides nothing."""
TRIED = [*QUICK, *(pytest.param(*one, marks=pytest.mark.deep) for one in REST)]


def test_no_procedure_is_left_out() -> None:
    assert {procedure for _, procedure in QUICK} == set(ROADS)
    assert len(everywhere()) == len(set(everywhere())) == sum(len(offered(x)) for x in {x for x, _ in QUICK})


@pytest.mark.parametrize(("locality", "procedure"), TRIED)
def test_from_the_first_step_to_a_bag_that_strangers_check(
    locality: str,
    procedure: str,
    clock: Clock,
    sign_log: Sign,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    play = walked(locality, procedure, clock)
    case = play.case
    assert (case.stage, case.closed) == ("archived", "closed")
    assert bool(case.number) is (procedure != "summary")
    assert not Refusal.objects.exists()
    assert not Task.objects.filter(case=case.pk, closed_n=None).exists()
    sign_log()
    assert not [fault for fault in verify_all() if fault.what != "log"]
    capsys.readouterr()
    root = bagged(case.code, tmp_path / "bags", capsys)
    whole(root, case.state)


def walked(locality: str, procedure: str, clock: Clock) -> Play:
    """The road of that procedure, every step a request; the decision is made public last where the road has not done it."""
    office = make_office(locality)
    release_charges(office, BUILT)
    after = [] if procedure in PUBLIC else stories.published()
    play = Play(office, procedure, [*ROADS[procedure], *after], clock)
    clock.now = play.moment
    while play.position < len(play.steps):
        if not play.nothing_to_pay():
            api, address, body = knock(play)
            play.case_id = uuid.UUID(api.post(address, body)["case"])
        play.position += 1
    return play


def bagged(code: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """`sanxiang archive export`."""
    (settings.DATA / "secret.key").write_text("a key of the tests\n")
    done = main(["archive", "export", code, str(folder), "--json", "--data", str(settings.DATA)])
    said = capsys.readouterr()
    assert done == 0, said.err
    return Path(json.loads(said.out)["bag"])


def whole(root: Path, state: dict[str, Any]) -> None:
    """`bagit` finds the bag valid, qpdf both volumes, and the script in it the proof of the last act."""
    bagit.Bag(str(root)).validate()
    for name, part in (("正卷", "main"), ("副卷", "sub")):
        with pikepdf.open(root / "data" / "案卷" / f"{name}.pdf") as volume:
            assert volume.check_pdf_syntax() == []
            last = max((row["first"] + row["count"] - 1 for row in state["file"][part]), default=0)
            assert len(volume.pages) > last
    ledger = root / "账本" if (root / "账本").exists() else root / "data" / "账本"
    proofs = list(ledger.glob("*.tlog-proof"))
    assert len(proofs) == state["n"]
    told = (ledger / "怎样核验.txt").read_text("utf-8")
    command = next(line.strip() for line in told.splitlines() if line.strip().startswith("sh 核验.sh"))
    done = subprocess.run(["sh", "-c", command], cwd=ledger, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "成立：条目是账本" in done.stdout, done.stderr


def test_the_api_offers_what_the_road_takes(clock: Clock) -> None:
    """Who may begin nothing of a kind that the scheme does not name: the API knows no such procedure there."""
    office = make_office("laizhou")
    officer = Api(office.people["officer1"])
    answer = officer.post("/cases", {"procedure": "coercive-measure", "data": {}}, status=422)
    assert answer["error"]["code"] in ("refused", "unreadable")
