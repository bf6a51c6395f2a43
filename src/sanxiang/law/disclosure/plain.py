"""通俗摘要: plain words above what is published. Which words people outside the office do not use, and which they do."""

JARGON = {
    "相对人": "当事人",
    "裁量": "处罚轻重的考虑",
    "适格": "符合条件",
    "竞合": "同时违反几项规定",
    "标的": "所涉及的东西",
    "羁束": "法律写死了的",
    "要件": "条件",
    "送达回证": "收到文书的签收单",
    "第三人": "别的有关系的人",
    "不予": "不",
    "予以": "",
    "系": "是",
    "兹": "",
    "该当事人": "这家单位或者这个人",
}
"""A word and what to write in its place; nothing: leave it out."""


def warnings(text: str) -> list[str]:
    """Words that are hard to understand, each with a better one. They refuse nothing."""
    return [
        f"“{word}”改为“{better}”" if better else f"“{word}”可以不写"
        for word, better in JARGON.items()
        if word in text and not (word == "系" and any(w in text for w in ("联系", "关系", "系统")))
    ]
