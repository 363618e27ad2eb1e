"""Who opened the Mini App: Telegram's signature, against vectors worked out with OpenSSL on the command line.

key=$(printf %s "$TOKEN" | openssl dgst -sha256 -hmac WebAppData -r | cut -d" " -f1)
printf "$LINES" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -r
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from bot.web.dashboard.mini_app_auth import find_signed_user
from tests.tables import each_row

TOKEN = "123456789:AAExampleExampleExampleExampleExamp"  # noqa: S105 - of nobody
SIGNED_AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
FIELDS = {
    "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
    "user": '{"id":1003,"first_name":"示例·老周","language_code":"zh-hans"}',
    "auth_date": "1795136400",
    "signature": "abc-_",
}
HASH = "3c6d133c185952c90676317314e589f7bcc43045216a7648e1bf0e433aa13fb0"


def init_data(**changes: str) -> str:
    """The fields as Telegram hands them over, with some of them changed after they were signed."""
    return "&".join(f"{name}={quote(value)}" for name, value in ({**FIELDS, "hash": HASH} | changes).items())


def test_a_signed_user_is_known() -> None:
    assert find_signed_user(init_data(), TOKEN, at=SIGNED_AT) == 1003
    assert find_signed_user(init_data(), TOKEN, at=SIGNED_AT + timedelta(minutes=10)) == 1003


@each_row(
    "given",
    [
        "",
        "user",
        f"hash={HASH}",
        init_data(user='{"id":1002,"first_name":"示例·老周","language_code":"zh-hans"}'),
        init_data(auth_date="1795136460"),
        init_data(hash=HASH[::-1]),
        init_data(hash=HASH.upper()),
        init_data(hash=""),
        init_data(hash="哈"),
        init_data() + "&more=1",
        init_data() + f"&user={quote(FIELDS['user'])}",
        init_data().replace("signature=abc-_&", ""),
        init_data() + "&" + "x" * 5000 + "=1",
        "user=%FF&hash=" + HASH,
    ],
)
def test_what_was_changed_or_is_not_signed_is_nobody(given: str) -> None:
    assert find_signed_user(given, TOKEN, at=SIGNED_AT) is None


@each_row("away", [timedelta(minutes=10, seconds=1), timedelta(days=1), -timedelta(seconds=61)])
def test_what_is_old_or_of_the_future_is_nobody(away: timedelta) -> None:
    assert find_signed_user(init_data(), TOKEN, at=SIGNED_AT + away) is None


def test_another_bots_signature_is_none() -> None:
    assert find_signed_user(init_data(), TOKEN.replace("1", "2"), at=SIGNED_AT) is None


@each_row(
    ("user", "signature"),
    [
        ("[1003]", "411a3d7ff89cfd5e47ad83de0205a4bb734d9374be1635033fe9250f41df27b4"),
        ('{"id":"1003"}', "bfaa34a3d25c7602a4c86c7da61b48befc9b58c7019ee51cf55d0a13c6a39cbe"),
        ('{"id":true}', "344a52f22c409b5fadc1ae7b718896e49d4d09bf2071a049303d60519cef3665"),
        ("{", "3fafbea9cb371fbaa266267c30e4d169073257ec3d4fab614ba384e7f371ffb5"),
    ],
)
def test_a_signed_text_that_names_no_user_is_nobody(user: str, signature: str) -> None:
    given = f"auth_date=1795136400&user={quote(user)}&hash={signature}"
    assert find_signed_user(given, TOKEN, at=SIGNED_AT) is None
