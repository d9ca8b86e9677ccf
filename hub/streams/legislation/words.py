"""What everything is called: states, relations, kinds, nodes."""

from __future__ import annotations

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import DESK, Sentence, State

LEGISLATE, COMMITTEE, RULES = (DESK + str(one) for one in (Permission.LEGISLATE, Permission.COMMITTEE, Permission.RULES))

FAMILY: Sentence = ("立法", "Legislation")
"""What the lives of this room stand under in a menu."""

STATES = (
    State("library", "调研项目库", "Project library", owner="nobody"),
    State("plan_draft", "计划草案", "Draft plan", owner=LEGISLATE),
    State("consulted", "已征求省意见", "Province consulted", owner=COMMITTEE),
    State("drafting", "起草", "Drafting", owner="lead_unit", public=True, tone="running"),
    State("submitted", "已提请", "Submitted", owner=LEGISLATE, public=True, tone="running"),
    State("committee", "委员会审议", "In committee", owner=COMMITTEE, public=True, tone="running"),
    State("listed", "列入议程", "On the agenda", owner=LEGISLATE, public=True, tone="running"),
    State("distributed", "已印发", "Distributed", owner=COMMITTEE, public=True, tone="running"),
    State("first", "一审", "First reading", owner=LEGISLATE, public=True, tone="running"),
    State("second", "二审", "Second reading", owner=LEGISLATE, public=True, tone="running"),
    State("third", "三审", "Third reading", owner=LEGISLATE, public=True, tone="running"),
    State("comment", "公开征求意见", "Public comment", owner=LEGISLATE, public=True, tone="running"),
    State("review", "统一审议", "Unified review", owner=LEGISLATE, public=True, tone="running"),
    State("vote_draft", "待表决", "To be voted on", owner=COMMITTEE, public=True, tone="running"),
    State("passed", "通过，待报批", "Passed", owner=LEGISLATE, public=True, tone="running"),
    State("sent", "已报省批准", "Before the province", owner=LEGISLATE, public=True, tone="running"),
    State("approved", "已批准，待公布", "Approved", owner=LEGISLATE, public=True, tone="running"),
    State("promulgated", "已公布", "Promulgated", owner=LEGISLATE, public=True, tone="done"),
    State("in_force", "施行", "In force", owner="nobody", public=True, tone="done"),
    State("shelved", "搁置", "Shelved", owner="nobody", public=True, tone="refused"),
    State("not_listed", "不列入议程", "Not on the agenda", public=True, terminal=True, tone="refused"),
    State("failed", "表决未通过", "Not passed", public=True, terminal=True, tone="refused"),
    State("refused", "未获批准", "Not approved", public=True, terminal=True, tone="refused"),
    State("withdrawn", "撤回", "Withdrawn", public=True, terminal=True, tone="refused"),
    State("terminated", "终止审议", "Terminated", public=True, terminal=True, tone="refused"),
    State("dropped", "移出项目库", "Dropped from the library", terminal=True, tone="refused"),
    State("repealed", "废止", "Repealed", public=True, terminal=True, tone="done"),
)

RELATIONS: dict[str, Sentence] = {
    "lead_unit": ("起草单位", "Drafting unit"),
    "proposer": ("提案人", "Proposer"),
    "suggester": ("建议人", "Who suggested it"),
    "committee": ("责任委员会", "Responsible committee"),
    "nobody": ("无需办理", "Nobody"),
    LEGISLATE: ("法工委", "Legislative affairs"),
    COMMITTEE: ("主任会议", "Chairpersons' meeting"),
    RULES: ("管理员", "Administrator"),
}

KINDS: dict[str, Sentence] = {
    "enact": ("制定", "Enactment"),
    "revise": ("修订", "Revision"),
    "amend": ("修正", "Partial amendment"),
    "repeal": ("废止", "Repeal"),
    "congress": ("代表大会立法", "Legislation by the congress"),
    "plan": ("年度立法计划", "Annual plan"),
}

NODES: dict[str, Sentence] = {
    "draft": ("起草完成并提请", "Draft submitted"),
    "committee": ("委员会审议", "Committee"),
    "list": ("列入议程", "On the agenda"),
    "distribute": ("印发", "Distributed"),
    "first": ("一审", "First reading"),
    "comment": ("征求意见", "Public comment"),
    "review": ("统一审议", "Unified review"),
    "second": ("二审", "Second reading"),
    "third": ("三审", "Third reading"),
    "vote": ("表决", "Vote"),
    "send": ("报请批准", "Sent for approval"),
    "approve": ("批准", "Approval"),
    "promulgate": ("公布", "Promulgation"),
    "file": ("备案", "Filing"),
    "consult": ("征求省意见", "Province's opinion"),
    "set": ("计划通过", "Plan set"),
}

WORDS: dict[str, dict[str, Sentence]] = {
    "kind": KINDS,
    "node": NODES,
    "source": {
        "letter": ("信函", "Letters"), "internet": ("互联网", "Internet"), "weibo": ("微博", "Weibo"), "wechat": ("微信", "WeChat"),
        "press": ("报刊", "Newspaper"), "motion": ("代表议案", "Deputies' motion"), "suggestion": ("代表建议", "Deputies' suggestion"),
        "government": ("政府", "Government"), "committee": ("委员会", "Committee"), "other": ("其他", "Other"),
    },
    "mover": {
        "government": ("市人民政府", "City government"), "committee": ("专门委员会", "Special committee"), "chairs": ("主任会议", "Chairpersons' meeting"),
        "presidium": ("主席团", "Presidium"), "members": ("常委会组成人员联名", "Members of the standing committee, jointly"),
        "deputies": ("代表联名", "Deputies, jointly"),
    },
    "way": {
        "argument": ("论证会", "Argument meeting"), "hearing": ("听证会", "Hearing"), "seminar": ("座谈会", "Discussion"), "visit": ("调研", "Visit"),
    },
    "level": {
        "formal": ("正式项目", "Formal project"), "reserve": ("预备项目", "Reserve project"), "research": ("调研项目", "Research project"),
    },
    "subject": {
        "urban_rural": ("城乡建设与管理", "Urban and rural construction"), "ecology": ("生态文明建设", "Ecology"),
        "culture": ("历史文化保护", "Historical culture"), "grassroots": ("基层治理", "Grassroots governance"),
        "procedure": ("人大自身程序", "The congress's own procedure"),
    },
    "refusal": {
        "province": ("省里正在制定，避免重复", "The province is handling it"), "power": ("超出立法权限", "Beyond our power"),
        "unripe": ("条件不成熟", "Not ripe"), "content": ("内容不具体", "No content"), "done": ("已有规定", "Regulated already"),
    },
}
