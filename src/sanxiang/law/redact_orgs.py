"""Names of companies, shops and offices: they stay readable, also when they are called after a person."""

import re
from functools import lru_cache

from sanxiang.law.redact_words import AFTER_ONE, HAN, after

STRONG = """
有限责任公司 股份有限公司 有限公司 公司 专业合作社 合作社 合伙企业 个人独资企业 企业 工厂 超市 商店 商行 商城 商场 经营部 门市部 门市 批发部 零售部 服务部 维修部 加工部 销售部 收购部 经销处 经销部 代销点 收购站 加油站 服务站
餐厅 饭店 酒店 宾馆 旅馆 旅社 酒楼 酒家 饭馆 小吃店 小吃部 面馆 烧烤店 快餐店 火锅店 食堂 食府 餐馆 早餐店 早点铺 药店 大药房 药房 诊所 医院 卫生室 卫生院 门诊部 门诊 幼儿园 学校 小学 中学 培训中心 养殖场 养猪场 养鸡场
家庭农场 农场 林场 牧场 砂场 采砂场 采石场 石料场 石材厂 砖厂 木材厂 加工厂 加工点 修理厂 汽修厂 汽修店 修配厂 印刷厂 塑料厂 家具厂 饲料厂 作坊 茶馆 照相馆 理发馆 美发馆 美容院 理发店 美发店 美容店 工作室 网吧 事务所 便利店 专卖店
杂货店 水果店 服装店 五金店 蔬菜店 粮油店 小卖部 百货店 家电城 家具城 建材城 广场 大厦 集团 银行 支行 分行 信用社 中心 站点 驿站 物流点 快递点 羊汤馆 牛肉馆 拉面馆 水饺店 包子铺 馒头房 豆腐坊 油坊 酒坊 车行 洗车行 修车铺 废品站 回收站
个体工商户 食品店 烟酒店 副食店 茶叶店 奶茶店 蛋糕店 花店 眼镜店 鞋店 布店 粮店 米店 肉店 鱼店 渔具店 农资店 种子店 兽药店 宠物店 电器行 建材行 灯饰城 驾校 律师事务所 会计师事务所 村民委员会 村委会 居委会 居民委员会 基金会 协会 商会 学会
""".split()
WEAK = "店厂馆坊铺行部场站院堂斋轩阁居苑社摊吧屋坞记"
TRADES = """
餐饮 食品 百货 建材 五金 汽车 摩托车 摩托 电动车 维修 修理 修配 美容 美发 理发 服装 服饰 水产 蔬菜 水果 果蔬 瓜果 粮油 米面 烟酒 副食 日用 日化 便利 综合 养殖 种植 农资 化肥 兽药 饲料 家电 电器 家具 装饰 装修 装潢 广告 打印 图文 复印 摄影 照相 物流 运输 货运
快递 机械 加工 砂石 石材 石料 木材 木业 板材 塑料 化工 钢材 金属 废品 物资 再生 回收 废旧 印刷 包装 纺织 布艺 鞋业 鞋帽 箱包 眼镜 珠宝 通讯 通信 手机 电脑 电子 科技 商贸 贸易 茶 茶叶 咖啡 奶茶 面 拉面 牛肉 羊肉 羊汤 烧烤 火锅 小吃 早餐 早点 快餐 麻辣烫 包子 馒头 烧饼
炸鸡 串串 熟食 卤味 豆腐 糕点 蛋糕 面包 生猪 屠宰 畜牧 渔业 苗木 园林 花卉 农机 口腔 中医 西医 内科 牙科 推拿 按摩 足疗 足浴 健身 网络 律师 会计 个体 私营 家庭 鲜花 水饺 饺子 鸡 鸭 鹅 鱼 猪 牛 羊 肉 肉食 生鲜 海鲜 冷饮 饮品 酒 白酒 香油 油 米 粮 布 鞋 花 药 汽修 洗车 轮胎
电焊 焊接 铝合金 门窗 玻璃 卷帘门 太阳能 水暖 卫浴 洁具 涂料 油漆 灯具 灯饰 家纺 窗帘 床上用品 母婴 童装 内衣 文具 书 书画 字画 琴 舞蹈 艺术 教育 培训 托管 辅导 棋 牌 棋牌 台球 网 麻将 酒水 土特产 干果 炒货 调料 调味品 冷冻 冻品 鲜肉 粉 粥 饼 煎饼 油条 豆浆 凉皮 米线 汤 砂锅
""".split()
STOP = "的了在于与和及向对从由被将把因为系是已未经其该等以不无某个这那您我他她它至到去来给让叫说称"


@lru_cache(maxsize=1)
def suffix() -> re.Pattern[str]:
    """An organisation's last word, the longest first."""
    words = "|".join(sorted(STRONG, key=len, reverse=True))
    trades = "|".join(sorted(TRADES, key=len, reverse=True))
    return re.compile(f"(?P<strong>{words})|(?:{trades})+(?P<weak>[{WEAK}])")


@lru_cache(maxsize=1)
def mention() -> re.Pattern[str]:
    """A run of text that ends like an organisation, for telling whose address or account follows."""
    words = "|".join(sorted(STRONG, key=len, reverse=True))
    return re.compile(f"[{HAN}A-Za-z0-9（）()]{{2,30}}?(?:{words}|厂|店|局|政府|委员会|大队|支队|法院|检察院)")


def inside_org(text: str, start: int, end: int) -> bool:
    """Whether what stands from `start` to `end` begins an organisation's name: trade words and a suffix follow directly.

    So too where the suffix begins within (“庄信” in 庄信用社).
    """
    if any(len(found["strong"] or "") > 1 and found.start() < end < found.end() for at in range(start + 1, end)
           if (found := suffix().match(text, at))):
        return True
    match = re.compile(rf"[{HAN}（）()A-Za-z0-9]{{1,18}}").match(text, end)
    if not match:
        return False
    tail = match[0]
    if tail[0] in "（(" and not re.match(r"[（(][^（）()]{2,6}[)）].*(?:公司|店|厂)", tail):
        return False
    if re.match(f"[记氏家](?:{'|'.join(TRADES)}|[{WEAK}])", tail):
        return True
    if tail[0] in "店厂馆坊铺堂斋轩阁" or (found := suffix().match(tail)):
        return True
    found = next(iter(suffix().finditer(tail)), None)
    if not found:
        return False
    middle = tail[:found.start("strong") if found["strong"] else found.start()]
    trade = any(middle.startswith(word) for word in TRADES) or not middle
    if any(char in STOP for char in middle) or len(middle) > 10:
        return False
    return trade or not (tail[:2] in after() or tail[0] in AFTER_ONE or tail[0] in "（(")


def org_before(text: str, at: int, reach: int = 80) -> int:
    """Where the nearest organisation named before a place ends, -1 for none."""
    ends = [found.end() for found in mention().finditer(text, max(0, at - reach), at)]
    return ends[-1] if ends else -1
