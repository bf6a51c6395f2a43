"""Flaws that evaluators of case files look for, each put into the recorded steps of a flawless file.

They come from the practice of evaluation and from the Administrative Penalty Law, not from what the product checks. Each names the
base that it is put into and the article that an evaluator would cite (none where it is a matter of how papers are written).
"""

from mutating import (
    HEARD,
    MUTATIONS,
    asked_away,
    back_dated,
    blank,
    by,
    each,
    fined,
    fined_on_spot,
    flaw,
    inserted,
    later_from,
    moved,
    moved_day,
    no_papers,
    officers,
    on_spot,
    planned,
    redrafted,
    tell,
    told,
    twice,
    unnumbered,
    without,
)
from sanxiang.demo import stories

__all__ = ["MUTATIONS"]

# Steps left out.

flaw("hearing", "第五十五条", "没有出示执法证件", without("show-certificate"))
flaw("hearing", "第五十四条", "没有立案", without("file"))
flaw("hearing", "第五十四条", "没有现场检查和询问，没有证据", without("inspect", "interview"))
flaw("hearing", "第五十七条", "没有调查终结报告", without("conclude-investigation"))
flaw("hearing", "第四十四条", "没有事先告知", without("notify-penalty", "serve/penalty-notice"))
flaw("hearing", "第四十四条", "告知书没有送达", without("serve/penalty-notice"))
flaw("hearing", "第四十五条", "没有复核陈述申辩", without("review-defence"))
flaw("hearing", "第六十四条", "要求听证而没有举行", without(*HEARD[1:]))
flaw("hearing", "第六十四条", "听证通知书没有送达", without("serve/hearing-notice"))
flaw("hearing", "第六十四条", "没有听证笔录", without("hold-hearing"))
flaw("hearing", "第五十八条", "没有法制审核", without("submit-for-review", "give-opinion"))
flaw("hearing", "第五十七条", "没有集体讨论", without("discuss"))
flaw("hearing", "第六十一条", "决定书没有送达", without("serve/penalty-decision"))
flaw("hearing", "第五十七条", "没有作出决定就执行", without("decide"))
flaw("hearing", "第五十六条", "先行登记保存没有批准", without("approve-preservation"))
flaw("hearing", "第五十六条", "先行登记保存以后没有处理", without("decide-preservation"))
flaw("hearing", "", "责令改正通知书没有送达", without("serve/correction-order"))
flaw("hearing", "", "先行登记保存通知书没有送达", without("serve/preservation-notice"))
flaw("ordinary", "第二十八条", "没有责令改正", planned(correction=""))
flaw("ordinary", "第四十八条", "没有公示", without("prepare-publication", "publish"))
flaw("ordinary", "第四十八条", "公示没有审核", without("publish"))
flaw("ordinary", "第六十七条", "没有缴款就结案", without("record-payment"))
flaw("ordinary", "", "没有结案就归档", without("close"))
flaw("summary", "第五十二条", "当场处罚没有出示证件", without("show-certificate"))
flaw("summary", "第四十四条", "当场处罚没有告知", without("tell-on-spot"))
flaw("summary", "第五十二条", "当场处罚没有交付决定书", without("serve-on-spot"))
flaw("summary", "第五十二条", "当场处罚没有备案", without("file-record"))
flaw("summary", "", "当场处罚没有取证", without("inspect"))

# Steps in the wrong order.

