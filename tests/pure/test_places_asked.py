"""Whether a stored paper has a place to sign is seen on its data alone, and agrees with the places that are read from it."""

from sanxiang.cases.papers.markup import Block, Cell, Content
from sanxiang.cases.papers.places import is_signed, names_of


def paper(*blocks: Block, signed_by: tuple[str, ...] = ()) -> Content:
    """A paper of these blocks."""
    return Content("x", "笔录", "某局", "", "2026-03-02", "record", "", "v1", signed_by, blocks)


def test_it_sees_lines_feet_of_pages_and_cells_with_an_open_day_and_nothing_else() -> None:
    def cell(foot: str) -> Block:
        return Block(
            "table", rows=((Cell("意见", ""), Cell("同意", foot)),), widths=(1, 1), labels=(True, False)
        )

    wanted = (
        paper(Block("sign", "当事人")),
        paper(signed_by=("当事人",)),
        paper(cell("签名：　　　年　　月　　日")),
    )
    for one in wanted:
        assert is_signed(one.as_json()) and names_of(one)
    for one in (paper(), paper(Block("paragraph", "当事人签名")), paper(cell("2026年3月2日"))):
        assert not is_signed(one.as_json()) and not names_of(one)
