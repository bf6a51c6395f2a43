"""Made-up decisions for benches where no real ones are at hand; the same ones every time."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from sanxiang.door.arriving.imported import Record

PLACES = [
    "云溪",
    "柳林",
    "松涛",
    "明湖",
    "北辰",
    "德润",
    "恒丰",
    "瑞云",
    "清源",
    "广济",
    "长安",
    "永安",
    "新河",
    "东岭",
    "西岗",
    "南湾",
]
TRADES = [
    "建材",
    "食品",
    "木业",
    "石料",
    "农机",
    "养殖",
    "砂场",
    "印务",
    "化工",
    "物流",
    "医药",
    "酒店",
    "渔业",
    "矿业",
    "置业",
    "水产",
]
WRONGS = [
    "未经批准擅自取水",
    "超标排放污水",
    "占用耕地建设厂房",
    "未按规定公示信息",
    "无证开采砂石",
    "违法处置弃渣",
    "擅自改变土地用途",
    "未办理检疫手续",
]
LAWS = ["水法", "土地管理法", "水土保持法", "矿产资源法", "防洪法", "城乡规划法", "河道管理条例", "测绘法"]
RESULTS = ["罚款", "警告", "没收违法所得", "责令停产停业", "吊销许可证件", "通报批评"]
SEED = 20261121


def records(count: int) -> Iterator[Record]:
    """Made-up decisions; the same ones every time."""
    pick = random.Random(SEED)
    for i in range(count):
        day = date(2015, 1, 1) + timedelta(days=pick.randrange(4200))
        place, trade, wrong, law = (pick.choice(words) for words in (PLACES, TRADES, WRONGS, LAWS))
        texts = {
            "number": f"演罚〔{day.year}〕{i}号",
            "title": f"{place}{trade}有限公司{wrong}案",
            "party": f"{place}{trade}有限公司",
            "address": f"{pick.choice(PLACES)}镇{pick.choice(PLACES)}路{pick.randrange(1, 300)}号",
            "facts": f"经查，当事人于{day.year}年{day.month}月在{pick.choice(PLACES)}村{wrong}，数量{pick.randrange(10, 9000)}立方米，"
            * 2,
            "basis": f"违反《{law}》第{pick.choice('四五六七')}十{pick.choice('一二三四五六七八九')}条",
            "result": f"{pick.choice(RESULTS)}{pick.randrange(1, 500) * 100}元",
            "authority": f"{pick.choice(PLACES)}县演示局",
        }
        yield Record(f"M{i:07d}", pick.choice(("penalty", "licence")), texts, day, day, day)
