"""The words about the register: files, codes, telephones, groups, the history. Values in, text out. PURE."""

from models.rules.roster.sheets import TOO_LARGE
from models.rules.wording import escape

LONGEST = 3_600  # with room for what stands around it; a message holds 4,096


def file_too_large() -> str:
    """A file that is no register."""
    return TOO_LARGE


def file_not_fetched() -> str:
    """The network did not give the file."""
    return "文件没有取到，请再发一次。"


def import_plan(told: str, *, asks: bool) -> str:
    """What an uploaded register would change."""
    head = "名册文件收到，还没有写入。请核对：\n" if asks else "名册文件收到，没有写入。\n"
    return head + _cut(escape(told))


def imported(told: str) -> str:
    """What an uploaded register has changed."""
    return "已导入名册。\n" + _cut(escape(told))


def not_imported() -> str:
    """The admin has thought better of it."""
    return "好的，没有导入，文件已删去。"


def _cut(text: str) -> str:
    """As many whole lines as a message holds."""
    lines: list[str] = []
    for line in text.split("\n"):
        if sum(len(each) + 1 for each in lines) + len(line) > LONGEST:
            return "\n".join([*lines, "……（太长，其余略；全部请用 qingli import 看）"])
        lines.append(line)
    return "\n".join(lines)