flaw("hearing", "第五十五条", "检查以后才出示证件", moved("show-certificate", after="inspect"))
flaw("hearing", "第五十八条", "决定以后才法制审核", moved("give-opinion", after="decide"))
flaw("hearing", "第五十七条", "决定以后才集体讨论", moved("discuss", after="decide"))
flaw("hearing", "第四十五条", "决定以后才复核申辩", moved("review-defence", after="decide"))
flaw("hearing", "第五十四条", "先调查后立案", moved("file", after="interview"))
flaw("hearing", "第四十四条", "调查终结以前就告知", moved("notify-penalty", before="conclude-investigation"))
flaw("hearing", "第六十四条", "听证以后才送达听证通知书", moved("serve/hearing-notice", after="hold-hearing"))
flaw("hearing", "第六十五条", "决定以后才举行听证", moved("hold-hearing", after="decide"))
flaw("hearing", "第五十六条", "保存以后才批准", moved("approve-preservation", after="register-preservation"))
flaw("ordinary", "", "结案以前就归档", moved("archive", before="close"))
flaw("ordinary", "第六十七条", "结案以后才缴款", moved("record-payment", after="close"))
flaw("ordinary", "第六十一条", "决定以前就送达决定书", moved("serve/penalty-decision", before="decide"))
flaw("summary", "第四十四条", "当场决定以后才告知", moved("tell-on-spot", after="decide-on-spot"))
flaw("summary", "第五十五条", "当场检查以后才出示证件", moved("show-certificate", after="inspect"))

# Days.

flaw(
    "ordinary",
    "第四十四条",
    "陈述申辩期限未满就决定",
    without("waive-defence", "waive-hearing"),
    later_from("submit-for-review", -3),
)
flaw("hearing", "第六十条", "超过九十日才决定", later_from("discuss", 84))
flaw("hearing", "第六十一条", "超过七日才送达决定书", later_from("serve/penalty-decision", 21))
flaw("hearing", "第五十六条", "先行登记保存逾期处理", later_from("decide-preservation", 14))
flaw(
    "hearing",
    "第六十四条",
    "听证通知不足七个工作日",
    each("notify-hearing", lambda s, o: told(s, {"hearing_at": moved_day(s.data["hearing_at"], -7)})),
    later_from("hold-hearing", -7),
)
flaw("ordinary", "第四十八条", "逾期公示", later_from("prepare-publication", 42))
flaw("ordinary", "", "结案以后长期不归档", later_from("archive", 400))
flaw("summary", "第五十二条", "当场处罚一周以后才备案", moved("file-record", after="record-payment"))
flaw("ordinary", "第三十六条", "追责时效已过", tell("register-clue", occurred_on="2022-01-10"))
flaw("ordinary", "", "违法行为发生在登记案源以后", tell("register-clue", occurred_on="2026-03-25"))
flaw("ordinary", "", "送达日期早于决定日期", tell("serve/penalty-decision", served_on="2026-03-20"))
flaw(
    "ordinary",
    "",
    "询问日期与笔录时间不符",
    tell("interview", began="2026-03-01T08:45", ended="2026-03-01T09:00"),
)
flaw(
    "ordinary", "", "询问结束早于开始", tell("interview", began="2026-03-09T09:00", ended="2026-03-09T08:30")
)
flaw(
    "ordinary",
    "",
    "询问与现场检查时间重叠（同两人分身两地）",
    tell("interview", began="2026-03-05T09:30", ended="2026-03-05T09:45"),
)
flaw("ordinary", "", "笔录没有起止时间", blank("inspect", "began", "ended"))
flaw(
    "ordinary",
    "",
    "现场检查早于立案前的案源登记",
    tell("inspect", began="2026-02-20T09:25", ended="2026-02-20T09:40"),
)

# People.

