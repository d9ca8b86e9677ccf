"""One talks, another hears: what goes in comes out, continuous and in the viewer's own numbers."""

from itertools import pairwise

from media.plane import rtcp
from media.plane.track import LOOK_EVERY
from tests.flows.plane.phone import DELTA, H264, IDR, OPUS, VP8, VP8_DELTA, VP8_KEY


async def test_a_voice_comes_out_in_the_listeners_numbers_with_its_level_and_his_mid(place):
    talker, viewer = await place.pair("audio")

    for step in range(3):
        talker.rtp(1000, OPUS, b"voice", timestamp=step * 960, level=30)
    await viewer.until(lambda: len(viewer.heard) == 3)

    first, second, third = viewer.of("0")
    assert [p.payload for p in (first, second, third)] == [b"voice"] * 3
    assert (third.number - first.number, third.timestamp - first.timestamp & 0xFFFFFFFF) == (2, 1920)
    assert b"\x400" in first.raw
    assert bytes((0x10, 30)) in first.raw
    await place.ear.until("source", "talker/0", "audio", "opus")
    assert place.ear.levels()[0] == 30


async def test_a_viewer_begins_with_a_key_frame_and_asks_for_it(place):
    talker, viewer = await place.pair("video")

    talker.rtp(1000, H264, DELTA, timestamp=1)
    await talker.until(talker.key_frames_asked)
    talker.rtp(1000, H264, IDR, timestamp=2)
    talker.rtp(1000, H264, DELTA, timestamp=3, marker=True)
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert [p.payload for p in viewer.heard] == [IDR, DELTA]
    assert viewer.heard[1].marker


async def test_a_second_viewer_begins_with_the_key_frame_that_was_just_there(place):
    talker, first = await place.pair("video")
    second = await place.phone("second", "video recvonly")
    talker.rtp(1000, H264, IDR, timestamp=1)
    talker.rtp(1000, H264, DELTA, timestamp=2)
    await first.until(lambda: len(first.heard) == 2)

    place.switch.link("talker/0", "second/0")
    await second.until(lambda: len(second.heard) == 2)

    assert [p.payload for p in second.heard] == [IDR, DELTA]
    assert talker.key_frames_asked() <= 1


async def test_parameter_sets_and_picture_may_come_in_packets_of_their_own(place):
    talker, viewer = await place.pair("video")
    sps, pps, idr = b"\x67\x42\xe0\x1f", b"\x68\xce", b"\x7c\x85slice"

    for payload in (sps, pps, idr):
        talker.rtp(1000, H264, payload, timestamp=9)
    await viewer.until(lambda: len(viewer.heard) == 3)

    assert [p.payload for p in viewer.heard] == [sps, pps, idr]


async def test_switching_the_source_keeps_numbers_and_time_continuous(place):
    one = await place.phone("one", "audio sendonly")
    other = await place.phone("other", "audio sendonly")
    viewer = await place.phone("viewer", "audio recvonly")
    place.switch.link("one/0", "viewer/0")
    one.rtp(1000, OPUS, b"one", number=500, timestamp=1_000_000)
    await viewer.until(lambda: len(viewer.heard) == 1)

    place.switch.link("other/0", "viewer/0")
    other.rtp(1000, OPUS, b"other", number=64_000, timestamp=77)
    await viewer.until(lambda: len(viewer.heard) == 2)

    before, after = viewer.of("0")
    assert after.number - before.number & 0xFFFF == 1
    assert 0 < (after.timestamp - before.timestamp & 0xFFFFFFFF) < 5 * 48_000


async def test_an_unplugged_slot_is_silent(place):
    talker, viewer = await place.pair("audio")
    talker.rtp(1000, OPUS, b"heard")
    await viewer.until(lambda: viewer.heard)

    place.switch.link(None, "viewer/0")
    talker.rtp(1000, OPUS, b"unheard")
    await talker.is_read()
    place.switch.link("talker/0", "viewer/0")
    talker.rtp(1000, OPUS, b"again")
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert [p.payload for p in viewer.heard] == [b"heard", b"again"]


