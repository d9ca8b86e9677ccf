"""The words of calls in Chinese, where the hub itself writes them: spreadsheets."""

from __future__ import annotations

KIND = {"single": "单呼", "group": "组呼", "conference": "会议", "announce": "语音广播", "ptt": "对讲", "poll": "轮询", "rollcall": "点名"}
STATE = {"ringing": "呼叫中", "open": "通话中", "held": "保持", "ended": "已结束"}
MEMBER = {"waiting": "待呼", "ringing": "振铃", "joined": "通话", "held": "保持", "left": "已离开", "declined": "已拒接", "unanswered": "无应答",
          "failed": "故障", "picked": "已代答", "present": "到", "absent": "缺席"}
ROLE = {"caller": "主叫", "called": "被叫", "barged": "强插", "listener": "监听"}
END = {"hung-up": "挂断", "unanswered": "无人应答", "declined": "拒接", "taken-down": "强拆", "preempted": "被紧急呼叫清除", "removed": "移出",
       "transferred": "转接", "lost": "断线", "no-media": "接不通音频", "idle": "无人通话", "done": "完成"}
ACT = {
    "CallStarted": "发起呼叫", "CallMembersAsked": "呼叫成员", "CallMemberJoined": "接入", "CallPickedUp": "代答", "CallMonitored": "监听",
    "CallMembersOut": "成员离开", "CallMemberHeld": "成员保持", "CallHeld": "保持", "CallMemberMuted": "禁话", "CallMemberListens": "只听",
    "CallLocked": "锁定", "CallConsulting": "私下商议", "CallOwned": "接管", "CallMadeConference": "转为会议", "CallMemberMarked": "点名记录",
    "CallPeerSeen": "音频连通", "CallPlays": "播放", "CallEnded": "结束",
}