flaw("hearing", "第四十二条", "一人现场检查", officers("inspect", "officer1"))
flaw("hearing", "第四十二条", "一人询问", officers("interview", "officer1"))
flaw("hearing", "第四十二条", "一人送达", officers("serve/penalty-decision", "officer1"))
flaw("hearing", "第四十二条", "一人先行登记保存", officers("register-preservation", "officer1"))
flaw("summary", "第四十二条", "一人当场处罚", officers("decide-on-spot", "officer1"))
flaw("hearing", "第四十二条", "没有执法证的人参加检查", officers("inspect", "officer1", "unlicensed"))
flaw("hearing", "第四十二条", "没有执法证的人办案", officers("file", "officer1", "unlicensed"))
flaw("hearing", "第四十二条", "同一人签两次名", officers("inspect", "officer1", "officer1"))
flaw("hearing", "", "案外人员询问", officers("interview", "officer1", "officer3"))
flaw(
    "hearing",
    "第五十八条",
    "承办人自己审核",
    by("give-opinion", "officer1", responsible=lambda o: o.id("officer1")),
)
flaw(
    "hearing",
    "第六十四条",
    "调查人员主持听证",
    tell("notify-hearing", host=lambda o: o.id("officer1")),
    by("hold-hearing", "officer1", host=lambda o: o.id("officer1")),
    by("report-hearing", "officer1"),
)
flaw(
    "hearing", "第六十四条", "听证主持人与通知不符", tell("hold-hearing", host=lambda o: o.id("deputy-head"))
)
flaw(
    "hearing",
    "第五十七条",
    "集体讨论只有一人",
    tell("discuss", members=lambda o: [{"person": o.id("agency-head"), "post": "局长", "view": "同意"}]),
)
flaw(
    "hearing",
    "第五十七条",
    "集体讨论的成员不是负责人",
    tell(
        "discuss",
        members=lambda o: [
            {"person": o.id("officer1"), "post": "科员", "view": "同意"},
            {"person": o.id("officer2"), "post": "科员", "view": "同意"},
        ],
    ),
)
flaw("hearing", "第五十七条", "承办人自己决定", by("decide", "officer1"))
flaw("hearing", "第五十四条", "承办人自己批准立案", by("file", "officer1"))
flaw("hearing", "第五十六条", "承办人自己批准保存", by("approve-preservation", "officer1"))
flaw("ordinary", "", "公示的编写人自己审核", by("publish", "disclosure-editor"))

# What is decided.

OTHER_FACTS = "当事人另外在上游毁坏堤防五十米。"
flaw("hearing", "第四十五条", "决定重于告知", redrafted(fine="95000"))
flaw("hearing", "第四十四条", "决定的事实没有告知过", redrafted(found=OTHER_FACTS))
flaw("hearing", "第四十四条", "决定的依据没有告知过", redrafted(basis="《水法》第六十九条第二项"))
flaw("hearing", "第四十四条", "决定的种类没有告知过", redrafted(kinds=["fine", "confiscate-gains"]))
flaw("hearing", "第五十八条", "审核以后改轻罚款没有再审", redrafted(fine="85000"))
flaw("hearing", "", "罚款高于法定最高额", *fined("900000"))
flaw("hearing", "", "罚款低于法定最低额", *fined("100"))
flaw("ordinary", "", "引用的条文不存在", planned(basis="《水法》第九百条"))
flaw("ordinary", "第三十八条", "依据不是法律法规规章", planned(basis="局长办公会会议纪要"))
flaw(
    "summary", "第五十一条", "当场罚款超过限额", tell("tell-on-spot", told_fine="5000"), on_spot(fine="5000")
)
flaw(
    "summary",
    "第五十一条",
    "当场没收",
    tell("tell-on-spot", told_kinds=["confiscate-gains"], told_fine="0"),
    on_spot(kinds=["confiscate-gains"], fine="0"),
)
flaw("summary", "第四十四条", "当场决定重于告知", on_spot(fine="1000"))
flaw(
    "hearing",
    "第五十八条",
    "审核意见不同意仍然决定",
    tell("give-opinion", outcome="problems", opinion="程序违法"),
)
flaw(
    "hearing",
    "",
    "集体讨论多数不同意仍然决定",
    tell(
        "discuss",
        members=lambda o: [
            {"person": o.id("agency-head"), "post": "局长", "view": "不同意"},
            {"person": o.id("deputy-head"), "post": "副局长", "view": "不同意"},
        ],
        conclusion="不同意处罚建议，退回补充调查",
    ),
)

# What papers lack.

for field_, article_, name_ in (
    ("found", "第五十九条", "决定书没有事实"),
    ("evidence_text", "第五十九条", "决定书没有证据"),
    ("violated", "第五十九条", "决定书没有写违反的条文"),
    ("basis", "第五十九条", "决定书没有处罚依据"),
    ("perform_by", "第五十九条", "决定书没有履行方式和期限"),
    ("discretion", "", "决定书没有裁量说明"),
):
    flaw("ordinary", article_, name_, planned(**{field_: ""}))
