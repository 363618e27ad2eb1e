"""通知, as transcripts: what is sent to whom is shown first, then progress, and it can be stopped."""

from sqlalchemy import select

from models.tables.deliveries import Delivery
from models.tables.records import Audit
from tests.chat.school import Chat

TEXT = "通知\n明天下午3点在会议室开会 <带笔记本>"
SIGNATURE = "许昌科技学校党委 · 有问题请问管理员"


async def test_a_broadcast_is_shown_first_and_tells_how_far_it_has_come(chat: Chat) -> None:
    chat.leader.forget()
    await chat.leader.says("通知第一督导组：明天下午3点在会议室开会 <带笔记本>")
    assert await chat.leader.hears() == (
        f"将发给 第一督导组，对方看到的是：\n————\n{TEXT}\n—— {SIGNATURE}\n————\n"
        "书记和干事 1 人，全体 2 人（不含您）\n另有 5 人没有加入，收不到"
    )
    assert chat.leader.buttons() == ["发给书记和干事（1人）", "发给全体（2人）", "不发"]
    for person in (chat.secretary, chat.member):
        person.forget()
    number = chat.leader.heard["message_id"]
    await chat.leader.presses("发给全体（2人）")
    assert await chat.secretary.hears() == TEXT
    assert await chat.member.hears() == TEXT
    assert chat.member.signature == SIGNATURE
    await chat.program.plan()
    await chat.program.dispatcher.drain()
    assert await chat.leader.sees(number, "发完了") == "发完了：共 2 人，发出 2。"
    assert chat.leader.buttons() == []


async def test_a_broadcast_that_is_stopped_reaches_nobody_more(chat: Chat) -> None:
    await chat.program.ticks.stop()
    for person in (chat.leader, chat.secretary, chat.member):
        person.forget()
    await chat.leader.says("/broadcast 全体：请看通知")
    await chat.leader.hears()
    number = chat.leader.heard["message_id"]
    with chat.nothing_sent():
        await chat.leader.presses("发给全体（2人）")
        await chat.settled()
        with chat.program.database.begin() as session:
            rows = select(Delivery).where(Delivery.kind == "broadcast").order_by(Delivery.id)
            first, second = session.scalars(rows)
            second.next_at = chat.program.database.now(session) + 3600.0  # as after a refusal for haste
    await chat.program.dispatcher.drain()
    await chat.leader.sees(number, "正在发送：0/2")
    chat.program.progress.tick()
    await chat.program.dispatcher.drain()
    await chat.leader.sees(number, "正在发送：1/2")
    await chat.leader.presses("停止发送")
    await chat.leader.sees(number, "正在停止")
    chat.program.progress.tick()
    await chat.program.dispatcher.drain()
    assert await chat.leader.sees(number, "已停止") == "已停止：发出 1，没发 1。"
    with chat.program.database.read() as session:
        states = list(session.scalars(select(Delivery.status).where(Delivery.id.in_((first.id, second.id)))))
        assert sorted(states) == ["sent", "withdrawn"]
        told = select(Audit.action).where(Audit.subject.startswith("broadcast:")).order_by(Audit.id)
        assert list(session.scalars(told)) == ["broadcast", "stop"]


async def test_only_leaders_broadcast_and_others_notices_are_read_as_before(chat: Chat) -> None:
    chat.secretary.forget()
    await chat.secretary.says("/broadcast 全体：放假")
    assert await chat.secretary.hears() == "这件事由领导来做。"
    chat.member.forget()
    await chat.member.says("通知全体：明天下午3点开会")
    assert await chat.member.hears() == "这件事由领导来做。"
    assert chat.member.signature.endswith("有问题请问理科支部书记")
    await chat.secretary.says("通知：9月20日下午3点开主题党日")
    assert "9月20日" in await chat.secretary.hears()
    chat.leader.forget()
    await chat.leader.says("/broadcast 甲乙丙：放假")
    assert (await chat.leader.hears()).startswith("请写清发给谁、说什么")
