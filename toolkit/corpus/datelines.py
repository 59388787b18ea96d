"""Dates, bylines and datelines: lines that are nothing else, and what stands before or after a story's own words."""

from __future__ import annotations

import re

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_PIECES = re.compile(
    rf"{_WEEKDAY}(?![a-z])|{_MONTH}(?![a-z])|\b\d{{1,2}}(?:st|nd|rd|th)\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}[:.h]\d\d(?:[:.]\d\d)?\b|\b\d{{1,2}}\b"
    r"|\b[ap]\.?m\.?(?![a-z])|\b(?:gmt|utc|bst|cet|cest|est|edt|pst|hkt|cst|ist|jst|et|pt|sgt|aest|local time|beijing time)\b(?:[+-]\d+)?"
    r"|\b(?:first |originally )?(?:published|updated|posted|modified|created|released|issued|filed)\b|\b(?:last|date|on|at|of|by)\b|\b(?:\d+ )?(?:minutes?|mins?|hours?|days?|weeks?|months?) ago\b"
    r"|\b\d+[- ]?(?:minutes?|mins?)\.?(?: (?:read|listen))?|\b(?:minutes?|mins?) read\b|\bread(?:ing)? time\b|\bless than a minute\b|\b\d[\d,]* words\b|\b(?:yesterday|today)\b"
    r"|\d{4}年|\d{1,2}月|\d{1,2}日|星期[一二三四五六日]|发布时间|发布日期|发文日期|成文日期|更新时间|时间|日期|上午|下午|阅读次数|浏览次数|字数",
    re.IGNORECASE,
)
_HAS_DATE = re.compile(
    rf"{_MONTH}(?![a-z])\s*\d|\d\s*(?:st|nd|rd|th)?\s*(?:of\s+)?{_MONTH}(?![a-z])|\b(?:19|20)\d\d\b|{_WEEKDAY}(?![a-z])|\d[:.]\d\d|\bago\b|\bread\b|\d日|\d{{4}}年|发布时间|时间",
    re.IGNORECASE,
)
_NAME = r"[A-Z][\w.'\-]*(?: (?:[A-Z][\w.'\-]*|de|van|von|der|den|bin|al|el|di|la|le|du|dos|da))*"
_ROLE = (
    r"(?:,? ?(?:staff|senior|chief|political|economics?|business|technology|science|special|foreign|our|the|china|asia|europe|energy|industry|environment|health|defen[cs]e|city|deputy|associate|guest|contributing|freelance)?"
    r" ?(?:staff )?(?:correspondents?|writers?|reporters?|editors?|columnists?|contributors?|desk|bureau|fellows?|analysts?|researchers?|agenc(?:y|ies)|wires?|newsroom|team|service))"
)
BYLINE = re.compile(
    rf"^[\W_]*(?:by|written by|words by|story by|text by|report by|posted by|author|from)\s*:?\s+(?:{_NAME}|the editors?|our .{{2,30}}|staff.{{0,30}})(?:(?:,| and| &|\s*[|/·•]) ?{_NAME})*{_ROLE}?"
    rf"(?:,? (?:in|for|at|from) {_NAME}(?: {_NAME})?)?(?:,? {_NAME})?(?:\s*[|/·•–—-].{{0,80}})?\W*$|^[\W_]*BY [A-Z][A-Z .,'&\-]{{2,60}}(?:\s*[|/·•–—-].{{0,60}})?$",
)
ROLE_LINE = re.compile(
    rf"^(?:(?:{_NAME})(?:,| in | \||\s[–—-])\s*)?(?:our |the |by )?(?:staff|senior|chief|political|economics?|business|technology|science|special|foreign|china|asia|europe|energy|industry|environment|health|city|deputy|associate|guest|contributing|freelance|news)?"
    r" ?(?:staff )?(?:correspondents?|writers?|reporters?|editors?|columnists?|contributors?|bureau|desk|newsroom|editorial (?:team|board))(?:,? (?:in|for|at) .{2,40}|,? [A-Z]\w+)?$",
    re.IGNORECASE,
)
NAME_LINE = re.compile(
    r"^(?:[A-Z][\w.'\-]+ ){1,3}[A-Z][\w.'\-]+(?:(?:,| and| &) (?:[A-Z][\w.'\-]+ ){1,3}[A-Z][\w.'\-]+)*(?:,? in [A-Z]\w+(?: [A-Z]\w+)?)?$|^[A-Z][A-Z.'\- ]{5,40}$"
)
_DATE_IN = rf"(?:,? ?(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? (?:19|20)\d\d)?)"
_AGENCY = r"(?:\s*[\(\[][^()\[\]]{2,40}[\)\]])"
_DASH = r"\s*(?:--+|—+|–|-)\s+"
DATELINE = re.compile(
    rf"^(?:[*_]{{0,2}})(?:"
    rf"[A-Z][\w.'\-]+(?:[ ,/]+[A-Z][\w.'\-]*){{0,4}}(?:{_DATE_IN}{_AGENCY}?|{_AGENCY})(?:[*_]{{0,2}}){_DASH}"
    rf"|[A-Z]{{2,}}(?:[ /.'\-][A-Z]{{2,}}){{0,3}}(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?(?:[*_]{{0,2}}){_DASH}(?=[A-Z\"“'‘])"
    rf"|[A-Z]\w+(?: [A-Z]\w+)? (?:News|Wire|Newswire|Press|Agency|Daily|Times|Post|Newsroom)(?:[*_]{{0,2}})\s(?:--+|—+|–|-)\s+(?=[A-Z\"“])"
    rf"|(?i:\(?(?:reuters|ap|afp|xinhua|upi|bloomberg|dpa|efe)\)?){_DASH}(?=[A-Z\"“])"
    r")"
)
DATELINE_HAN = re.compile(
    r"^(?:[【\[][^】\]]{2,14}[】\]]\s*)?(?:(?:本报|本刊|本网|新华社|中新社|中新网|央视网|人民网|据[^，。]{2,10}|[\u4e00-\u9fff]{2,6}[社报网])[^，。：:]{0,16}?(?:\d{1,2}月)?\d{1,2}日(?:电|讯|消息)|本报讯|本网讯|[\u4e00-\u9fff]{2,6}[讯电])"
    r"\s*(?:[（(][^）)]{2,36}[）)])?\s*[，,:：]?\s*|^[（(](?:本报|本网|见习)?(?:记者|通讯员)[^）)]{1,24}[）)]\s*|^[【\[][^】\]]{2,16}(?:讯|电|消息)[】\]]\s*"
)
TAIL_CREDIT = re.compile(
    r"\s*[\(\[（](?:(?:additional |with )?(?:reporting|writing|editing|compiled|translated|edited|with inputs?|with agency|with files|with reporting|compilation)\b[^()\[\]]{2,160}|(?:责任编辑|责编|编辑|记者|完|本报记者|作者)[^（）]{0,40})[\)\]）]\W*$"
    r"|\s*[\[(<]?(?:read more|continue reading|read the full story)\s*[\])>»→….]*$|\s*(?:\[ends?\]|\(ends?\)|（完）|■|◼|∎)\s*$",
    re.IGNORECASE,
)


def is_date_line(view: str) -> bool:
    """Whether a line is nothing but dates, times and reading times."""
    if len(view) > 140 or not _HAS_DATE.search(view):
        return False
    rest = _PIECES.sub("", view)
    return not any(char.isalnum() for char in rest)


def dateline_end(text: str) -> int:
    """How many characters of place, date and agency stand before a story's first words; 0 for none."""
    found = DATELINE.match(text) or DATELINE_HAN.match(text)
    if found is None or found.end() > 120 or found.end() >= len(text):
        return 0
    return found.end()


def credit_start(text: str) -> int:
    """Where a credit or a 'read more' begins that closes a paragraph; the paragraph's length for none."""
    tail = text[-260:]
    found = TAIL_CREDIT.search(tail)
    if found is None or len(text) - len(tail) + found.start() < 20:
        return len(text)
    return len(text) - len(tail) + found.start()