async def test_numbers_wrap_on_both_sides_without_a_break(place):
    talker, viewer = await place.pair("audio")
    slot = place.switch.slots["viewer/0"]
    slot._sequence = 65_530

    for step in range(20):
        talker.rtp(1000, OPUS, b"%d" % step, number=65_526 + step & 0xFFFF, timestamp=2**32 - 960 * 10 + 960 * step)
    await viewer.until(lambda: len(viewer.heard) == 20)

    heard = viewer.of("0")
    assert [int(p.payload) for p in heard] == list(range(20))
    assert all(b.number - a.number & 0xFFFF == 1 for a, b in pairwise(heard))
    assert all(b.timestamp - a.timestamp & 0xFFFFFFFF == 960 for a, b in pairwise(heard))


async def test_what_a_viewer_misses_is_sent_again_from_the_ring(place):
    talker, viewer = await place.pair("video", repair=True)
    for step, payload in enumerate((IDR, DELTA, DELTA)):
        talker.rtp(1000, H264, payload + bytes((step,)), timestamp=step)
    await viewer.until(lambda: len(viewer.heard) == 3)
    lost = viewer.heard[1]

    viewer.rtcp(rtcp.nack(1, lost.ssrc, [lost.number]))
    await viewer.until(lambda: len(viewer.heard) == 4)

    again = viewer.heard[3]
    assert (again.type, again.ssrc != lost.ssrc) == (97, True)
    assert again.payload == lost.number.to_bytes(2, "big") + lost.payload
    assert place.switch.stats().resent == 1


async def test_what_a_viewer_without_a_retransmission_stream_misses_comes_on_the_same_stream(place):
    talker, viewer = await place.pair("video")
    talker.rtp(1000, H264, IDR)
    await viewer.until(lambda: viewer.heard)
    viewer.loses = 1
    talker.rtp(1000, H264, DELTA)
    await viewer.until(lambda: viewer.lost)
    first = viewer.heard[0]

    viewer.rtcp(rtcp.nack(1, first.ssrc, [first.number + 1]))
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert (viewer.heard[1].payload, viewer.heard[1].ssrc) == (DELTA, first.ssrc)


async def test_a_gap_is_asked_for_and_the_repair_takes_its_place(place):
    taken: list[bytes] = []
    talker, viewer = await place.pair("video", repair=True)
    place.switch.tap("talker/0", taken.append)
    talker.rtp(1000, H264, IDR, number=10, timestamp=1)
    talker.rtp(1000, H264, b"\x41third", number=12, timestamp=3)

    await talker.until(lambda: 11 in talker.nacked())
    talker.rtp(2000, 97, (11).to_bytes(2, "big") + b"\x41second", number=1, timestamp=2)
    await viewer.until(lambda: len(viewer.heard) == 3)

    by_number = sorted(viewer.of("0"), key=lambda p: p.number)
    assert [p.payload for p in by_number] == [IDR, b"\x41second", b"\x41third"]
    assert [int.from_bytes(packet[2:4], "big") for packet in taken] == [10, 12, 11]
    assert taken[2][1] & 0x7F == H264
    assert place.switch.stats().sources["talker/0"].repaired == 1


async def test_many_who_lost_the_picture_make_one_request_in_half_a_second(place):
    talker, viewer = await place.pair("video")
    talker.rtp(1000, H264, IDR)
    await viewer.until(lambda: len(viewer.heard) == 1)
    asked = talker.key_frames_asked()

    for _ in range(20):
        viewer.rtcp(rtcp.picture_lost(1, viewer.ssrcs["0"]))
    await talker.until(lambda: talker.key_frames_asked() > asked)

    assert talker.key_frames_asked() - asked <= 2


