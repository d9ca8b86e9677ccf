import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.reading import aloud

SAID = {
    "请各位代表于3月5日上午9:30到会。": "请各位代表于三月五日上午九点三十分到会。",
    "2026年11月21日": "二零二六年十一月二十一日",
    "2026-11-21 09:05": "二零二六年十一月二十一日 九点零五分",
    "2026-11-21T02:00:07": "二零二六年十一月二十一日两点零分零七秒",
    "2026-2027年": "二零二六至二零二七年",
    "9:00—11:30": "九点整至十一点三十分",
    "请于14：00签到": "请于十四点整签到",
    "3月1日-5日": "三月一日至五日",
    "电话13800138000": "电话，幺三八，零零幺三，八零零零",
    "+86 138-0013-8000": "幺三八，零零幺三，八零零零",
    "0750-3456789转801": "零七五零，三四五六七八九，转八零幺",
    "拨打12345热线": "拨打，幺二三四五，热线",
    "119报警": "幺幺九报警",
    "120人": "一百二十人",
    "A座1208室": "A座幺二零八室",
    "50%": "百分之五十",
    "12.5%-20%": "百分之十二点五至百分之二十",
    "1/3": "三分之一",
    "¥1,234.50": "一千二百三十四点五零元",
    "3.5亿元": "三点五亿元",
    "100000000元": "一亿元",
    "气温-5℃": "气温零下五摄氏度",
    "风速32m/s，降雨100-150mm": "风速三十二米每秒，降雨一百至一百五十毫米",
    "2个": "两个",
    "22个": "二十二个",
    "第2次": "第二次",
    "G325国道": "G 三二五 国道",
    "3:2": "三比二",
    "①收到②请假": "一、收到，二、请假",
    "１２月３日": "十二月三日",
    "٣个": "三个",
    "见https://a.cn/x?y=1，谢谢": "见，网址见文字通知，谢谢",
    "发到a.b@c.cn": "发到，邮箱见文字通知",
    "会议改期😀": "会议改期",
    "一行\n二行": "一行。二行",
    "[[tS]] <speak>": "tS，speak",
}


@pytest.mark.parametrize(("written", "said"), SAID.items(), ids=list(SAID))
def test_what_is_written_is_said_as_a_speaker_would(written, said):
    assert aloud(written) == said


@pytest.mark.parametrize("written", ["", "   ", "😀🎉", "……！？", "\x00\x1b"])
def test_a_text_without_words_gives_nothing_to_say(written):
    assert aloud(written) == ""


@given(st.text(max_size=300))
def test_no_figure_and_no_phoneme_bracket_is_ever_left(written):
    said = aloud(written)

    assert not any(sign.isdecimal() for sign in said)
    assert "[" not in said


@given(st.text(alphabet="0123456789.,:-/%年月日点个转ABm¥+ ", max_size=60))
def test_figures_in_any_disorder_are_said_somehow(written):
    assert not any(sign.isdecimal() for sign in aloud(written))
