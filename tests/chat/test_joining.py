"""Joining, a new telephone and leaving, as transcripts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from models.register import failed_codes, invitations, members, roster
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.tables.deliveries import Delivery
from models.tables.people import Chat as Place, FailedCode, Invitation, Member
from models.tables.records import Audit
from tests.chat.school import Chat, Voice

JOIN_HINT = "您好，这里是党支部工作提醒。请向所在支部书记要一个加入码，然后发送：/start 加入码"
PASSED_ON = re.compile(r"如果名册里有您，已转告支部书记。书记会向您核对，核对号是 (\d{4})。没有回音.*")


def code_of(chat: Chat, name: str) -> str:
    with chat.program.database.begin() as session:
        return next(row.code for row in invitations.invite_all(session, joined_too=True) if row.name == name)


def behind(chat: Chat, voice: Voice) -> str | None:
    with chat.program.database.read() as session:
        person = members.find_by_chat(session, channel="telegram", address=str(voice.chat_id))
    return person and person.name


async def test_a_welcome_names_the_branch_the_sender_and_what_to_do(chat: Chat) -> None:
    stranger = chat.stranger()
    await stranger.says(f"/start {code_of(chat, '示例·小田')}")
    assert await stranger.hears() == (
        "示例·小田，您好！您已加入理科支部。发“帮助”看能做什么，发“退出”不再接收消息。"
    )
    assert stranger.signature == "许昌科技学校党委 · 有问题请问理科支部书记"


async def test_wrong_codes_are_limited_and_then_even_the_right_one_waits(chat: Chat) -> None:
    stranger = chat.stranger()
    code = code_of(chat, "示例·小田")
    for guess in ("AAAA", "示例·小田", code[:-1], "' OR 1=1", code[::-1]):
        await stranger.says(f"/start {guess}")
        assert await stranger.hears() == "这个加入码无效或已用过。请向支部书记要一个新的。"
    for text in (f"/start {code}", "换手机 示例·小安"):
        await stranger.says(text)
        assert re.fullmatch(
            r"试得太多了，请09:0\d以后再试。也可以先向支部书记要一个新的加入码，到时发来。",
            (await stranger.hears()).split("\n")[0],
        )
    assert behind(chat, stranger) is None
    with chat.program.database.begin() as session:
        hour_ago = datetime.now(UTC) - failed_codes.WINDOW - timedelta(seconds=1)
        session.execute(update(FailedCode).values(at=hour_ago))
    await stranger.says(f"/start {code}")
    assert "您已加入" in await stranger.hears()


async def test_the_tries_of_one_chat_are_not_anothers(chat: Chat) -> None:
    first, second = chat.stranger(9001), chat.stranger(9002)
    for _ in range(6):
        await first.says("/start AAAA")
        await first.hears()
    await second.says(f"/start {code_of(chat, '示例·小田')}")
    assert "您已加入" in await second.hears()


async def test_an_expired_code_is_a_wrong_one(chat: Chat) -> None:
    code = code_of(chat, "示例·小田")
    with chat.program.database.begin() as session:
        session.execute(update(Invitation).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    stranger = chat.stranger()
    await stranger.says(f"/start {code}")
    assert await stranger.hears() == "这个加入码无效或已用过。请向支部书记要一个新的。"


async def test_a_chat_of_the_register_joins_with_start_alone(chat: Chat) -> None:
    stranger = chat.stranger(70001)
    await stranger.says("状态")
    assert await stranger.hears() == JOIN_HINT
    with chat.program.database.begin() as session:
        staff = "姓名,角色,组织,聊天号\n示例·小田,党员,理科支部,70001\n示例·老周,领导,校党委,\n"
        stored = roster.load_roster(session)
        plan = plan_import(stored, None, read_csv("p.csv", staff.encode()), today=datetime.now(UTC).date())
        roster.apply_plan(session, plan, today=datetime.now(UTC).date())
    await stranger.says("状态")
    assert await stranger.hears() == JOIN_HINT
    await stranger.says("/start")
    assert "示例·小田，您好！您已加入理科支部" in await stranger.hears()
    await stranger.says("状态")
    assert "理科支部" in await stranger.hears()


async def test_a_code_in_the_group_is_not_taken(chat: Chat) -> None:
    code = code_of(chat, "示例·小田")
    await chat.group.says(f"/start {code}")
    assert "不要把加入码发在群里" in await chat.group.hears()
    assert behind(chat, chat.secretary) == "示例·小林"


async def test_a_new_telephone_is_asked_for_and_let_in_by_the_secretary(chat: Chat) -> None:
    new = chat.stranger()
    await new.says("换手机")
    assert "请写明支部和姓名" in await new.hears()
    await new.says("换手机 理科支部 示例·小安")
    said = PASSED_ON.fullmatch(await new.hears())
    assert said is not None
    assert await chat.secretary.hears() == (
        "有人说自己是示例·小安（理科支部），换了新号。"
        f"请先打电话向本人核对：对方应说得出核对号 {said[1]}。同意后，旧号不再收到消息。"
    )
    assert chat.secretary.signature == "许昌科技学校党委 · 有问题请联系我们"
    assert chat.secretary.buttons() == ["同意", "不是本人"]
    message = chat.secretary.heard["message_id"]
    assert behind(chat, new) is None
    await chat.secretary.presses("同意")
    assert await chat.secretary.sees(message, "已同意") == "已同意，示例·小安的消息今后发到新号。"
    assert "示例·小安，您好！您已加入理科支部" in await new.hears()
    assert "这里不再发" in await chat.member.hears()
    assert behind(chat, new) == "示例·小安"
    assert behind(chat, chat.member) is None


async def test_the_secretary_may_refuse(chat: Chat) -> None:
    new = chat.stranger()
    await new.says("我换手机了，示例·小安")
    assert PASSED_ON.fullmatch(await new.hears())
    await chat.secretary.hears()
    message = chat.secretary.heard["message_id"]
    await chat.secretary.presses("不是本人")
    assert "没有同意" in await chat.secretary.sees(message, "没有同意")
    assert await new.hears_nothing()
    assert behind(chat, chat.member) == "示例·小安"


@pytest.mark.parametrize("who", ["示例·没有这个人", "文科支部 示例·小安", "示例·小林", "示例·老周"])
async def test_the_answer_is_the_same_whoever_exists_and_nobody_lets_in_a_superior(
    chat: Chat, who: str
) -> None:
    new = chat.stranger()
    await new.says(f"换手机 {who}")
    assert PASSED_ON.fullmatch(await new.hears())
    for voice in (chat.secretary, chat.leader, chat.member):
        assert await voice.hears_nothing()


async def test_only_who_may_admit_can_press(chat: Chat) -> None:
    new = chat.stranger()
    await new.says("换手机 示例·小安")
    await new.hears()
    await chat.secretary.hears()
    yes = chat.secretary.heard["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    other = await chat.joins("示例·阿青", 1101)
    for voice in (chat.member, chat.leader, other, new):
        voice.forges(yes)
        assert await voice.hears_nothing()
    assert behind(chat, new) is None
    await chat.secretary.presses("同意")
    assert "您已加入" in await new.hears()
    chat.secretary.forges(yes)
    assert behind(chat, new) == "示例·小安"


async def test_asking_again_and_again_is_limited_and_bothers_nobody(chat: Chat) -> None:
    new = chat.stranger()
    for _ in range(failed_codes.MOST):
        await new.says("换手机 示例·小安")
        assert PASSED_ON.fullmatch(await new.hears())
    await new.says("换手机 示例·小安")
    assert "试得太多了" in await new.hears()
    for number in range(9002, 9006):
        other = chat.stranger(number)
        await other.says("换手机 示例·小安")
        assert PASSED_ON.fullmatch(await other.hears())
    await chat.settled()
    asked = 0
    while not await chat.secretary.hears_nothing():
        assert "换了新号" in await chat.secretary.hears()
        asked += 1
    assert asked <= failed_codes.MOST + 2


async def test_somebody_who_has_joined_is_told_where_to_ask(chat: Chat) -> None:
    await chat.member.says("换手机")
    assert "请在那个号里发" in await chat.member.hears()


async def test_a_secretary_gets_the_codes_of_the_own_branch_only(chat: Chat) -> None:
    await chat.secretary.says("邀请")
    text = await chat.secretary.hears()
    assert re.fullmatch(
        r"每人一个加入码，只发给本人，用一次就失效：\n示例·小田：https://t\.me/\w+\?start=[A-Z0-9]{10}", text
    )
    new = chat.stranger()
    await new.says(f"/start {text[-10:]}")
    assert "示例·小田" in await new.hears()
    await chat.secretary.says("/invite 示例·小安")
    assert "示例·小安：https://t.me/" in await chat.secretary.hears()
    for name in ("示例·老周", "示例·小夏", "示例·无此人"):
        await chat.secretary.says(f"邀请 {name}")
        assert await chat.secretary.hears() == f"您的支部名册里没有“{name}”。"
    for voice in (chat.member, chat.leader):
        await voice.says("邀请")
        assert await voice.hears() == "加入码由支部书记来发。"


@pytest.mark.parametrize("words", ["/leave", "退出", "不要再发", "退订。"])
async def test_leaving_stops_at_once_and_is_written_down(chat: Chat, words: str) -> None:
    await chat.member.says(words)
    assert await chat.member.hears() == (
        "好的，今后不再给您发消息。想回来时，请向支部书记或管理员要一个新的加入码。"
    )
    assert chat.member.signature == "许昌科技学校党委 · 有问题请问理科支部书记"
    await chat.reach("2026-09-24")
    assert await chat.member.hears_nothing()
    await chat.member.says("状态")
    assert await chat.member.hears() == JOIN_HINT
    with chat.program.database.read() as session:
        member_id = session.scalar(select(Member.id).where(Member.name == "示例·小安"))
        rows = list(session.scalars(select(Audit.action).where(Audit.subject == f"member:{member_id}")))
        assert rows[-2:] == ["join", "leave"]
        place = session.scalar(select(Place).where(Place.address == "1001"))
        assert place is not None
        assert (place.member_id, place.joined_at) == (None, None)
        waiting = select(Delivery).where(Delivery.chat_id == place.id, Delivery.status == "pending")
        assert session.scalar(waiting) is None


async def test_leaving_in_the_group_is_answered_in_private(chat: Chat) -> None:
    await chat.group.says("/leave")
    assert "今后不再给您发消息" in await chat.secretary.hears()
    assert await chat.group.hears_nothing()
    assert behind(chat, chat.secretary) is None
