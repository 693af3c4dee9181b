"""Small closed cases in two voices, enough to learn two or three labels from; invented."""

from __future__ import annotations

LAMPS = [
    "路灯不亮晚上走路看不见", "小区门口路灯坏了三天", "路灯忽明忽暗像要坏", "巷子里的路灯全灭了", "路灯杆歪了要倒",
    "广场上的路灯不亮", "路灯白天亮着晚上不亮", "桥头那盏路灯坏了", "公园路灯灯罩掉了", "路灯坏了没有人修",
]  # fmt: skip
RUBBISH = [
    "垃圾桶满了没有人清运", "楼道口垃圾堆成山", "垃圾车早上吵而且洒了一地", "建筑垃圾倒在绿化带", "垃圾分类亭关着门",
    "河边漂着垃圾和塑料袋", "菜场门口垃圾发臭", "垃圾桶盖子坏了苍蝇多", "垃圾三天没收", "装修垃圾没人清运",
]  # fmt: skip
NOISE = [
    "夜里工地施工噪音睡不着", "广场舞音响太吵", "楼下酒吧噪音到很晚", "空调外机噪音大", "施工打桩震得窗户响",
    "汽车鸣笛噪音扰民", "装修电钻声太吵", "商铺喇叭整天叫卖扰民", "地铁施工噪音扰民", "健身房音乐太吵",
]  # fmt: skip

TEXTS = [*LAMPS, *RUBBISH, *NOISE]
LABELS = ["lamp"] * len(LAMPS) + ["rubbish"] * len(RUBBISH) + ["noise"] * len(NOISE)
