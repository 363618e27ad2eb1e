"""Our small markup becomes what Telegram's parser takes."""

from bot.channels.telegram.rendering import render


def test_only_the_quote_is_called_otherwise() -> None:
    text = '<b>粗</b><i>斜</i><code>码</code><a href="https://example.org/?a=1&amp;b=2">链接</a>&lt;br&gt;'
    assert render(text) == text
    assert render("<quote>原话\n两行</quote>后面") == "<blockquote>原话\n两行</blockquote>后面"
    assert render("&lt;quote&gt; 是人写的字") == "&lt;quote&gt; 是人写的字"