async def test_padding_alone_is_not_passed_on_and_leaves_no_gap(place):
    talker, viewer = await place.pair("video")
    talker.rtp(1000, H264, IDR)
    talker.rtp(1000, H264, b"", padding=200)
    talker.rtp(1000, H264, DELTA, padding=8)
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert [p.payload for p in viewer.heard] == [IDR, DELTA]
    assert viewer.heard[1].number - viewer.heard[0].number & 0xFFFF == 1


async def test_a_closed_gate_lets_nothing_through_but_says_how_loud_it_is(place):
    talker, viewer = await place.pair("audio")
    place.switch.gate("talker/0", open=False)
    talker.rtp(1000, OPUS, b"shut", level=20)
    await place.ear.until("level", "talker/0", 20)

    place.switch.gate("talker/0", open=True)
    talker.rtp(1000, OPUS, b"open", level=127)
    await viewer.until(lambda: viewer.heard)

    assert [p.payload for p in viewer.heard] == [b"open"]


async def test_a_gate_closed_over_several_rounds_of_numbers_opens_again(place):
    talker, viewer = await place.pair("audio")
    talker.rtp(1000, OPUS, b"before", number=0)
    await viewer.until(lambda: viewer.heard)
    place.switch.gate("talker/0", open=False)

    for number in range(LOOK_EVERY, 3 * 65_536, LOOK_EVERY):
        place.switch.tracks["talker/0"]._closed_for = LOOK_EVERY  # as if all between had come, too
        talker.rtp(1000, OPUS, b"shut", number=number & 0xFFFF)
        await talker.is_read()
    place.switch.gate("talker/0", open=True)
    talker.rtp(1000, OPUS, b"open", number=5)
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert viewer.heard[1].payload == b"open"


async def test_a_publisher_who_changes_his_codec_is_seen_again_from_the_next_key_frame(place):
    talker, viewer = await place.pair("video")
    talker.rtp(1000, H264, IDR, timestamp=1)
    await viewer.until(lambda: len(viewer.heard) == 1)

    talker.rtp(1000, VP8, VP8_DELTA, timestamp=2)
    talker.rtp(1000, VP8, VP8_KEY, timestamp=3)
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert (viewer.heard[1].type, viewer.heard[1].payload) == (VP8, VP8_KEY)
    assert viewer.heard[1].number - viewer.heard[0].number & 0xFFFF == 1
    await place.ear.until("source", "talker/0", "video", "vp8")


async def test_a_publisher_who_joins_again_is_heard_on_without_a_new_link(place):
    talker, viewer = await place.pair("audio")
    talker.rtp(1000, OPUS, b"old", number=7)
    await viewer.until(lambda: len(viewer.heard) == 1)

    place.ear.told.clear()
    again = await place.phone("talker", "audio sendonly")
    again.rtp(1000, OPUS, b"new", number=60_000)
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert viewer.heard[1].payload == b"new"
    assert ("source", "talker/0", "audio", "opus") in place.ear.told
    assert viewer.heard[1].number - viewer.heard[0].number & 0xFFFF == 1
    assert not [told for told in place.ear.told if told[0] == "down"]


async def test_a_viewer_who_joins_again_finds_in_his_slots_what_was_in_them(place):
    talker, _ = await place.pair("audio")
    place.ear.told.clear()
    again = await place.phone("viewer", "audio recvonly")

    talker.rtp(1000, OPUS, b"still here")
    await again.until(lambda: again.heard)

    assert again.heard[0].payload == b"still here"


async def test_a_link_waits_for_a_source_that_has_left(place):
    _, viewer = await place.pair("audio")
    place.switch.leave("talker")
    place.ear.told.clear()

    again = await place.phone("talker", "audio sendonly")
    again.rtp(1000, OPUS, b"back")
    await viewer.until(lambda: viewer.heard)

    assert viewer.heard[0].payload == b"back"


