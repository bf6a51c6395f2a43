"""The shares of 统计分析: what each is called, what it counts of what, and what the page says of it."""

from dataclasses import dataclass

from sanxiang.oversight.figures.sums import Sums


@dataclass(frozen=True)
class Measure:
    """A share that is better the nearer it is to one. `fails` and `whole` name columns of Sums; `of` and `failing` their words."""

    id: str
    label: str
    fails: str
    whole: str
    failing: str
    of: str

    @property
    def parameter(self) -> str:
        """The pack's parameter: how many per cent may fail before the share is a weak link."""
        return f"weak.{self.id}"

    @property
    def meaning(self) -> str:
        """The definition, as the page prints it."""
        return MEANINGS[self.id]

    def whole_of(self, sums: Sums) -> int:
        """The denominator."""
        return int(getattr(sums, self.whole))

    def fails_of(self, sums: Sums) -> int:
        """What the numerator lacks."""
        return int(getattr(sums, self.fails))

    def good_of(self, sums: Sums) -> int:
        """The numerator."""
        return self.whole_of(sums) - self.fails_of(sums)


MEANINGS = {
    "papers": "已有材料除以应有材料。应有材料是办过的环节应当留下的记录、应当送达的文书的送达回证、"
    "收存过的涉案财物的处理记录、在系统里签名的文书应有的签名；已作决定或者办结的案件才计。",
    "recordings": "有音像记录的步骤，加上有理由或者经批准的步骤，除以应当音像记录的步骤；在办案件也计。",
    "periods": "没有超期的案件，除以本机关有期限的案件。期限按法律和方案各自的工作日或者日历日计算；到期之后才办的、"
    "今天已过届满日还没有办的都算超期，中止的不算。归档期限另计，以小时计的期限不计。",
    "uploads": "在时限之内上传的证据，除以有上传时限的证据。时限是方案定的工作日数，方案没有定的不计。",
    "archive": "按期归档的案件，除以已经归档的和过了期限还没有归档的案件。期限是方案定的日历日数，方案没有定的不计。",
    "electronic": "本系统制作的文书，除以这些文书加上登记的纸质文书；按案件登记的时间计，不按文书日期。",
}

MEASURES = {
    one.id: one
    for one in (
        Measure("papers", "案卷完整率", "papers_missing", "papers_due", "缺", "应有材料"),
        Measure("recordings", "音像记录落实率", "unrecorded", "moments", "缺口", "应当记录的步骤"),
        Measure("periods", "期限遵守率", "over", "timed", "超期", "有期限的案件"),
        Measure("uploads", "及时上传率", "uploads_late", "uploads", "逾期", "有时限的证据"),
        Measure("archive", "及时归档率", "filed_late", "filed", "逾期", "应归档的案件"),
        Measure("electronic", "文书电子化率", "on_paper", "papers", "纸质", "全部文书"),
    )
}
"""By id, in the order of the columns."""


def share(good: int, whole: int) -> str:
    """A share as people read it; nothing can be said of nothing."""
    return f"{100 * good / whole:.1f}%" if whole else "—"
