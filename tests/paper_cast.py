"""An invented case with words for every act that issues a paper, so that each paper can be composed and looked at."""

import copy
from datetime import date
from functools import cache
from typing import Any

from sanxiang.cases.papers.typeset import PaperContext
from sanxiang.law.facts import empty_state
from sanxiang.law.packs import Pack, load_pack
from sanxiang.law.remedies import remedies
from sanxiang.law.rules import Act

AGENCY = {
    "name": "云溪县水务局",
    "short": "云水",
    "address": "云溪县清河路18号",
    "phone": "0990-1234567",
    "account": "云溪县财政局非税收入专户，开户行：云溪农村商业银行清河支行，账号：9900 1234 5678 9012",
    "review_body": "云溪县人民政府",
    "court": "云溪县人民法院",
    "uscc": "11990001MB00000018",
}
CASE = {
    "id": "c1",
    "number": "云水立〔2026〕31号",
    "title": "云溪县青禾砂石有限公司未经批准擅自取水案",
    "cause": "未经批准擅自取水",
    "unit": "水政监察大队",
}
PARTY = {
    "kind": "org",
    "name": "云溪县青禾砂石有限公司",
    "code": "91990001MA0000001X",
    "address": "云溪县柳湾镇河东村1号",
    "phone": "13900000000",
    "legal_rep": "方岩",
    "contact": "陆一舟",
}
CITIZEN = {
    "kind": "citizen",
    "name": "段小川",
    "code": "990001199001010011",
    "address": "云溪县柳湾镇河东村二组",
    "phone": "13900000001",
}
OFFICERS = [
    {"id": "p1", "name": "林青", "number": "99010001"},
    {"id": "p2", "name": "何苇", "number": "99010002"},
]
NAMES = {"p1": "林青", "p2": "何苇", "p3": "宋砚", "p4": "秦禾", "p5": "顾平", "p6": "秦禾", "p7": "顾平"}
PENALTY = {
    "kinds": ["fine", "confiscate-gains", "other"],
    "fine": "30000",
    "confiscated_gains": "4280.5",
    "other": "责令停止取水，限期拆除取水设施",
    "found": "你单位自2026年3月1日起，在未取得取水许可证的情况下，于云溪县柳湾镇河东村清河左岸设置离心泵一台，抽取河水用于洗砂。"
    "经计量核算，至2026年9月12日共取水4,756立方米。违法所得4,280.50元。",
    "evidence_text": "1．现场检查笔录一份，证明取水口的位置、水泵型号和正在取水的事实；\n"
    "2．询问笔录两份，证明取水的起止时间、用途和水量；\n"
    "3．现场照片12张、执法记录仪视频1段，证明取水现场的状况；\n4．洗砂台账复印件，证明生产和销售的数量。",
    "violated": "《中华人民共和国水法》第四十八条第一款",
    "basis": "《中华人民共和国水法》第六十九条第一项",
    "discretion": "取水量在一万立方米以下，调查期间主动停止取水，符合水行政处罚裁量基准“一般”档次，处二万元以上五万元以下罚款。",
    "perform_by": "自收到本决定书之日起十五日内，将罚款和没收的违法所得缴至下列账户；自收到本决定书之日起十日内自行拆除取水设施。",
}
TOLD = {
    "told_kinds": ["warning", "fine"],
    "told_fine": "200",
    "told_reason": "未按规定公示取水信息。",
    "told_basis": "《中华人民共和国水法》第六十九条第一项。",
    "told_rights": "有权陈述、申辩，申请回避，申请行政复议或者提起行政诉讼。",
    "answer": "无异议。",
}
ROWS = [
    {
        "name": "离心泵",
        "spec": "ISG80-160",
        "quantity": "1台",
        "feature": "机身蓝色，铭牌完整",
        "state": "完好",
        "stored": "大队证物室3号架",
    },
    {
        "name": "输水软管",
        "spec": "DN80",
        "quantity": "60米",
        "feature": "红色",
        "state": "旧",
        "stored": "大队证物室3号架",
    },
]
FACTS = {
    "party": PARTY,
    "cause": "未经批准擅自取水",
    "occurred_on": "2026-03-01",
    "occurred_until": "2026-09-12",
    "occurred_at": "云溪县柳湾镇河东村清河左岸",
    "source": "inspection",
    "summary": "2026年9月12日，执法人员巡查清河时，发现云溪县青禾砂石有限公司在河东村左岸用水泵抽取河水洗砂，现场不能出示取水许可证。",
    "suspected": "《中华人民共和国水法》第四十八条第一款",
    "proposal_outcome": "penalty",
    "proposal": PENALTY,
    "decision": PENALTY,
    "decided": PENALTY,
    "correct_what": "停止取水，拆除取水设施",
    "correct_by": "2026-10-10",
    "appraiser": "云溪县水文计量所",
    "appraise_what": "取水设施的取水能力和取水量",
    "appraisal_from": "2026-09-20",
    "appraisal_to": "2026-09-28",
    "defence_answer": "当事人提出已停止取水、请求减轻处罚。经复核，停止取水的情节已在裁量中考虑，其他意见没有证据支持，不予采纳。",
    "hearing_at": "2026-10-29T09:30",
    "hearing_place": "云溪县水务局三楼听证室",
    "host": "p3",
    "open_hearing": True,
    "suspension_basis": "《水行政处罚实施办法》第四十条",
    "late_fine": "2700",
    "service_address": "云溪县柳湾镇河东村1号",
}
TALK = (
    "问：请说明你的身份和职务。\n答：我叫陆一舟，是云溪县青禾砂石有限公司的生产负责人，受公司委托接受询问。\n"
    "问：河东村左岸的水泵是谁安装的，什么时候开始使用？\n答：是公司安装的，今年3月1日开始用，抽水洗砂。\n"
    "问：是否办理了取水许可？\n答：没有办理。\n问：每天抽水多少，有没有计量？\n答：装了水表，每天二三十立方米。\n"
    "问：你还有什么要补充的？\n答：没有了。我们已经停止抽水，愿意配合处理。"
)
SPOT = {
    "kinds": ["fine"],
    "fine": "200",
    "found": "当事人在河道管理范围内倾倒建筑垃圾约半立方米，已当场清除。",
    "evidence_text": "现场照片3张，当事人的陈述。",
    "violated": "《中华人民共和国河道管理条例》第二十四条",
    "basis": "《中华人民共和国河道管理条例》第四十四条第二项",
    "discretion": "数量很少，当场清除，按最低档次处罚。",
    "perform_by": "自收到本决定书之日起十五日内到指定银行或者通过电子支付系统缴纳。",
}
PHOTOS = [
    {
        "digest": "3f" * 32,
        "sm3": "a1" * 32,
        "size": 2_381_004,
        "name": "取水口全景.jpg",
        "mime": "image/jpeg",
    },
    {"digest": "7c" * 32, "size": 412_881_920, "name": "执法记录仪JL-07_0912.mp4", "mime": "video/mp4"},
]
WORDS: dict[str, dict[str, Any]] = {
    "add-evidence": {
        "kind": "documentary",
        "title": "2026年1月至8月取水台账（复印件）",
        "place": "云溪县柳湾镇河东村砂石场办公室",
        "provider": "陆一舟",
        "source_of": "由砂石场保管，执法人员当面复印，原件退回。",
        "proves": "取水的时间和数量",
        "monitor": True,
        "monitor_checked": "不涉及监控记录。",
        "files": [{"digest": "5d" * 32, "size": 48_211, "name": "取水台账.pdf", "mime": "application/pdf"}],
    },
    "extract-electronic": {
        "place": "云溪县柳湾镇河东村砂石场办公室",
        "began": "2026-09-15T09:10",
        "ended": "2026-09-15T10:05",
        "title": "磅房称重系统2026年3月至9月的出场记录",
        "holder": "云溪县青禾砂石有限公司",
        "medium": "磅房台式计算机（主机编号QH-03），称重软件数据库，时间校准无误差",
        "record": "由陆一舟登录称重软件，执法人员在场见证，按日期筛选后导出为表格文件，复制到执法专用移动硬盘。\n"
        "复制前后当场计算校验值，两次一致。全程录像。",
        "kept_as": "执法专用移动硬盘，编号YP-02",
        "proves": "洗砂的产量和生产的时间",
        "files": [
            {
                "digest": "9e" * 32,
                "size": 731_202,
                "name": "出场记录.xlsx",
                "mime": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            }
        ],
        "witness": "河东村村民委员会委员 顾平",
        "signed": "signed",
    },
    "designate-jurisdiction": {
        "designated_to": "邻川县水务局",
        "disputing": "云溪县河道管理所",
        "designation_ground": "dispute",
        "found": "取水口在县界处，两地均可到达。",
        "reason": "取水口位于邻川县境内，由其办理便于查明事实。",
    },
    "assign-case": {
        "assigned_to": "柳湾镇人民政府",
        "found": "河东村岸边有取水设施一处，没有见到取水许可标志。",
        "assign_what": "核实取水设施的权属和取水量，依法处理，并督促恢复岸坡原状。",
        "report_by": "2026-12-31",
        "materials": "巡查记录一份，现场照片四张。",
    },
    "register-agent": {
        "agents": [
            {
                "name": "陆一舟",
                "code": "990001198503020011",
                "relation": "委托人的生产负责人",
                "phone": "13900000002",
                "authority": "一般代理",
            },
            {
                "name": "沈墨",
                "relation": "云溪明河律师事务所律师",
                "authority": "特别授权：代为承认、放弃、变更听证请求",
            },
        ],
        "agent_matters": ["defence", "hearing", "receive"],
        "agent_until": "2026-12-31",
    },
    "enter-execution": {},
    "collect-on-spot": {"photos": PHOTOS},
    "publish": {"digest": "4b" * 32},
    "exempt-publication": {
        "ground": "N4",
        "exempt_basis": "《政府信息公开条例》第十五条",
        "reconsider_on": "2027-01-04",
        "reason": "决定书载有当事人的生产工艺参数，属于商业秘密。",
    },
    "decide-on-spot": {"decision": SPOT, "signed": "signed"},
    "file-record": {"filed_with": "云溪县水务局政策法规股"},
    "request-recusal": {
        "recusal_of": "p1",
        "recusal_by": "party",
        "reason": "当事人称执法人员与其有债务纠纷。",
    },
    "notify-on-site": {
        "told_reason": "涉嫌未经批准擅自取水。",
        "told_basis": "《中华人民共和国水法》第六十条、第六十二条。",
        "told_content": "检查取水口、取水设施和计量设施，查阅台账，询问有关人员。",
        "told_rights": "有权要求出示执法证件、申请回避、陈述和申辩；应当如实回答询问、协助检查。",
        "explained": "就取水许可的适用范围和办理途径作了说明。",
        "answer": "已知晓，无异议。",
        "signed": "signed",
    },
    "inspect": {
        "place": "云溪县柳湾镇河东村清河左岸",
        "began": "2026-09-12T09:05",
        "ended": "2026-09-12T10:20",
        "present": "陆一舟（生产负责人）",
        "witness": "河东村村民委员会委员 顾平",
        "signed": "signed",
        "record": "现场位于清河左岸，距河东大桥上游约320米。岸边安装离心泵一台，型号ISG80-160，正在运行；"
        "出水口接红色软管约60米，通往砂石场洗砂池。"
        "水泵旁装有水表一只，读数为4756。\n执法人员要求出示取水许可证，陆一舟称没有办理。\n执法人员拍摄照片12张，全程使用执法记录仪，编号JL-07。",
        "photos": PHOTOS,
    },
    "register-clue": {"informant": "匿名来电"},
    "file": {"opinion": "符合立案标准，同意立案，由林青、何苇承办。"},
    "decline-filing": {"reason": "经核查，取水量在规定的限额以下，依法不需要申请取水许可。"},
    "assign-officers": {"reason": "原承办人调离执法岗位。", "handed_over": "案卷一册，电子证据光盘一张。"},
    "interview": {
        "place": "云溪县水务局询问室",
        "began": "2026-09-14T14:30",
        "ended": "2026-09-14T15:40",
        "interviewee": "陆一舟",
        "relation": "当事人的生产负责人",
        "record": TALK,
        "signed": "signed",
    },
    "order-correction": {
        "correct_what": "停止取水，拆除取水设施",
        "correct_by": "2026-10-10",
        "refund_amount": "1260",
        "refund_to": "多收水费的三户用水户，名单附后",
    },
    "check-correction": {"record": "取水设施已经拆除，岸坡已恢复原状，拍摄照片4张。", "corrected": True},
    "sample": {
        "place": "云溪县柳湾镇河东村砂石场洗砂池",
        "samples": [
            {"name": "洗砂池出水", "spec": "500毫升瓶装", "base": "1池", "quantity": "3瓶"},
            {"name": "河砂", "base": "约40吨", "quantity": "2袋"},
        ],
        "sealed": "样品当场封存，编号YS-01至YS-05，一份送检，一份留存。",
    },
    "commission-appraisal": {
        "appraiser": "云溪县水文计量所",
        "appraise_what": "取水设施的取水能力和取水量",
        "appraisal_from": "2026-09-20",
    },
    "summon-interview": {
        "interviewee": "陆一舟",
        "come_at": "2026-09-16T09:30",
        "place": "云溪县水务局询问室",
        "bring": "身份证件、取水台账",
    },
    "require-materials": {
        "materials": "2026年1月至8月的取水台账、电费缴纳凭证",
        "provide_by": "2026-09-25",
    },
    "request-assistance": {
        "assisting_organ": "云溪县供电公司",
        "assist_what": "提供当事人砂石场2026年1月至8月的用电记录",
        "assist_by": "2026-09-28",
        "assist_kind": "investigate",
    },
    "receive-appraisal": {
        "appraisal_to": "2026-09-28",
        "result_text": "取水设施额定流量为50立方米每小时；按水表读数核算，取水量为4,756立方米。",
    },
    "approve-preservation": {"reason": "水泵可能被当事人转移，事后难以取得。"},
    "register-preservation": {"place": "砂石场配电房旁", "items": ROWS, "keep_mode": "in-place"},
    "decide-preservation": {"disposal": "returned", "reason": "取水能力已经检测，不需要继续保存。"},
    "receive-property": {"items": ROWS, "ground": "当事人自愿上交拆除的取水设施"},
    "dispose-property": {
        "disposal": "returned",
        "record": "当事人陆一舟到场核对，物品与清单一致，当场领回。顾平见证。",
    },
    "conclude-investigation": {
        "proposal_outcome": "penalty",
        "proposal": PENALTY,
        "report": "2026年9月12日现场检查，9月14日询问当事人的生产负责人，9月20日委托计量检测，9月28日取得检测结果并告知当事人。",
    },
    "discuss": {
        "members": [
            {"person": "p6", "post": "局长", "view": "事实清楚，同意拟处罚意见。"},
            {"person": "p7", "post": "副局长", "view": "同意。建议督促补办取水许可。"},
        ],
        "conclusion": "一致同意拟处罚意见。",
    },
    "decide": {
        "opinion": "同意集体讨论的结论，按此作出行政处罚决定。",
        "defence_answer": FACTS["defence_answer"],
    },
    "decide-no-penalty": {
        "ground": "minor-corrected",
        "found": "当事人试机取水一次，取水三立方米，当日拆除设施。",
        "reason": "取水量很少，当场停止并拆除设施，没有造成危害后果。",
        "educated": "已讲解取水许可制度，发放宣传册。",
    },
    "dismiss": {"reason": "经检测，取水设施在县外，违法事实不成立。"},
    "transfer-agency": {
        "to_agency": "邻川县水务局",
        "found": "当事人在河东村对岸建有取水设施一处。",
        "reason": "违法行为发生地在邻川县境内。",
    },
    "give-opinion": {
        "outcome": "problems",
        "problems": [
            {"element": "裁量基准", "problem": "没有写明取水量的核算方法，建议补充检测报告的结论。"}
        ],
        "opinion": "事实清楚，程序合法；裁量理由需要补充后重新送审。",
    },
    "notify-penalty": {"defence_days": 5},
    "record-defence": {"form": "oral", "record": "公司经营困难，已经停止取水并拆除设施，请求从轻处罚。"},
    "review-defence": {"accepted": "停止取水的情节属实。", "defence_answer": FACTS["defence_answer"]},
    "request-hearing": {"asked_for": "认为取水量核算有误，要求听证。"},
    "refuse-hearing": {"reason": "拟处罚款没有达到应当告知听证的数额，也不属于应当听证的其他情形。"},
    "notify-hearing": {
        "hearing_at": "2026-10-29T09:30",
        "hearing_place": "云溪县水务局三楼听证室",
        "host": "p3",
        "open_hearing": True,
    },
    "hold-hearing": {
        "host": "p3",
        "came": "agents",
        "agents": [{"name": "陆一舟", "authority": "一般代理"}],
        "photos": PHOTOS[1:],
        "attended": "当事人代理人陆一舟；调查人员林青、何苇；旁听群众3人。",
        "signed": "signed",
        "record": "主持人：现在听证开始，请调查人员陈述。\n林青：（陈述违法事实、证据和处罚建议）\n主持人：请当事人申辩。\n"
        "陆一舟：水表在试机时空转过，应当扣除。\n"
        "何苇：检测报告第3页已扣除试机水量。\n主持人：请双方作最后陈述。\n陆一舟：请求从轻处罚。\n主持人：听证结束，请核对笔录。",
    },
    "end-hearing": {
        "ground": "absent",
        "reason": "通知书已于10月20日送达，当事人及其代理人均未到场，也没有说明理由。",
    },
    "report-hearing": {"record": "听证程序合法。当事人关于水量的意见已由检测报告回应，建议维持拟处罚意见。"},
    "extend": {
        "days": 30,
        "extension_basis": "《水行政处罚实施办法》第三十八条",
        "reason": "检测耗时较长，不能在法定期限内办结。",
    },
    "suspend": {"suspension_basis": "《水行政处罚实施办法》第四十条", "reason": "需要等待另案的处理结果。"},
    "resume": {"reason": "另案已经办结。"},
    "transfer-crime": {
        "police": "云溪县公安局",
        "crime": "非法采矿罪",
        "special_team": ["p1", "p2"],
        "found": "当事人在河道内采砂，经测量约九百立方米。",
        "reason": "开采的河砂价值达到立案追诉标准。",
    },
    "confirm-address": {
        "service_address": "云溪县柳湾镇河东村1号",
        "service_email": "office@example.invalid",
        "e_service_consent": True,
    },
    "serve": {
        "paper": "penalty-decision",
        "way": "leave",
        "served_on": "2026-11-23",
        "place": "云溪县柳湾镇河东村1号",
        "receiver": "陆一舟，生产负责人",
        "proof": "执法记录仪视频JL-07-1123",
        "refused": "称需要请示公司负责人，拒绝签收。",
        "witness": "河东村村民委员会委员 顾平",
    },
    "serve-on-spot": {"receiver": "段小川，本人"},
    "grant-deferral": {
        "applied": "你单位因设备拆除停产，流动资金困难，提交了财务报表。",
        "deferred_until": "2027-03-31",
        "instalments": [{"due": "2026-12-31", "amount": "15000"}, {"due": "2027-03-31", "amount": "15000"}],
    },
    "refuse-deferral": {"applied": "称流动资金困难。", "reason": "没有提交能够证明经济困难的材料。"},
    "impose-late-fine": {"late_fine": "2700"},
    "revoke-decision": {
        "revoked_how": "changed",
        "undone_by": "review",
        "revoked_by": "云溪县人民政府，云政复决〔2027〕5号",
        "reason": "罚款由三万元变更为二万元。",
    },
    "correct-paper": {
        "paper": "penalty-decision",
        "wrong": "云溪县柳湾镇河东村1号",
        "right": "云溪县柳湾镇河东村11号",
        "reason": "当事人住所地址录入有误。",
    },
    "close": {"performed": "罚款和没收的违法所得已缴清，取水设施已经拆除。"},
    "archive": {
        "retention": "permanent",
        "checked": "本卷文书齐全，照片12张、视频2段存于电子卷。",
    },
    "supplement-file": {
        "title": "行政处罚决定书的邮件回执",
        "came_on": "2027-03-02",
        "came_from": "云溪县邮政投递点",
        "belongs_to": "main",
        "sheets": 2,
        "reason": "邮政企业归档之后才退回。",
    },
    "hand-over-file": {
        "handed_to": "archives",
        "receiver": "云溪县档案馆 柳眉",
        "list_no": "2027-3",
        "copies": ["paper", "electronic"],
        "note": "音像载体一并移交。",
    },
    "announce-service": {
        "announced_paper": "penalty-decision",
        "tried": "直接送达两次无人，邮寄退回。",
        "announced_where": "云溪县人民政府网站公告栏和当事人住所地",
    },
    "apply-to-court": {
        "court": "云溪县人民法院",
        "unpaid": "罚款30,000元、没收的违法所得4,280.50元和加处罚款30,000元。",
    },
    "urge": {"urged": "自收到本催告书之日起十日内缴清罚款和没收的违法所得，拆除取水设施。"},
}
DONE = {
    "register-clue": "2026-09-12",
    "file": "2026-09-14",
    "start-summary": "2026-09-12",
    "tell-on-spot": "2026-09-12",
    "order-correction": "2026-09-14",
    "register-preservation": "2026-09-14",
    "notify-penalty": "2026-10-08",
    "record-defence": "2026-10-12",
    "request-hearing": "2026-10-13",
    "hold-hearing": "2026-10-29",
    "submit-for-review": "2026-11-02",
    "discuss": "2026-11-18",
    "decide": "2026-11-20",
    "decide-on-spot": "2026-09-12",
    "suspend": "2026-10-01",
    "close": "2026-12-20",
    "prepare-publication": "2026-11-30",
}
PAPERS = {
    "correction-order": {"number": "云水责改〔2026〕12号"},
    "preservation-notice": {"number": "云水登存〔2026〕3号"},
    "penalty-notice": {"number": "云水罚告〔2026〕25号", "served_on": "2026-10-09"},
    "spot-decision": {"number": "云水当罚〔2026〕8号"},
    "penalty-decision": {"number": "云水罚〔2026〕21号", "served_on": "2026-11-23"},
    "urge-notice": {"number": "云水催〔2027〕2号", "served_on": "2027-06-01"},
}
EVIDENCE = [
    {"n": 4, "kind": "现场笔录", "title": "现场检查（勘验）笔录", "proves": "取水口位置和正在取水的事实"},
    {"n": 6, "kind": "当事人的陈述", "title": "陆一舟询问笔录", "proves": "取水的起止时间、用途和水量"},
    {"n": 9, "kind": "鉴定意见", "title": "取水量检测报告", "proves": "取水量为4,756立方米"},
]
FILED = [
    {"number": "云水立〔2026〕31号", "title": "立案审批表", "on": "2026-09-14", "pages": "1"},
    {"number": "云水罚〔2026〕21号", "title": "行政处罚决定书", "on": "2026-11-20", "pages": "2—5"},
    {"number": "", "title": "送达回证", "on": "2026-11-23", "pages": "6"},
]
BOUND = {
    "number": "2026-0031",
    "ordinal": "0031",
    "begun": "2026-09-12",
    "keep": "永久",
    "main": {"rows": FILED, "pages": 6},
    "sub": {"rows": FILED[:1], "pages": 1},
}
TIMELINE = [
    {"n": 1, "label": "登记案源", "on": "2026-09-12", "by": "林青"},
    {"n": 26, "label": "提交公示文本", "on": "2026-11-30", "by": "顾平"},
    {"n": 30, "label": "结案", "on": "2026-12-20", "by": "秦禾"},
]


