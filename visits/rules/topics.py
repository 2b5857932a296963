"""What a visit can be about: the city's categories, and how a phone's button says them.

The list is the default of domain 3.4, which practice elsewhere suggests. It is what the
city's own list (`visits.models.Topic`) begins with.
"""

TOPICS: dict[str, str] = {
    "医疗健康": "看病吃药",
    "社会保障与救助": "低保救助",
    "养老儿童服务": "老人小孩",
    "基础设施": "水电路网",
    "土地房屋": "土地房屋",
    "就业产业": "种田务工",
    "教育": "上学读书",
    "人居环境": "环境卫生",
    "矛盾纠纷": "邻里纠纷",
    "社会治安与安全隐患": "治安安全",
    "村务与干部作风": "村务作风",
    "政策咨询": "政策咨询",
    "其他": "其他",
}
"""Category by category, the short words of its button; the most frequent ones first."""
