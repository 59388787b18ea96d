# ruff: noqa: E501 - tables of patterns, one idea a line
"""How much speaks for a block being no body text: signs of wording and of form, each with a weight, added up.

Boilerplate speaks to its reader, of its publication or of its makers; body text tells or argues. A sign alone proves
nothing, and the sum alone drops nothing: `zones` asks where the block stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from toolkit.corpus.cleaning.block_features import Form
from toolkit.corpus.cleaning.datelines import is_dated
from toolkit.corpus.cleaning.rules import BIO, TRADES

_WEAK = ("you", "we")  # speeches and columns say them too
_LOOKED_AT = 600  # characters of a block

WORDING: dict[str, str] = {
    # what the reader is asked to do
    "asks": r"^\W*(?:please |kindly |or |and |just |now )?(?:(?:sign|subscribe|follow|listen|hear|watch|download|donate|support|get|read|join|visit|find|discover|explore|write|e-?mail|tell|send|leave|buy|scan|tap|click|open|learn|browse|log|try|give"
    r"|submit|become|advertise|stay|enter|meet|forward|skip|jump|reply|manage|remind|pre-?order|enjoy(?:ed|ing)?|like[d]?|love[d]?|missed|want|got (?:a|an)|do you|have (?:a|you)|did you|(?:is|was) this|are you|looking for|interested in|curious|spotted|noticed|know (?:somebody|someone)|chip in|pledge|keep us|narrated|already an?|not an? (?:subscriber|member)|don't miss|do not miss|take part|turn on|install|add us|pass (?:it|this) on|thank(?:s| you) for"
    r"|for (?:questions|queries|bookings|tickets|details|(?:more|further) (?:information|details))|if you(?:'d like| would like| enjoy\w*| liked?| found| value| want to| have (?:a|any|been)| spot| missed| are (?:reading|interested|having|new)))\b"
    r"|(?:share|contact|report|order|help|view|tip|rate|review|register|book|call|ring|phone|check|print|save|cite) (?:this|that|the|your|our|us|it|on|for|to|with|via|a|an|now|here|me|at|\w+@|\d))"
    r"|^\W*(?:欢迎|点击|扫码|扫描|长按|关注|订阅|敬请|请(?:在|登录|联系|关注|扫|点|勿)|转发(?!谣言)|分享(?!经济)|打开|下载|觉得|喜欢|登录|文明上网|打印|关闭)",
    "you": r"\b(?:you|your|yours|you'\w+)\b|您|你",
    "we": r"\b(?:we|our|us|ours|we'\w+)\b|我们|小编|本(?:报|刊|网|站|台|社|号|平台|公众号)",
    # the publication and its furniture
    "reading": r"\b(?:newsletters?|subscri\w+|inbox|mailing lists?|podcasts?|episodes?|runtime|websites?|web ?page|homepage|online|apps?(?!-)|(?:this|our) (?:site|page|service|e-?mail|channel|show|paper|issue|magazine|blog|letter|note|publication)"
    r"|back issues?|audio version|narrated|voiceover|our (?:reporters?|journalists?|journalism|team|writers?|editors?|coverage|reporting|shop)|masthead|editor-in-chief|editorial board|managing editor|typeset|editions?|magazine|newspapers?|leaflets?|fact ?sheets?|archives?|readers|listeners|newsroom|newsdesk|press office|media (?:pack|kit|library)|transcripts?|translations?|printed copies|print edition)\b"
    r"|公众号|微信|微博|客户端|(?<![a-z])app(?![a-z])|网站|本网|本站|平台|频道|栏目|稿件|往期|精选|电子报|视频号",
    "story": r"\b(?:(?:this|our|every) (?:article|story|feature|piece|post|report|text|column|series|interview|release|briefing|document|publication|information|material|content|explainer|analysis|transcript|translation)|the (?:article|story|post|text above|newsletter|transcript))s?\b(?! (?:of (?:the|a)|was (?:amended|adopted|ratified)))|^\W*(?:content|all content|material)\b|本文(?!件)|原文|此文|此件|以上内容|上述内容",
    "device": r"\b(?:downloads?|downloaded|pdf|print (?:this|page|edition|version)|share (?:this|on|via|with|the)|sharing|save (?:this|for|as)|click|links?|log(?:ged)? ?in|sign(?:ed)? (?:in|up)|accounts?|cookies?|browser|screen|mobile|forward(?:ed)?|unsubscribe|opt out|can be found (?:here|at|on|in)|preferences|settings|buttons?|qr|rss|feeds?|menu|toc|back to top|kb|mb|by e-?mail|tags?)\b"
    r"|扫码|二维码|下载|打印|字号|字体|关闭|登录|注册|首页|点赞|在看|收藏|分享(?!经济)|转发|阅读|浏览|点击|关注|订阅|广告|推荐|留言|评论|投稿|商务合作|客服|无障碍|我要纠错|排版",
    "answers": r"\b(?:(?<!declined to )(?<!refused to )(?<!request for )(?<!requests for )comments?|moderat\w+|feedback|surveys?|opinions?|suggest\w*|typo|helpful|useful|replies|responses|discussion|conversation|forums?|letters? (?:page|section|to the editor)|house rules|abus(?:e|ive))\b|网友|发言|评论|留言",
    # rights, liability, money
    "rights": r"\b(?:copyright|©|\(c\)|all rights|rights|reserved|licen[cs]e[ds]?|permissions?|authorised|reproduc\w+|re-?publish\w*|repost\w*|reprint\w*|redistribut\w+|re-?use[ds]?|attribution|acknowledged|trade ?marks?|terms(?: of (?:use|service))?|user agreement|privacy|imprint)\b|©|版权|授权|许可|转载|侵权|镜像|摘编",
    "liable": r"\b(?:liab\w+|legal advice|disclaim\w*|disclosures?|(?:not|nor) constitute|(?:does|do) not (?:necessarily )?(?:reflect|represent|endorse|determine)|not responsible|forward-looking|undertakes? no|risks and uncertainties|materially|confidential|takes no (?:position|institutional)|non-?partisan|views|findings are|accepts? no (?:money|fund\w*|payments?|fees?|donations?|responsibility|liability|advert\w*)|has no say|no legal standing|charity|code of (?:practice|conduct)|complain\w*|unhappy|corrections?|competing interests?|conflicts? of interest|data availability|correspondence to|cite this|how to cite|suggested citation|check against delivery|not for (?:attribution|release|distribution)|in any form|without (?:the )?(?:prior )?(?:written )?(?:consent|permission)|no part of this|no warranty|errors and omissions|subject to change|editorial (?:control|independence|policy|standards)|fact-?check\w*|(?:may|might|will) be (?:amended|corrected)|unrevised|may contain|errors|guidance only|informational|not owned by|press (?:council|panel|complaints))\b|声明[:：]|免责|责任自负|后果自负|(?:不承担|自担|承担).{0,8}(?:责任|风险)|风险(?:提示|自担)|个人观点|本人观点|观点(?:仅|不)|立场|不代表|不构成|备案|举报电话|标识码|服务协议|存储服务",
    "funded": r"\b(?:funded|funders?|supported by|support of|made possible|sponsor\w*|grants? from|partnership with|brought to you|produced by|published by|printed (?:by|on)|designed by|design by|layout|powered by|theme|site by|hosted by|prepared by|presented by|is part of|a project of|owned by|member of|distributed)\b|主办|承办|主管|协办|出品|监制",
    "firm": r"\b(?:ltd|limited|llc|llp|inc|gmbh|plc|pty|s\.?a|suite|floor|unit \d+)\b|有限公司",
    "registered": r"\b(?:501\(c\)\(3\)|ein|issn|isbn|doi|registered (?:charity|office|in|number|company|no)|regn|company (?:no|number)|charity (?:no|number)|vat|p\.?o\.? box|p\.m\.b|postbox|c/o|published by|printed (?:by|in|on))\b|刊号|邮发代号|主办单位|法律顾问",
    "money": r"\b(?:for free|it's free|free (?:trial|newsletter|account|copy|edition|app|e-?mail|of charge|english|access)|per month|a month|an issue|donat\w+|your gift|gift of|coffee|tip|off your|\d+ ?% off|discount|membership|become a (?:member|patron) (?:today|now|for)|patreon|patrons?|(?:five|5) stars|small favour|code [a-z0-9]+)\b|赞赏|打赏|优惠|立减|大促|领取|即送",
    # where to reach somebody, numbers of issues
    "address": r"[\w.+-]+(?:@|\[at\]|\(at\))[\w-]+\.[\w.]+|https?://|\bwww\.|(?<!\w)@\w{3,}|\+\d[\d ()\-]{6,}|\b0\d{2,4}[ -]\d{3}[ -]?\d{3,4}\b|\b\d{3}-\d{3,4}(?:-\d{4})?\b|\b\d{3}-\d{7}\b|\b\d{3} \d{4}\b",
    "reach": r"\b(?:contacts?|enquir(?:y|ies)|inquir(?:y|ies)|hotline|helpline|helpdesk|tel|telephone|phone|fax|e-?mail|write to|newsdesk|press contact|media contact|press (?:desk|officer)|for the press|opening hours|message us|whatsapp|spokes\w+ for the media)\b|电话|热线|邮箱|传真|邮编|地址[:：]|联系",
    "updated": r"\b(?:last (?:updated|modified|reviewed|edited|changed)|first published|(?:posted|published|updated|issued|released|reviewed|prepared|asked|answered|recorded)\b(?: on| by| at|:)?|embargo(?:ed)?|(?:immediate|press|news|media) release|reading time|min(?:ute)?s?\.? (?:read|listen))|发布|更新|时间[:：]",
    "credit": r"\b(?:photo(?:graph)?s?|images?|pictures?|graphics?|illustrations?|design|layout|print|music|words|video|audio|research|editing|reporting|cover|produced|edited|written|translated|compiled|photographed|with inputs)(?: credits?)?(?: ?[:/]| by\b| from\b)|(?:编辑|记者|校对|审核|责编|作者|来源|摄影|供图|策划|统筹|通讯员)\s*[:：/|]|文\s*[|/丨]|原创",
    "other": r"\b(?:related|recommended|most (?:read|popular|viewed)|more (?:from|on|in|stories|news|like|local)|next (?:in|up|story|article|post|day|issue)|previous|older|newer|other (?:readers|stories|news)|further (?:help|reading|information)|also (?:read|on|in)|further help|find (?:out|your)|upcoming|updates to|don't miss)\b|相关|往期|友情链接|热点(?:新闻|推荐)|视频推荐|政策解读|上一篇|下一篇|大家都在|推荐阅读|延伸阅读",
    # what tells or argues
    "told": r"\b(?:said|says|told|asked|according to|added|argued|warned|noted|explained|replied|wrote|thinks?|believes?|repeated|warns?|complained|found|showed|shows|concluded|ruled|reported)\b|表示|认为|指出|介绍|说[，:：。]|坦言|告诉",
    "past": r"\b(?:was|were|had|went|came|took|made|gave|rose|fell|grew|began|became|left|held|saw|found|kept|did|got|stood|ran|lost|won|built|cost|met|sent|paid|brought|felt|led)\b|\b\w{3,}ed\b|了|已经|曾",
    "they": r"\b(?:he|she|they|his|her|their|him|them)\b|他|她|它们",
    "modal": r"\b(?:will|would|should|must|could|might|may|can|cannot|shall)\b|应当|应该|必须|可以|将",
    "logic": r"\b(?:but|because|although|however|therefore|while|which|than|unless|whether|since|until|though|yet)\b|但|因为|然而|因此|如果|虽然|却|而",
    "amount": r"[$€£¥₹₦]\s?\d|\b\d[\d.,]* ?(?:%|per ?cent|percent|million|billion|tonnes?|kilomet\w+|metres?|euros?|dollars?|km|mg|years?|days|weeks|people|jobs)\b|\d+(?:万|亿|元|%|吨|公里)|百分之",
}  # fmt: skip


WEIGHTS: dict[str, float] = {
    # wording
    "asks": 1.4, "you": 1.2, "we": 0.5, "reading": 1.2, "story": 1.9, "device": 1.5, "answers": 0.6, "rights": 1.2,
    "liable": 2.2, "funded": 1.2, "firm": 0.3, "registered": 1.5, "money": 0.9, "address": 0.8, "reach": 0.8, "updated": 0.6,
    "credit": 1.0, "other": 1.1, "told": -0.8, "past": -0.2, "they": -0.6, "modal": -0.3, "logic": -1.3,
    "amount": -1.1,
    # form
    "open": 2.9, "one": 1.2, "some": 1.0, "many": -0.1, "leads": -1.9, "items": 0.6, "dated": 0.8, "capitals": 0.5,
    "titled": 1.3, "person": 2.6, "quoted": -0.3, "linked": 1.9, "part linked": 0.5, "row": -1.6, "item": -1.1,
    "bracketed": 0.4,
}  # fmt: skip
"""Log odds that each sign adds, fitted by logistic regression (ridge, C = 0.5) on 1,115 marked blocks of the development
documents (tests/data/corpus_marks, tests/data/corpus_marks_new/a), rounded; "registered", rare in them, was set by hand."""
SENTENCE_WEIGHTS: dict[str, float] = {
    "asks": 0.5, "you": 1.5, "we": 0.7, "reading": 1.4, "story": 1.9, "device": 1.2, "answers": 0.7, "rights": 1.3,
    "liable": 2.2, "funded": 0.9, "firm": 0.6, "registered": 0.8, "money": 0.8, "address": 0.6, "reach": 0.8,
    "updated": 0.6, "credit": 0.2, "other": 0.2, "told": -1.0, "past": -0.2, "they": -0.5, "modal": -0.2,
    "logic": -1.3, "amount": -0.4, "open": 0.0, "one": -0.3, "some": 1.3, "many": 0.0, "leads": -1.0, "items": 0.4,
    "dated": 0.3, "capitals": 0.5, "titled": 1.7, "person": 2.6, "quoted": -0.3, "linked": 0.7, "part linked": 0.5,
    "row": -1.0, "item": -1.1, "bracketed": 0.4,
}  # fmt: skip
"""The same for blocks that end as a sentence does, fitted on the 614 of them and on tests/data/corpus_lines (prose that
speaks of notices, and notices)."""
SENTENCE_START = -3.3
PER_WORD = -0.06
"""Log odds for each word beyond 25: a long block shows more signs by chance (set by hand)."""
START = -2.7
"""Log odds of a block that shows no sign."""

_AUTHOR = re.compile(
    r"^\W*the (?:author|writer)s?\b|^\W*[（(]?(?:本文)?作者|^[\u4e00-\u9fff·]{2,6}[:：].{0,12}(?:师|员|家|者|教授|博士|编辑|撰稿人)[，。]",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\d月\d{1,2}日|\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d",
    re.IGNORECASE,
)
_FORMS = tuple(
    (name, re.compile(pattern))
    for name, pattern in {
        "leads": r"[:：;；,]$",
        "items": r"\S\s*[|·•»›→←↑↓▾☰丨‖]\s*\S|\s/\s|^\W*[→←☰▾👇]|[→»›👇]\W*$",
        "quoted": r"\"[^\"]{12,}\"|[“「][^”」]{8,}[”」]|^\"",
        "bracketed": r"^[(\[（【].*[)\]）】]$",
    }.items()
)


class Evidence(NamedTuple):
    """`score`: log odds that a block is no body text; `wording`: the part of it that words spoke for, "you" and "we" left aside,
    never below 0; `dated`: a date stands in it."""

    score: float
    wording: float
    dated: bool


@cache
def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(WORDING[name])


def evidence_of(form: Form) -> Evidence:
    """What the signs of a block add up to."""
    view = form.view[:_LOOKED_AT]
    low = view.lower()
    found = [name for name in WORDING if _compiled(name).search(low)]
    shape = list(_shape(form, view))
    weights = SENTENCE_WEIGHTS if form.terminal else WEIGHTS
    start = SENTENCE_START if form.terminal else START
    score = start + sum(weights[name] for name in (*found, *shape)) + PER_WORD * max(0, form.words - 25)
    speaking = [
        weights[name] for name in (*found, *shape) if (name in WORDING and name not in _WEAK) or name == "person"
    ]
    return Evidence(round(score, 6), round(sum(weight for weight in speaking if weight > 0), 6), "dated" in shape)


def _shape(form: Form, view: str) -> Iterator[str]:
    """Signs of form: length, ending, marks between items, capitals."""
    letters = [char for char in view if char.isalpha()]
    longer = [word for word in view.split() if len(word) > 3 and word[0].isalpha()]
    if not form.terminal:
        yield "open"
    if form.words <= 14:
        yield "some"
        if form.words <= 2:
            yield "one"
    elif form.words >= 30:
        yield "many"
    if form.block.kind in ("table", "list"):
        yield "row" if form.block.kind == "table" else "item"
    if form.links > 0.15:
        yield "linked" if form.links > 0.5 else "part linked"
    if len(letters) > 3 and view.isascii() and view.isupper():
        yield "capitals"
    if len(longer) > 1 and not form.han and sum(word[0].isupper() for word in longer) >= 0.75 * len(longer):
        yield "titled"
    if (BIO.match(view) and TRADES.search(view)) or _AUTHOR.match(view):
        yield "person"
    if is_dated(view) or _DATED.search(view):
        yield "dated"
    for name, pattern in _FORMS:
        if pattern.search(view):
            yield name