flaw("ordinary", "第五十九条", "当事人没有名称", tell("register-clue", party={"name": ""}))
flaw("ordinary", "第五十九条", "当事人没有地址", tell("register-clue", party={"address": ""}))
flaw("ordinary", "", "现场笔录没有内容", blank("inspect", "record"))
flaw("ordinary", "", "询问笔录没有内容", blank("interview", "record"))
flaw("ordinary", "", "询问笔录没有签名", blank("interview", "signed"))
flaw("ordinary", "", "现场笔录没有签名", blank("inspect", "signed"))
flaw("hearing", "第六十四条", "听证笔录没有签名", blank("hold-hearing", "signed"))
flaw("summary", "第五十二条", "当场决定书没有签收", blank("decide-on-spot", "signed"))
flaw("ordinary", "", "送达回证没有签收人", blank("serve/penalty-decision", "receiver"))
flaw("ordinary", "", "送达回证没有送达日期", blank("serve/penalty-decision", "served_on"))
flaw(
    "ordinary", "", "留置送达没有见证", tell("serve/penalty-decision", way="leave", receiver="无人", proof="")
)
flaw("ordinary", "第四十七条", "现场检查没有音像记录也没有说明", tell("inspect", no_recording=None))
flaw("hearing", "第四十七条", "听证没有音像记录也没有说明", tell("hold-hearing", no_recording=None))
flaw("ordinary", "第五十九条", "卷内没有决定书", no_papers("decide"))
flaw("hearing", "第六十四条", "卷内没有听证笔录文书", no_papers("hold-hearing"))
flaw("ordinary", "", "卷内没有送达回证文书", no_papers("serve/penalty-decision"))
flaw("ordinary", "第五十八条", "审核没有意见", blank("give-opinion", "opinion"))
flaw("hearing", "第五十七条", "集体讨论没有结论", blank("discuss", "conclusion"))
flaw("hearing", "第四十五条", "复核申辩没有写意见", blank("review-defence", "defence_answer"))
flaw("hearing", "第五十六条", "保存没有物品清单", tell("register-preservation", items=[]))
flaw("hearing", "第六十四条", "不公开听证没有说明理由", tell("notify-hearing", open_hearing=False))
flaw("ordinary", "", "归档没有检查意见", blank("archive", "checked"))

# Money, publication, closing.

flaw("ordinary", "第六十七条", "罚款没有缴清就结案", tell("record-payment", amount="500"))
flaw("ordinary", "", "缴款多于罚款", tell("record-payment", amount="20000"))
flaw("ordinary", "第七十条", "缴款没有票据号", blank("record-payment", "receipt"))
flaw(
    "summary",
    "第六十八条",
    "当场收缴超过一百元",
    without("record-payment"),
    inserted(
        "file-record",
        "collect-on-spot",
        "当场收缴罚款",
        lambda o: {"officers": stories.two(o), "ground": "small", "amount": "200", "receipt": "票据 1"},
    ),
)
flaw(
    "ordinary",
    "",
    "公示的当事人与决定不符",
    tell("prepare-publication", public_text={"party": "云溪别家有限公司"}),
    tell("publish", public_text={"party": "云溪别家有限公司"}),
)
flaw(
    "ordinary",
    "",
    "公示的罚款与决定不符",
    tell("prepare-publication", public_text={"result": "罚款 9 元"}),
    tell("publish", public_text={"result": "罚款 9 元"}),
)
flaw("ordinary", "", "结案没有写执行情况", blank("close", "performed"))

# What takes a second look.

