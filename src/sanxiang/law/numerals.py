"""Whole numbers in Chinese as statutes, papers and lists write them: 十五, 一百零五, 三千五百, 一万二千."""

DIGITS = "零一二三四五六七八九"
VALUES = {sign: value for value, sign in enumerate(DIGITS)} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
SIGNS = f"〇{DIGITS}{''.join(UNITS)}"
"""What numbers of articles are written with. Amounts may have 两 and 万 besides, which stand in no article's number."""


def number(text: str) -> int:
    """What a number below one 亿 comes to. Raises ValueError for what is none."""
    high, _, low = text.rpartition("万")
    if not text or set(high + low) - {*VALUES, *UNITS}:
        raise ValueError(f"{text}：不是中文数字")
    return _section(high) * 10_000 + _section(low)


def _section(text: str) -> int:
    """Up to 9999; 十 alone is ten."""
    total, digit = 0, 0
    for sign in text:
        if sign in UNITS:
            total += (digit or 1) * UNITS[sign]
            digit = 0
        else:
            digit = VALUES[sign]
    return total + digit


def chinese(value: int) -> str:
    """A whole number below a thousand in Chinese: 十五, 六十, 一百零五. Raises ValueError for any other."""
    if not 0 <= value < 1000:
        raise ValueError(f"{value}：只写一千以下的数")
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones or not text else "")
