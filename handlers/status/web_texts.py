"""Texts about the web page. PURE."""

from models.rules.output.zh_text import escape


def format_link(address: str, minutes: int) -> str:
    """The one-time link to the page."""
    return (
        f"网页看板（{minutes}分钟内打开，只能打开一次，请不要转发）：\n"
        f'<a href="{escape(address)}">{escape(address)}</a>'
    )


def format_no_page() -> str:
    """The page is disabled."""
    return "网页看板还没有开通。在这里直接问也一样，例如：本月情况，再点“图”或“表格”。"
