"""Who may write where: blocked and deleted people, groups the bot left, groups that moved, privacy mode."""

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.demo.chats.users import NotPossibleError


async def test_a_block_is_told_and_refuses_messages_until_the_person_starts_again(bot, local):
    local.block(1001)
    (update,) = await bot.get_updates()
    change = update.my_chat_member
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    assert change.new_chat_member.user.id == bot.id
    assert change.from_user.id == 1001
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1001, "好")
    with pytest.raises(NotPossibleError):
        local.say(1001, 1001, "在吗")
    local.say(1001, 1001, "/start")
    back, start = await bot.get_updates(offset=update.update_id + 1)
    assert back.my_chat_member.new_chat_member.status == "member"
    assert start.message.text == "/start"
    assert await bot.send_message(1001, "好")


async def test_a_deleted_account_is_deactivated(bot, local):
    local.deactivate(1001)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(1001, "好")


@pytest.mark.parametrize(("chat_id", "kind"), [(-2001, "group"), (-1002002, "supergroup")])
async def test_a_bot_that_was_removed_from_a_group_is_told_and_may_not_write(bot, local, chat_id, kind):
    local.kick(chat_id)
    (update,) = await bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert update.my_chat_member.chat.type == kind
    with pytest.raises(Forbidden, match=f"bot was kicked from the {kind} chat"):
        await bot.send_message(chat_id, "好")
    local.invite(chat_id, 1001)
    joined, service = await bot.get_updates(offset=update.update_id + 1)
    assert joined.my_chat_member.new_chat_member.status == "member"
    assert [user.id for user in service.message.new_chat_members] == [bot.id]
    assert await bot.send_message(chat_id, "好")


async def test_a_bot_that_left_is_no_member(bot):
    assert await bot.leave_chat(-2001)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(-2001, "好")


async def test_a_group_that_becomes_a_supergroup_says_so_and_refuses_its_old_id(bot, local):
    new_id = local.migrate_group(-2001)
    old, new = await bot.get_updates()
    assert (old.message.chat.id, old.message.migrate_to_chat_id) == (-2001, new_id)
    assert (new.message.chat.id, new.message.migrate_from_chat_id) == (new_id, -2001)
    assert new.message.chat.type == "supergroup"
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-2001, "好")
    assert caught.value.new_chat_id == new_id
    assert await bot.send_message(new_id, "好")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("开了，23人", False),
        ("/status", True),
        ("/status@qingli_demo_bot", True),
        ("/status@other_demo_bot", False),
        ("@qingli_demo_bot 状态", True),
        ("@jia_demo 状态", False),
    ],
)
async def test_in_a_group_the_bot_sees_only_what_is_addressed_to_it(bot, local, text, seen):
    local.say(1001, -2001, text)
    assert len(await bot.get_updates()) == seen


async def test_in_a_group_the_bot_sees_replies_to_it_but_not_to_others(bot, local):
    own = await bot.send_message(-2001, "开了吗？")
    theirs = local.say(1002, -2001, "开了")
    local.say(1001, -2001, "23人", reply_to=own.message_id)
    local.say(1001, -2001, "对", reply_to=theirs)
    assert [update.message.text for update in await bot.get_updates()] == ["23人"]


async def test_without_privacy_mode_or_as_administrator_the_bot_sees_everything(bot, local):
    local.privacy = False
    local.say(1001, -2001, "一")
    local.privacy = True
    local.promote(-1002002)
    local.say(1001, -1002002, "二")
    texts = [update.message.text for update in await bot.get_updates() if update.message]
    assert texts == ["一", "二"]
    assert not (await bot.get_me()).can_read_all_group_messages


async def test_people_who_come_and_go_are_service_messages(bot, local):
    local.add_user(1003, "丙")
    local.join(-2001, 1003)
    local.leave(-2001, 1003)
    came, went = await bot.get_updates()
    assert came.message.new_chat_members[0].first_name == "丙"
    assert went.message.left_chat_member.id == 1003
    with pytest.raises(NotPossibleError):
        local.say(1003, -2001, "好")


async def test_a_chat_and_its_members_can_be_asked_for(bot):
    chat = await bot.get_chat(-2001)
    assert (chat.type, chat.title) == ("group", "理科支部")
    assert (await bot.get_chat_member(-2001, 1001)).status == "creator"
    assert (await bot.get_chat_member(-2001, bot.id)).status == "member"
    assert [member.user.id for member in await bot.get_chat_administrators(-2001)] == [1001]
    assert await bot.get_chat_member_count(-2001) == 3
    with pytest.raises(BadRequest, match="Participant_id_invalid"):
        await bot.get_chat_member(-2001, 4711)
    assert (await bot.get_chat(1001)).first_name == "甲"


async def test_nobody_writes_in_somebody_elses_private_chat(local):
    with pytest.raises(NotPossibleError):
        local.say(1002, 1001, "好")
    with pytest.raises(NotPossibleError):
        local.say(1001, 1001, "字" * 4097)


async def test_commands_are_kept_by_scope_and_language(bot):
    await bot.set_my_commands([("status", "看完成情况")], language_code="zh")
    assert [command.command for command in await bot.get_my_commands(language_code="zh")] == ["status"]
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("状态", "看完成情况")])
    assert await bot.delete_my_commands(language_code="zh")
    assert await bot.get_my_commands(language_code="zh") == ()


async def test_descriptions_are_kept_and_their_length_is_checked(bot):
    await bot.set_my_description("提醒与填报")
    assert (await bot.get_my_description()).description == "提醒与填报"
    assert (await bot.get_my_name()).name == "清历"
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("字" * 121)


async def test_a_chat_action_is_checked(call, bot):
    assert await bot.send_chat_action(1001, "typing")
    answer = await call("sendChatAction", chat_id=1001, action="dancing")
    assert answer["description"] == "Bad Request: wrong parameter action in request"
