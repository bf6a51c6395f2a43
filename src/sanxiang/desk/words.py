"""What the record holds, in words that people read: codes become labels, ids names, tables lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sanxiang.cases.templatetags.show import cn_date, cn_datetime, yuan
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Field
from sanxiang.speech import size_text

OWN_LABELS = {
    "public_text": "公示文本",
    "phrases": "用到的规范用语",
    "warnings": "提交时的提醒",
    "kept_papers": "含有这一项内容、保持原样的文书",
    "kept_elsewhere": "还提到这一项内容的地方",
}
PROPERTY = {
    "held": "在管",
    "kept": "先行登记保存",
    "returned": "已返还",
    "handed-over": "已移交",
    "confiscated": "已没收",
    "destroyed": "已销毁",
    "auctioned": "已拍卖变卖",
}
CLOSED = {
    "closed": "已结案",
    "declined": "不予立案",
    "dismissed": "已撤案",
    "transferred": "已移送",
    "merged": "已并案",
    "void": "已作废",
}
PUBLICATION = {
    "prepared": "待第二人确认",
    "submitted": "已提交，未确认",
    "published": "已公示",
    "withdrawn": "已撤回",
    "exempt": "不予公开",
    "held": "暂缓公示",
    "expired": "公开期满",
    "repaired": "信用修复，停止公示",
}
TONES = {
    "prepared": "amber",
    "published": "green",
    "withdrawn": "red",
    "exempt": "plain",
    "held": "amber",
    "expired": "plain",
    "repaired": "plain",
}
TONES = {
    "prepared": "amber",
    "submitted": "amber",
    "published": "green",
    "withdrawn": "red",
    "exempt": "plain",
    "held": "amber",
    "expired": "plain",
    "repaired": "plain",
}
OUTCOMES = {"agree": "同意", "problems": "存在问题", "pass": "通过", "agree-with-advice": "同意并附建议"}
PAYMENTS = {
    "principal": "罚没款",
    "late": "加处罚款",
    "levy": "征收（收费）款",
    "levy-late": "滞纳金",
    "compensation": "补偿",
}
WAYS = {
    "direct": "直接送达",
    "leave": "留置送达",
    "entrust": "委托送达",
    "mail": "邮寄送达",
    "forward": "转交送达",
    "announce": "公告送达",
    "electronic": "电子送达",
}

PARTY_TYPES = {"citizen": "公民", "individual-business": "个体工商户", "org": "法人或者其他组织"}

COLUMNS = {
    "number": "文号",
    "title": "案件名称",
    "party": "当事人",
    "party_type": "当事人类型",
    "party_code": "代码",
    "address": "地址",
    "summary": "通俗摘要",
    "facts": "事实",
    "basis": "依据",
    "kind": "执法类别",
    "result": "执法结论",
    "authority": "作出机关",
}


@dataclass(frozen=True)
class Words:
    """How one case's values read: its pack for labels, the names of the people it mentions."""

    pack: Pack
    names: Mapping[str, str] = field(default_factory=dict)

    def label(self, act: str, name: str) -> str:
        """What the form of that act called the field."""
        found = self.pack.acts[act].field(name) if act in self.pack.acts else None
        return found.label if found else OWN_LABELS.get(name, name)

    def value(self, item: Field, value: Any) -> str:
        """One value as lines of text; nothing at all is a dash."""
        if value in (None, "", [], {}):
            return "—"
        if item.columns:
            return self.table(item, value)
        return READERS.get(item.type, _text)(self, item, value)

    def table(self, item: Field, value: Any) -> str:
        """A group of fields a line each, or numbered rows."""
        if isinstance(value, list):
            return "\n".join(f"{n}. {self.row(item, row, '；')}" for n, row in enumerate(value, 1))
        return self.row(item, value, "\n")

    def row(self, item: Field, row: Mapping[str, Any], joint: str) -> str:
        """One row: label：value, in the order of the form."""
        told = [
            f"{c.label}：{self.value(c, row[c.name])}"
            for c in item.columns
            if row.get(c.name) not in (None, "", [], False)
        ]
        return joint.join(told)

    def name(self, identity: Any) -> str:
        """A person's name; an id that is nobody's is shown as such."""
        return self.names.get(str(identity), f"（{identity}）")


def _text(words: Words, item: Field, value: Any) -> str:
    return str(value)


def _choice(words: Words, item: Field, value: Any) -> str:
    options = dict(item.options)
    many = value if isinstance(value, list) else [value]
    return "、".join(options.get(str(one), str(one)) for one in many)


def _people(words: Words, item: Field, value: Any) -> str:
    return "、".join(map(words.name, value if isinstance(value, list) else [value]))


def _paper(words: Words, item: Field, value: Any) -> str:
    rule = words.pack.papers.get(str(value))
    return f"《{rule.label}》" if rule else str(value)


def _files(words: Words, item: Field, value: Any) -> str:
    return "\n".join(
        f"{f.get('name') or '文件'}（{size_text(f.get('size', 0))}）"
        for f in (value if isinstance(value, list) else [value])
    )


READERS: dict[str, Callable[[Words, Field, Any], str]] = {
    "choice": _choice,
    "multi": _choice,
    "officers": _people,
    "person": _people,
    "paper": _paper,
    "file": _files,
    "bool": lambda words, item, value: "是" if value else "否",
    "date": lambda words, item, value: cn_date(str(value)),
    "datetime": lambda words, item, value: cn_datetime(str(value)),
    "money": lambda words, item, value: yuan(str(value)),
}
