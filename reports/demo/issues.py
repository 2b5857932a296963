"""What became of the demo's issues: most are closed, some wait at every desk.

Visits make the issues (`sentiment.hearing`); here they go their ways, set-based, each
with the steps that the services would have written.
"""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from regions.postgresql import planner

# By the first words that fit; what fits none stays 其他.
TOPICS = (
    ("%水%", "基础设施"), ("%路灯%", "基础设施"), ("%路%", "基础设施"),
    ("%信号%", "基础设施"), ("%电%", "基础设施"), ("%医%", "医疗健康"),
    ("%药%", "医疗健康"), ("%低保%", "社会保障与救助"), ("%救助%", "社会保障与救助"),
    ("%补贴%", "养老儿童服务"), ("%老人%", "养老儿童服务"), ("%上学%", "教育"),
    ("%学校%", "教育"), ("%邻居%", "矛盾纠纷"), ("%争议%", "矛盾纠纷"),
    ("%纠纷%", "矛盾纠纷"), ("%危房%", "土地房屋"), ("%房%", "土地房屋"),
    ("%培训%", "就业产业"), ("%种%", "就业产业"), ("%垃圾%", "人居环境"),
    ("%塘%", "基础设施"), ("%渠%", "基础设施"), ("%咨询%", "政策咨询"),
)  # fmt: skip
RESULTS = (
    ("基础设施", "已请人修好，村里验收过。"),
    ("人居环境", "保洁员每周二、周五清运，已清理干净。"),
    ("医疗健康", "已联系卫生院，签约医生上门讲清楚了。"),
    ("社会保障与救助", "已帮助填表，民政所受理。"),
    ("养老儿童服务", "政策已当面说明，材料已交镇里。"),
    ("教育", "已与学校协商，安排校车接送点。"),
    ("矛盾纠纷", "调解员到场，双方签了调解书。"),
    ("土地房屋", "已报镇国土所实地看过，答复了办法。"),
    ("就业产业", "已登记，镇里开班时通知。"),
    ("政策咨询", "已当面讲明政策。"),
    ("其他", "已办好，并当面说明。"),
)
MANY = 40
"""Days after which nearly everything is closed."""

