"""Under which article a list is public: what a refusal about it cites, where the scheme has no clause of its own."""

from sanxiang.law.blocks import Citation

BEFORE = Citation("国办发〔2018〕118号", "二（四）", "norm")
"""事前公开: subjects, people, duties, powers, bases, procedures, remedies, random inspections; guides and charts."""

BASES = {
    "benchmarks": Citation("行政处罚法", "第三十四条"),
    "monitor-sites": Citation("行政处罚法", "第四十一条"),
    "guide": Citation("行政许可法", "第三十条"),
    "charges": Citation("政府信息公开条例", "第二十条"),
    "av-items": Citation("国办发〔2018〕118号", "三（八）", "norm"),
    "review-catalogue": Citation("国办发〔2018〕118号", "四（十二）", "norm"),
    "review-elements": Citation("国办发〔2018〕118号", "四（十三）", "norm"),
}


def basis_of(kind: str) -> Citation:
    """The article that asks for a list of this kind."""
    return BASES.get(kind, BEFORE)