flaw("hearing", "第四十三条", "回避申请没有决定", asked_away())
flaw(
    "hearing",
    "第四十三条",
    "决定回避以后仍然参加调查",
    asked_away(),
    inserted("request-recusal", "decide-recusal", "决定回避", lambda o: {"granted": True, "reason": "属实"}),
    by("decide-recusal", "agency-head"),
)
flaw(
    "hearing",
    "",
    "中止调查期间继续办理",
    inserted(
        "interview", "suspend", "中止调查", lambda o: {"suspension_basis": "演示", "reason": "等待鉴定"}
    ),
    by("suspend", "agency-head"),
)
flaw("hearing", "第六十四条", "听证没有在通知的日期举行", later_from("hold-hearing", 7))
flaw(
    "hearing",
    "第四十条",
    "先决定后取证",
    moved("inspect", after="decide"),
    moved("interview", after="decide"),
)
flaw("hearing", "第五十八条", "出具意见以后才送审", moved("submit-for-review", after="give-opinion"))
flaw("hearing", "第五十八条", "审核意见不是法制审核人员出具", by("give-opinion", "disclosure-approver"))
flaw("hearing", "第五十八条", "审核没有负责人", blank("give-opinion", "responsible"))
flaw("hearing", "", "法制审核超过期限", later_from("give-opinion", 28))
flaw("hearing", "第六十条", "决定日期倒签到讨论以前", back_dated("decide", 14))
flaw("hearing", "", "同一案件作出两个决定", twice("decide"))
flaw("hearing", "", "责令改正期限早于责令之日", tell("order-correction", correct_by="2026-03-01"))
flaw("hearing", "第二十八条", "责令改正以后没有复查", without("check-correction"))
flaw("hearing", "第七十四条", "先行登记保存的物品没有归还", without("dispose-property"))
flaw("hearing", "", "送达回证没有送达证明", blank("serve/penalty-decision", "proof"))
flaw("hearing", "第六十一条", "没有同意就电子送达", tell("serve/penalty-decision", way="electronic"))
flaw("hearing", "第六十一条", "没有公告就公告送达", tell("serve/penalty-decision", way="announce"))
flaw("hearing", "", "现场告知没有权利", blank("notify-on-site", "told_rights"))
flaw("hearing", "", "决定书没有文号", unnumbered("decide"))
flaw(
    "ordinary", "第四十四条", "告知送达以前就放弃申辩", moved("waive-defence", before="serve/penalty-notice")
)
flaw("ordinary", "", "没有登记案源", without("register-clue"))
flaw("ordinary", "第五十四条", "发现线索两个多月才立案", later_from("file", 70))
flaw("ordinary", "", "缴款以后半年才结案", later_from("close", 182))
flaw("ordinary", "第七十二条", "逾期缴款没有加处罚款也没有说明", later_from("record-payment", 42))
flaw("ordinary", "", "处罚种类是罚款而没有金额", *fined("0"))
flaw("ordinary", "第九条", "没有写处罚种类", planned(kinds=[]))
flaw("ordinary", "", "保管期限低于规定", tell("archive", retention="10"))
flaw("ordinary", "", "当事人没有法定代表人", tell("register-clue", party={"legal_rep": ""}))
flaw("ordinary", "", "调查终结报告没有内容", blank("conclude-investigation", "report"))
flaw("ordinary", "", "没有写案由", blank("register-clue", "cause"))
flaw(
    "summary",
    "第五十一条",
    "对公民当场罚款超过二百元",
    tell("start-summary", party={"kind": "citizen", "name": "冉秋水"}),
    *fined_on_spot("1000"),
)
flaw("summary", "第五十二条", "当场决定书次日才交付", later_from("serve-on-spot", 1))
flaw("summary", "", "当场处罚先决定后取证", moved("inspect", after="decide-on-spot"))
flaw("summary", "第四十四条", "当场告知没有权利", blank("tell-on-spot", "told_rights"))
flaw("summary", "第五十二条", "当场决定书没有写依据", on_spot(basis=""))
flaw("summary", "第六十七条", "当场罚款没有缴清就结案", without("record-payment"))
flaw("summary", "第四十八条", "当场处罚没有公示", without("prepare-publication", "publish"))