SORTED = """
UPDATE sentiment_issue i SET topic = t.topic,
    satisfaction = (ARRAY['good', 'fair', 'fair', 'bad', ''])[1 + i.id %% 5]
FROM (
    SELECT DISTINCT ON (i.id) i.id, t.topic
    FROM sentiment_issue i
    JOIN unnest(%(patterns)s::text[], %(topics)s::text[]) WITH ORDINALITY
        AS t(pattern, topic, n) ON i.words LIKE t.pattern
    WHERE i.version = 1 AND i.topic = '其他' ORDER BY i.id, t.n
) t WHERE i.id = t.id
"""
# `fate` is where an issue stands today, `decided` when the village decided on it.
FATES = """
CREATE TEMP TABLE demo_fate ON COMMIT DROP AS
SELECT i.id, i.region_code, r.result, f.dice,
    least(i.heard_on + 1 + f.dice %% 3, %(today)s) AS decided,
    CASE
        WHEN f.age > %(many)s THEN CASE
            WHEN f.dice < 975 THEN 'closed' WHEN f.dice < 980 THEN 'bad'
            WHEN f.dice < 986 THEN 'resolved' WHEN f.dice < 993 THEN 'township'
            WHEN f.dice < 996 THEN 'city' ELSE 'village' END
        WHEN f.age > 12 THEN CASE
            WHEN f.dice < 560 THEN 'closed' WHEN f.dice < 700 THEN 'resolved'
            WHEN f.dice < 840 THEN 'village' WHEN f.dice < 950 THEN 'township'
            WHEN f.dice < 975 THEN 'city' ELSE 'bad' END
        ELSE CASE
            WHEN f.dice < 420 THEN 'collected' WHEN f.dice < 560 THEN 'accepted'
            WHEN f.dice < 740 THEN 'village' WHEN f.dice < 830 THEN 'township'
            WHEN f.dice < 930 THEN 'resolved' ELSE 'closed' END
    END AS fate
FROM sentiment_issue i
CROSS JOIN LATERAL (
    SELECT abs(hashint8(i.id * 7919)) %% 1000 AS dice, %(today)s - i.heard_on AS age
) f
JOIN unnest(%(sorts)s::text[], %(results)s::text[]) AS r(topic, result) USING (topic)
WHERE i.version = 1 AND i.region_code <> %(but)s
"""
# The steps of each fate, in order: action, state and holder after it, days after
# `decided`, words (the result's where they are empty and `tells`).
STEPS = """
CREATE TEMP TABLE demo_step ON COMMIT DROP AS
SELECT f.id, f.region_code, s.action, s.state, s.holder, s.way, s.said,
    1 + row_number() OVER (PARTITION BY f.id ORDER BY s.n) AS version,
    least(f.decided + CASE s.n WHEN 1 THEN 0 WHEN 2 THEN 2 + f.dice %% 6
        ELSE 4 + f.dice %% 8 END, %(today)s) AS day, f.result, f.dice
FROM demo_fate f
JOIN (VALUES
    ('{accepted}'::text[], 1, 'accept', 'accepted', 'village', '', ''),
    ('{village,closed,resolved,bad}', 1, 'decide', 'in_hand', 'village', 'village', ''),
    ('{township,city}', 1, 'raise', 'in_hand', 'township', 'township', '请镇里协调办理。'),
    ('{city}', 2, 'raise', 'in_hand', 'city', 'city', '请派人实地查看，给出办法。'),
    ('{closed,resolved,bad}', 2, 'resolve', 'resolved', 'village', 'village', NULL),
    ('{closed,bad}', 3, 'tell', 'told', 'village', 'village', ''),
    ('{closed}', 4, 'close', 'closed', 'village', 'village', '群众满意，销号。')
) AS s(fates, n, action, state, holder, way, said) ON f.fate = ANY (s.fates)
"""
TAKEN = """
UPDATE sentiment_issue i SET
    state = last.state, holder = last.holder, way = last.way, version = last.version,
    accepted_on = decided.day,
    person = CASE WHEN last.way = 'village'
        THEN (ARRAY['村主任', '文书', '治保主任', '妇联主席'])[1 + decided.dice %% 4]
        ELSE '' END,
    unit = CASE WHEN last.holder = 'city'
        THEN (ARRAY['市水利局', '市交通运输局', '市农业农村局'])[1 + decided.dice %% 3]
        ELSE '' END,
    due_on = CASE last.holder WHEN 'township' THEN last.day + 15
        WHEN 'city' THEN last.day + 30 ELSE decided.day + 7 END,
    resolved_on = resolved.day, result = COALESCE(resolved.result, ''),
    told_on = told.day,
    answer = CASE WHEN told.day IS NULL THEN '' WHEN last.state = 'told' THEN 'bad'
        WHEN decided.dice %% 3 = 0 THEN 'fair' ELSE 'good' END,
    closed_on = CASE WHEN last.state = 'closed' THEN last.day END
FROM (SELECT DISTINCT ON (id) * FROM demo_step ORDER BY id, version DESC) last
JOIN demo_step decided ON decided.id = last.id AND decided.version = 2
LEFT JOIN demo_step resolved ON resolved.id = last.id AND resolved.action = 'resolve'
LEFT JOIN demo_step told ON told.id = last.id AND told.action = 'tell'
WHERE i.id = last.id
"""
WRITTEN = """
INSERT INTO sentiment_issuestep (
    region_code, issue_id, action, state, holder, way, due_on, words, was_topic,
    original, version, "on", at, by_id, by_words)
SELECT s.region_code, s.id, s.action, s.state, s.holder, s.way, NULL,
    COALESCE(s.said, s.result), '', '', s.version, s.day,
    least(s.day + time '17:00', now()), %(keeper)s, '历史资料'
FROM demo_step s
"""


@transaction.atomic
def follow(today: dt.date, keeper: User, *, but: int) -> int:
    """Let the issues of the open scope go their ways; return how many steps there are.

    `but` is the village whose month is told by hand (`reports.demo.meetings`).
    """
    values: dict[str, Any] = {
        "today": today,
        "but": but,
        "many": MANY,
        "keeper": keeper.pk,
        "patterns": [pattern for pattern, _ in TOPICS],
        "topics": [topic for _, topic in TOPICS],
        "sorts": [topic for topic, _ in RESULTS],
        "results": [result for _, result in RESULTS],
    }
    # Under the policies the planner takes thousands of rows for a handful.
    with planner.without("nestloop"), connection.cursor() as cursor:
        for statement in (SORTED, FATES, STEPS, TAKEN, WRITTEN):
            cursor.execute(statement, values)
        return int(cursor.rowcount)