PUBLIC = {
    "number": "云水罚〔2026〕21号",
    "title": "未经批准擅自取水案",
    "party": "云溪县青禾砂石有限公司",
    "facts": "当事人自2026年3月1日起，在未取得取水许可证的情况下抽取河水用于洗砂。",
    "basis": "《中华人民共和国水法》第六十九条第一项",
    "result": "罚款30,000元；没收违法所得4,280.50元",
    "authority": "云溪县水务局",
    "kind": "罚款、没收违法所得",
    "decided_on": "2026-10-20",
    "hidden": ["自然人姓名", "手机号码"],
}


@cache
def pack() -> Pack:
    """The national pack."""
    return load_pack("national")


def issued() -> list[tuple[Act, str]]:
    """Each paper with the act that makes it, of the procedures of penalties; the papers of the others their stories make."""
    own = {"summary", "ordinary"}
    return [(act, paper) for act in pack().acts.values() if own & {*act.procedures} for paper in act.papers]


def full_state(procedure: str) -> dict[str, Any]:
    """A case in which everything that papers look back on has happened."""
    state = empty_state(procedure, "decided")
    state["n"] = 30
    state["facts"] = copy.deepcopy(FACTS)
    state["handlers"], state["former_handlers"] = ["p1", "p2"], ["p5"]
    state["last"] = {
        act: {"n": 26 if act == "prepare-publication" else 1, "on": day, "count": 1, "by": "p1"}
        for act, day in DONE.items()
    }
    state["papers"] = {
        kind: {"status": "issued", "n": 1, "on": "2026-10-08", **more} for kind, more in PAPERS.items()
    }
    state["property"] = [
        {**row, "id": f"W00{i}", "status": "returned", "n": 30, "out_n": 30} for i, row in enumerate(ROWS, 1)
    ]
    state["payments"] = [
        {"on": "2026-12-03", "amount": "34280.5", "receipt": "99-000123", "kind": "principal", "n": 28}
    ]
    state["review"] = {"outcome": "agree", "on": "2026-11-05", "dossier": "9f" * 32, "round": 1}
    return state


