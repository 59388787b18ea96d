# ruff: noqa: E501 - tables of patterns, one idea a line
"""Dates, bylines and datelines: lines that are nothing else, and what stands before or after a story's own words."""

from __future__ import annotations

import re

from toolkit.corpus.words import word_set

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_PIECES = re.compile(
    r"^\W*reading time\b.{0,40}$|\b(?:\d+ )?(?:minutes?|mins?|hours?) (?:read|listen)\b|"
    rf"{_WEEKDAY}(?![a-z])|{_MONTH}(?![a-z])|\b\d{{1,2}}(?:st|nd|rd|th)\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}[:.h]\d\d(?:[:.]\d\d)?\b|\b\d{{1,2}}\b"
    r"|\b[ap]\.?m\.?(?![a-z])|\b(?:gmt|utc|bst|cet|cest|est|edt|pst|hkt|cst|ist|jst|et|pt|sgt|aest|local time|beijing time)\b(?:[+-]\d+)?"
    r"|\b(?:first |originally )?(?:published|updated|posted|modified|created|released|issued|filed)\b|\b(?:last|date|on|at|of|by)\b|\b(?:\d+ )?(?:minutes?|mins?|hours?|days?|weeks?|months?) ago\b"
    r"|\b\d+[- ]?(?:minutes?|mins?)\.?(?: (?:read|listen))?|\b(?:minutes?|mins?) read\b|\bread(?:ing)? time\b|\bless than a minute\b|\b\d[\d,]* words\b|\b(?:yesterday|today)\b"
    r"|\d{4}年|\d{1,2}月|\d{1,2}日|星期[一二三四五六日]|发布时间|发布日期|发文日期|成文日期|更新时间|时间|日期|上午|下午|阅读次数|浏览次数|字数",
    re.IGNORECASE,
)
_HAS_DATE = re.compile(
    rf"{_MONTH}(?![a-z])\s*\d|\d\s*(?:st|nd|rd|th)?\s*(?:of\s+)?{_MONTH}(?![a-z])|\b(?:19|20)\d\d\b|{_WEEKDAY}(?![a-z])|\d[:.]\d\d|\bago\b|\bread(?:ing)?\b|\d日|\d{{4}}年|发布时间|时间",
    re.IGNORECASE,
)
_SMALL = word_set(
    "and in for the of at from with de van von der den bin al el di la le du dos da y e und et to our a an on by & staff "
    "senior chief special foreign correspondent correspondents writer writers reporter reporters editor editors columnist "
    "contributor contributors desk bureau fellow fellows analyst analysts researcher researchers agency agencies team news "
    "newsroom service services wire wires staffers political economics economy business technology science energy industry "
    "environment health defence defense city deputy associate guest contributing freelance visiting research professor "
    "emeritus director head additional reporting agencies print edition p page section issue no vol features opinion"
)
_BY = re.compile(
    r"^[\W_]*(?:(?:exclusive|analysis|opinion|comment|feature|interview|q&a|explainer)\s*[|:–—-]?\s*)?"
    r"(?:by|(?:written|words|story|text|report|reported|posted|asked|answered|translated|told to|as told to|published) by|words|text|story|author|authors|reporter|correspondent|analyst|editor|from our)"
    r"(?:\s*:\s*|(?<=by)\s+|(?<=our)\s+)(?=\S)",
    re.IGNORECASE,
)
ROLE_LINE = re.compile(
    r"^(?:[A-Z][\w.'\-]*(?: [A-Z][\w.'\-]*)*(?:,| in | \||\s[–—-])\s*)?(?i:(?:our |the |by )?(?:staff|senior|chief|political|economics?|business|technology|science|special|foreign|china|asia|europe|energy|industry|environment|health|city|deputy|associate|guest|contributing|freelance|news)?"
    r" ?(?:staff )?(?:correspondents?|writers?|reporters?|editors?|columnists?|contributors?|bureau|desk|newsroom|editorial (?:team|board)))(?:,? (?:in|for|at) .{2,40}|,? [A-Z]\w+)?$"
)
NAME_LINE = re.compile(
    r"^(?!(?:The|For|A|An|In|On|Of|To|Near|At|With|New|How|Why|What|No|Our|My)\b)(?=.*[a-z])(?:[A-Z][\w.'\-]+ ){1,3}[A-Z][\w.'\-]+(?:(?:,| and| &) (?:[A-Z][\w.'\-]+ ){1,3}[A-Z][\w.'\-]+)*(?:,? in [A-Z]\w+(?: [A-Z]\w+)?)?$"
)
_PERSON = r"(?:(?:Dr|Prof|Professor|Mr|Ms|Mrs|Sir)\.? )?(?:[A-Z][\w'’\-]+|[A-Z]\.)(?: (?:[A-Z][\w'’\-]+|[A-Z]\.|de|van|von|der|al|bin|la|di)){1,3}"
_NAMES = re.compile(
    rf"^{_PERSON}(?:, {_PERSON})*,?(?: and | & ){_PERSON}(?: in [A-Z]\w+)?$|^(?:Dr|Prof|Professor|Sir|The Rt Hon\.?|Lady|Lord|Dame)\b[\w .'’\-]{{3,50}}$|^[A-Z]\. (?:[A-Z]\. )?[A-Z][\w'’\-]+$"
)
_DATE_IN = rf"(?:,? ?(?i:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? (?:19|20)\d\d)?)"
_AGENCY = r"(?:\s*[\(\[][^()\[\]]{2,40}[\)\]])"
_WHOLE_DATE = re.compile(
    rf"\b(?:{_MONTH}(?![a-z])\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?![a-z]),?\s*(?:19|20)\d\d|{_MONTH}(?![a-z]),?\s+(?:19|20)\d\d)\b|\b(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b"
    rf"|(?:19|20)\d\d年\d{{1,2}}月|{_WEEKDAY},?\s+(?:{_MONTH}\s+\d|\d{{1,2}}\s+{_MONTH})",
    re.IGNORECASE,
)
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
    r"^(?:[【\[][^】\]]{2,14}[】\]]\s*)?(?:(?:本报|本刊|本网|新华社|中新社|中新网|央视网|人民网|据[^，。]{2,10}|[\u4e00-\u9fff]{2,6}[社报网])[^，。：:]{0,16}?(?:\d{1,2}月)?\d{1,2}日(?:电|讯|消息)|本报讯|本网讯|[\u4e00-\u9fff]{2,6}[讯电](?:\s*\d{1,2}月\d{1,2}日[讯电])?)"
    r"\s*(?:[（(][^）)]{2,36}[）)])?\s*[，,:：]?\s*|^[（(](?:本报|本网|见习)?(?:记者|通讯员)[^）)]{1,24}[）)]\s*|^[【\[][^】\]]{2,16}(?:讯|电|消息)[】\]]\s*"
)
_LONE_DATELINE = re.compile(rf"^[A-Z][A-Z .'\-]{{2,30}}(?:, [A-Z][\w.]+)?{_DATE_IN}{_AGENCY}?\W*$")
_FIGURE = re.compile(r"\d")
_CREDIT_END = re.compile(r"[)\]）>»→…■◼∎]\W*$|(?i:more|reading|story)\W*$")
TAIL_CREDIT = re.compile(
    r"(?P<separator>\s*(?:\[ends?\]|\(ends?\)|（完）|■|◼|∎)\s*$)"
    r"|(?P<read_more>\s*[\[(<]?(?:read more|continue reading|read the full story)\s*[\])>»→….]*$)"
    r"|(?P<byline>\s*[\(\[（](?:(?:additional |with )?(?:reporting|writing|editing|compiled|translated|edited|with inputs?|with agency|with files|with reporting|compilation)\b[^()\[\]]{2,160}|(?:责任编辑|责编|编辑|记者|完|本报记者|作者)[^（）]{0,40})[\)\]）]\W*$)",
    re.IGNORECASE,
)


