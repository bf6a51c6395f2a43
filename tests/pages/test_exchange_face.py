"""数据交换 in a browser at every width: connectors, what did not arrive, differences, mirrored cases, sums and shares."""

from datetime import timedelta

import pytest
from seen import faults_seen

from exchanged import connect
from far_end import FarEnd
from knocks import signed_in
from play import Clock, make_office
from publishing import begun
from sanxiang.door.administer import administer
from sanxiang.door.models import Connector, Outgoing

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
HALL = "桓台县网上办事大厅"


def test_the_page_stands_at_every_width(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> None:
    office = make_office("huantai")
    agency, head = office.agency, office.people["agency-head"]
    made = connect(
        agency, FarEnd(tmp_path_factory.mktemp("away")), "net", "上级政府行政执法信息公示平台", "decisions"
    )
    begun(office, "summary", clock, until="publish").step()
    message = Outgoing.objects.get()
    administer(
        "give-up-delivery",
        agency,
        None,
        {"message": str(message.pk), "reason": "对方答复 422：缺少行政相对人代码"},
    )
    differs = [
        {
            "subject": message.subject,
            "label": message.label,
            "how": "missing",
            "why": "对方曾以回执 R7 收下，现在没有",
        }
    ]
    Connector.objects.filter(pk=made.pk).update(compared={"differences": differs}, compared_at=clock.now)
    told = {
        "external_id": "HT-2026-0007",
        "title": "取水许可",
        "status": "准予许可",
        "source": HALL,
        "act_type": "licence",
    }
    administer("sync-mirror", agency, None, {**told, "happened_on": (clock.now - timedelta(days=1)).date()})
    administer("set-online-types", agency, None, {"types": ["penalty", "licence"]})
    page = signed_in(head).get("/desk/exchange/").content.decode()
    for said in ("缺少行政相对人代码", "重新发送", "R7", "准予许可", "应当网上办理", "100.0%"):
        assert said in page
    form = (
        signed_in(head)
        .get(f"/desk/admin/acts/retry-delivery/?agency={agency.pk}&message={message.pk}")
        .content.decode()
    )
    assert f'value="{message.pk}"' in form
    assert faults_seen({"/desk/exchange/": page, "/desk/admin/acts/retry-delivery/": form}) == []