def context_for(act: Act, paper: str, **more: Any) -> PaperContext:
    """What the door would give for that paper of that act."""
    rule = pack().papers[paper]
    procedure = "summary" if "ordinary" not in act.procedures or "spot" in paper else "ordinary"
    state = full_state(procedure)
    if procedure == "summary":
        state["facts"].update(
            party=CITIZEN,
            cause="在河道管理范围内弃置垃圾",
            decided=SPOT,
            decision=SPOT,
            occurred_on="2026-11-21",
        )
    if act.id == "supplement-file":
        state["custody"] = {"supplements": [{"n": state.get("n"), "first": 1, "count": 2}]}
    told = remedies(pack(), procedure, AGENCY, state["facts"], False, paper) if rule.remedies else ()
    given = {
        "agency": AGENCY,
        "case": CASE,
        "state": state,
        "data": copy.deepcopy(WORDS[act.id]),
        "date": date(2026, 11, 21),
        "act": {"id": act.id, "label": act.label, "on": "2026-11-21"},
        "officers": OFFICERS,
        "names": NAMES,
        "number": f"云水{rule.series}〔2026〕21号" if rule.series else "",
        "remedies": [p.text for p in told],
        "actor": {"name": "秦禾", "post": "局长", "qualification": "A20190000001"},
        "evidence": EVIDENCE,
        "papers": FILED,
        "file": BOUND if paper.startswith("file-") else {},
        "timeline": TIMELINE,
        "due": {"decide": "2027-01-12", "pay": "2026-12-08"},
        "public": PUBLIC if act.id == "publish" else {},
        "past": {"record-defence": WORDS["record-defence"], "tell-on-spot": TOLD},
    }
    return PaperContext(pack=pack(), **{**given, **more})