async def test_a_stream_that_the_offer_does_not_name_is_known_by_its_mid(place):
    talker, viewer = await place.pair("audio")

    talker.rtp(4711, OPUS, b"who am i", mid="0")
    await viewer.until(lambda: viewer.heard)

    assert viewer.heard[0].payload == b"who am i"


async def test_the_senders_clock_reaches_the_viewer_and_his_own_report_is_honest(place):
    talker, viewer = await place.pair("audio")
    for number in (1, 2, 3, 5):
        talker.rtp(1000, OPUS, b"x", number=number, timestamp=number * 960)
    talker.raw(talker._dtls._tx_srtp.protect_rtcp(rtcp.sender_report(1000, 3_900_000_000.5, 960, 4, 4)))
    await viewer.until(lambda: any(kind == rtcp.Kind.SENDER_REPORT for kind, _, _ in viewer.control))
    await talker.until(lambda: any(count for kind, count, _ in talker.control if kind == rtcp.Kind.RECEIVER_REPORT))

    ((ssrc, ntp, _),) = list(filter(None, (rtcp.read_sender(body) for kind, _, body in viewer.control if kind == rtcp.Kind.SENDER_REPORT)))[:1]
    assert ssrc == viewer.ssrcs["0"]
    assert 0 <= ntp - 3_900_000_000.5 < 5
    count, body = next((c, b) for kind, c, b in talker.control if kind == rtcp.Kind.RECEIVER_REPORT and c)
    [(_, lost, last, _)] = rtcp.read_blocks(rtcp.Kind.RECEIVER_REPORT, count, body)
    assert lost == 51 / 256
    assert last == int(3_900_000_000.5 * 65_536) & 0xFFFFFFFF


async def test_a_sender_is_told_how_much_he_may_send(place):
    talker, _ = await place.pair("video")
    talker.rtp(1000, H264, IDR)
    await place.ear.until("source", "talker/0", "video", "h264")

    place.switch.bitrate("talker/0", 150_000)
    await talker.until(lambda: any(rtcp.read_remb(body) for _, form, body in talker.control if form == 15))

    limits = [rtcp.read_remb(body) for _, form, body in talker.control if form == rtcp.APPLICATION]
    assert 240_000 <= limits[-1] <= 250_000


async def test_what_the_plane_plays_itself_goes_out_like_a_track(place):
    viewer = await place.phone("viewer", "audio recvonly")
    played = place.switch.local("play:1/0", "audio")
    place.switch.link("play:1/0", "viewer/0")

    for frame in (b"a", b"b"):
        played.send(frame, 960)
    await viewer.until(lambda: len(viewer.heard) == 2)
    played.close()

    one, two = viewer.of("0")
    assert (two.number - one.number, two.timestamp - one.timestamp & 0xFFFFFFFF) == (1, 960)
    assert "play:1/0" not in place.switch.stats().sources


async def test_a_client_that_waits_for_our_first_word_gets_it(place):
    talker = await place.phone("talker", "audio sendonly", setup="passive")
    assert "a=setup:active" in talker.joined.answer


async def test_who_closes_or_leaves_is_gone_and_with_him_his_links(place):
    talker, _ = await place.pair("audio")
    talker.close(politely=True)
    await place.ear.until("down", "talker", "left")

    place.switch.leave("viewer")

    figures = place.switch.stats()
    assert (figures.peers, figures.sources, place.switch.slots) == ({}, {}, {})
    assert ("down", "viewer", "left") not in place.ear.told


async def test_tcp_serves_where_udp_is_blocked(place):
    talker = await place.phone("talker", "video sendonly", over="tcp")
    viewer = await place.phone("viewer", "video recvonly", over="tcp")
    place.switch.link("talker/0", "viewer/0")

    talker.rtp(1000, H264, IDR)
    talker.rtp(1000, H264, DELTA)
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert place.switch.stats().peers["viewer"].over == "tcp"
    assert [p.payload for p in viewer.heard] == [IDR, DELTA]
