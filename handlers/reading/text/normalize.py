"""Normalizes text for the grammars: half-width, simplified, one kind of dash and of space."""

import unicodedata

_SIMPLIFIED = dict(
    zip(
        "週禮個號後兩農曆歷陰陽節國慶當這內裡裏從間點時鐘鍾勞動婦兒聖誕黨師軍臘閏歲萬億貳參陸學開報過還剛現馬將來幾與間際憲護記圓紀總絕會",
        "周礼个号后两农历历阴阳节国庆当这内里里从间点时钟钟劳动妇儿圣诞党师军腊闰岁万亿贰叁陆学开报过还刚现马将来几与间际宪护记圆纪总绝会",
        strict=True,
    )
)
_SIMPLIFIED |= dict(
    zip(
        "應實請習題組員織單議論檢廉課講專業黨費談話換屆選舉評誡誌願務訓廳樓場區縣鎮鄉處辦領導職離產習審覽進達請補錄撤銷銜調張劉陳楊趙吳孫鄭馮謝韓許鄧蕭葉閻潘鐘譚鄒陸龍錢湯賴龔劃關於為無線電視網",
        "应实请习题组员织单议论检廉课讲专业党费谈话换届选举评诫志愿务训厅楼场区县镇乡处办领导职离产习审览进达请补录撤销衔调张刘陈杨赵吴孙郑冯谢韩许邓萧叶阎潘钟谭邹陆龙钱汤赖龚划关于为无线电视网",
        strict=True,
    )
)
_DASHES = dict.fromkeys("‐‑‒–—―─━−－", "-") | dict.fromkeys("～〜∼⁓˜", "~")
_SPACES = dict.fromkeys("\t\xa0\u2002\u2003\u2007\u2009\u202f\u3000", " ")
_DOTS = dict.fromkeys("•‧・∙⋅●", "·") | {"○": "〇", "◯": "〇"}

# Only blocks whose compatibility form is one character, so that offsets stay true: full-width forms,
# radicals, compatibility ideographs, mathematical digits.
_COMPATIBLE_BLOCKS = ((0xFF01, 0xFF5E), (0x2E80, 0x2FD5), (0xF900, 0xFAFF), (0x1D7CE, 0x1D7FF))


def _list_compatible() -> dict[str, str]:
    """Each character of these blocks with its one compatible character (Ａ: A)."""
    pairs = ((chr(code), unicodedata.normalize("NFKC", chr(code)))
             for first, last in _COMPATIBLE_BLOCKS for code in range(first, last + 1))  # fmt: skip
    return {char: plain for char, plain in pairs if plain != char and len(plain) == 1}


_TABLE = str.maketrans(_list_compatible() | _SIMPLIFIED | _DASHES | _SPACES | _DOTS)


def normalize_text(text: str) -> str:
    """The text half-width and simplified, with one kind of dash, tilde, dot and space.

    Every character becomes exactly one, so offsets into the result are offsets into the text. Only the
    traditional characters that the grammars look for are converted.
    """
    return text.translate(_TABLE)