def is_date_line(view: str) -> bool:
    """Whether a line is nothing but dates, times and reading times."""
    if len(view) > 140 or not (_FIGURE.search(view) or "ago" in view or "day" in view):
        return False
    if not _HAS_DATE.search(view) or re.search(r"[$€£%]|^\W*\d{4}\W*$", view):
        return False
    rest = _PIECES.sub("", view)
    return not any(char.isalnum() for char in rest)


def _named(view: str) -> bool:
    """Whether every word is capitalised, a number or one of the small words of bylines."""
    words = [word.strip(".,;:|/·•()[]–—-*_'\"@") for word in view.split()]
    return all(
        not word or not word[0].islower() or word.lower() in _SMALL or "@" in word or "." in word for word in words
    )


def is_names(view: str) -> bool:
    """Whether a line is two or more personal names, or one with an initial: "R. Thapa and M. Lindqvist"."""
    return bool(_NAMES.match(view))


def is_byline(view: str) -> bool:
    """Whether a line says who wrote, and nothing else: "By Jane Doe and Li Wei in Beijing", "作者：…" is a rule."""
    found = _BY.match(view)
    if found is None or len(view) > 160 or (view.endswith((".", "?", "!")) and len(view.split()) > 8):
        return False
    rest = _PIECES.sub(" ", view[found.end() :])
    return _named(rest) and (any(word[:1].isupper() for word in rest.split()) or "staff" in rest.lower())


def is_dated(view: str) -> bool:
    """Whether a line is a date with names beside it: "Jane Doe | Features | May 27, 2025", "QIANLU, 22 September 2025"."""
    if _LONE_DATELINE.match(view):
        return True
    if len(view) > 160 or not _WHOLE_DATE.search(view) or len(view.split()) > 22:
        return False
    return _named(_PIECES.sub(" ", view)) or bool(
        re.match(
            r"^\W*(?:issued|reported|published|posted|adopted|promulgated|delivered|updated|speech|remarks)\b",
            view,
            re.IGNORECASE,
        )
        and len(view.split()) <= 16
    )


def dateline_end(text: str) -> int:
    """How many characters of place, date and agency stand before a story's first words; 0 for none."""
    found = DATELINE.match(text) or DATELINE_HAN.match(text)
    if found is None or found.end() > 120 or found.end() >= len(text):
        return 0
    return found.end()


def closing_credit(text: str) -> tuple[int, str]:
    """Where the credit, 'read more' or end mark begins that closes a paragraph, and the ledger's reason for it.

    The reason is byline, read_more or separator; for none the place is the paragraph's length and the reason empty.
    """
    none = len(text), ""
    if not _CREDIT_END.search(text[-24:]):
        return none
    tail = text[-260:]
    found = TAIL_CREDIT.search(tail)
    if found is None or len(text) - len(tail) + found.start() < 20:
        return none
    return len(text) - len(tail) + found.start(), str(found.lastgroup)
