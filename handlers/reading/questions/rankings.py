"""Whether somebody asks who is best or worst, which nobody is told here. PURE."""

import re

LONGEST = 40
_RANKS = re.compile(
    r"排名|排行|排个[名序队]|排[在到]?第|名次|第几名|倒数|垫底|红黑榜|[前后][\d一二三五十]{1,2}名|最[差糟]|最落后"
    r"|(?:谁|哪[个些支家所]|得|[做办搞开完成])\S{0,8}最(?:[好快慢棒优高低多少]|积极|认真|先进)"
    r"|(?:谁|哪[个些支家所])\S{0,6}(?:第一(?!督)|落后|先进)|(?:谁|哪|各|支部|给)\S{0,6}(?:得分|打分|评分|积分)"
)


def ranks(text: str) -> bool:
    """Whether few words ask for a ranking or points (谁最差, 哪个支部做得最好, 完成率排名)."""
    return len(text) <= LONGEST and bool(_RANKS.search(text))
