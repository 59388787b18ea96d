# ruff: noqa: E501 - tables of patterns, one idea a line
"""The wording of what is not body text: one named rule, one list of patterns.

Patterns are matched on a block's view (blanks as one, curly quotes straight, markup taken off), never on long prose.
`edge` rules count only before the first or after the last prose of a document, `tail` rules only after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

Where = Literal["any", "edge", "tail"]


class Rule(NamedTuple):
    """Patterns, the reason that they give, the most words of a block that they may drop, and where they count.

    Patterns that begin a block and those that may stand inside it are kept apart: the former fail at the first word,
    each of the latter is tried only where one of its hints is found: words of which one stands in every text that
    the pattern can match.
    """

    name: str
    opening: str
    inside: tuple[tuple[tuple[str, ...], str], ...]  # (hints, pattern)
    most: int
    where: Where = "any"

    def matches(self, view: str, low: str, opens: bool = True) -> bool:
        """Whether a view (and the same in lower case) is what the rule describes; `opens`: its start may match."""
        if opens and self.opening and _compiled(self.opening).match(view):
            return True
        for hints, pattern in self.inside:  # plain loops: this is the innermost of all
            for hint in hints:
                if hint in low:
                    if _compiled(pattern).search(view):
                        return True
                    break
        return False


def _rule(name: str, most: int, *patterns: str | tuple[str, str], where: Where = "any") -> Rule:
    opening = [pattern for pattern in patterns if isinstance(pattern, str)]
    inside = tuple((tuple(pattern[0].split("|")), pattern[1]) for pattern in patterns if not isinstance(pattern, str))
    if not all(pattern.startswith("^") for pattern in opening):
        raise ValueError(f"rule {name}: patterns that do not begin a block need hints")
    return Rule(name, _any(opening), inside, most, where)


def _any(patterns: Sequence[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Patterns are compiled when first needed: `toolkit check` has a second for everything."""
    return re.compile(pattern, re.IGNORECASE)


class RuleSet:
    """The rules that count at one kind of place; most blocks are seen to match none at one glance."""

    def __init__(self, rules: tuple[Rule, ...], *wheres: Where) -> None:
        self.short = _Glance(tuple(rule for rule in rules if rule.where in wheres))
        self.long = _Glance(tuple(rule for rule in self.short.rules if rule.most > _LONG))

    def matching(self, view: str, words: int) -> Iterator[Rule]:
        """The rules that match a view of so many words, in their order."""
        return (self.long if words > _LONG else self.short).matching(view, words)


class _Glance:
    """Rules with one pattern for all of their openings and one list of all of their hints."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.opening = _any([rule.opening for rule in rules if rule.opening])
        self.inner = tuple(rule for rule in rules if rule.inside)
        self.most = max((rule.most for rule in rules), default=0)

    def matching(self, view: str, words: int) -> Iterator[Rule]:
        """The rules that match."""
        if words > self.most:
            return
        low = view.lower()
        opens = bool(self.opening) and _compiled(self.opening).match(view)
        for rule in self.rules if opens else self.inner:
            if words <= rule.most and rule.matches(view, low, bool(opens)):
                yield rule


_LONG = 45  # words: fewer rules speak of longer blocks
_NETWORKS = (
    r"(?:facebook|twitter|x(?=[\s|,/·•])|linkedin|whatsapp|telegram|reddit|pinterest|weibo|wechat|instagram|youtube|threads|bluesky"
    r"|mastodon|tiktok|e-?mail|messenger|line|flipboard|copy(?: link)?|link|print|save|pdf|rss|more|share|tweet|pin|like"
    r"|微信|微博|朋友圈|QQ空间|QQ好友|QQ|打印|收藏|分享|复制链接)"
)
_ARTICLE = r"(?:article|story|piece|post|report|essay|commentary|column|version|op-?ed|interview|item|dispatch|analysis|text|excerpt|explainer|guide|feature|review|profile|editorial|letter|podcast|episode|series|investigation|factsheet|blog|conversation|transcript|page)"

_ABOUT = r"(?:content|article|summary|text|post|story|report|translation|transcript|page|site|publication|material|headline|work|information)"
_SAID = r"(?:said|says|told|wrote|writes|argued|repeated|explained|warned|added|insisted|found|ruled|court|regulators?|laws?|must|should|shall)"
"""Words of news about such notices; no notice has them."""
_CREDITED = (  # names and the small words between them, to the end of the line
    r"(?-i:(?:[A-Z0-9@][\w.'’&@-]*+|and|in|at|for|of|the|de|van|von|der|den|di|la|al|bin|by|with|from|to|on|our|staff|news|desk|wires?"
    r"|agencies|editing|reporting|writing|additional|compiled|translation|translated|graphics?|research|illustrations?|photos?|photography"
    r"|video|edited|written|produced|correspondents?|reporters?|bureau|newsroom)[\W_]*+)+$"
)
_PROSE_END = r"(?!.*[a-z]{3}\.$)"

RULES: tuple[Rule, ...] = (
    _rule("separator", 6, r"^[\W_]+$", r"^\W*(?:-\s?30\s?-|ends?|\(?(?:全文)?完\)?|\[?ends\]?|本文完|end of (?:story|article))\W*$"),
    _rule(
        "cookies", 90,
        ("cookie", r"^(?=.*\bcookies?\b)(?=.*\b(?:we|our|us|this (?:web)?site|your|you)\b)(?=.*\b(?:use[sd]?|using|accept|consent|agree"
        r"|preferences|settings|privacy|partners|continue|experience|store|essential|analytics)\b)(?!.*\b(?:said|says|told|fined|court|regulators?|ruled|laws?)\b)"),
        r"^(?:accept|reject|allow|manage|decline|customi[sz]e)(?: (?:all|my|your|only|necessary|essential))*"
        r"(?: (?:cookies?|preferences|settings|choices|consent))*\W*$",
        r"^(?:cookie|privacy|consent) (?:policy|settings|preferences|notice|choices)\W*$",
        r"^(?:we|this site) (?:and our (?:\d+ )?partners )?(?:value|respect|care about) your privacy",
        r"^(?:我们|本(?:网)?站|此网站).{0,12}(?:使用|利用).{0,6}cookies?",
    ),
    _rule(
        "copyright", 60,
        r"^\W*(?:content |text |all content )?(?:©|\(c\)|copyright\W+(?:©|\(c\)|\d{4}|by\b|of\b|held|(?-i:(?:The )?[A-Z])))(?=.{0,80}(?:\d{4}|reserved|ltd|limited|inc|llc|gmbh|media|press|publish))",
        ("©", r"©\s*(?:copyright )?(?:19|20)\d\d"),
        ("all rights reserved", r"\ball rights reserved\b(?! (?:to|by|for|under|in)\b)"),
        r"^\W*(?:©|\(c\)|copyright)\W+(?:19|20)\d\d\W+(?-i:(?:the |by )?[A-Z])(?!.*\b(?:law|act|rules|treaty|directive|convention|reform)\b)",
        ("no part of ", r"\bno part of (?:this|the|our|any) [\w ]{3,30} (?:may|can|shall) be (?:reproduced|copied|reprinted|republished|stored|used)\b"),
        ("may not be ", r"\b(?:contents?|materials?|text|articles?|stor(?:y|ies)|reports?|publication|page|site|work|photographs?|images?|information|this)\b.{0,60}"
        r"\bmay not be (?:published|reproduced|broadcast|rewritten|redistributed|copied|republished|reprinted)\b(?!.* (?:permit|review|servers?)\b)"),
        rf"^(?:reproduction|redistribution|republication)\b(?:.{0,20}| of (?:this|any|our|the|all|these) (?:\w+ )?{_ABOUT}s?\b.{0,40}|.{0,40}\b(?:without|in whole|in part|strictly)\b.{0,40})"
        r"\b(?:prohibited|permission|forbidden|permitted)\b",
        r"^.{0,20}版权所有(?!者|人)", r"^(?:©|本|网站|文章|作品|以上|内容|所有).{0,16}(?:著作权|版权)归",
        ("未经|转载", r"(?:未经.{0,14}(?:授权|许可|允许|同意).{0,20}(?:转载|使用|复制|摘编)|转载请(?:注明|联系)|欢迎转载|严禁转载)"),
    ),
    _rule(
        "syndication", 60,
        rf"^\W*(?:this|an earlier version of this|an? (?:longer |shorter )?version of this|our) {_ARTICLE}\b.{{0,60}}\b"
        r"(?:appear(?:s|ed)|published|posted|ran|republished|reprinted|produced (?:by|in partnership|for|with)|syndicated|translated"
        r"|adapted from|provided by|distributed|(?:was|is) (?:supported|funded|commissioned|made possible|part of (?:an?|our|the) (?:\w+ ){0,2}"
        r"(?:series|project|collaboration|partnership|package|coverage|section|report|edition)))\b",
        rf"^\W*the (?:\w+ )?{_ARTICLE}\b(?:.{{0,20}} is (?:republished|reprinted|syndicated|translated)|.{{0,40}}\b(?:originally|first)? ?"
        r"(?:appeared|published|posted|ran) (?:in|on|at|by) (?-i:(?:the |The )?[A-Z]))",
        r"^\W*(?:originally|first|previously) (?:published|appeared|posted)(?=\W*(?:\d|on\b|in\b|at\b|by\b|under\b|here\b|with\b|[:：]|$))(?!.*, (?:the|its?|he|she|they|his|her|an?)\b).{0,120}$",
        r"^\W*(?:re-?published|reprinted|reproduced|syndicated|distributed|published) (?:here )?(?:with|by|under) (?:the )?"
        r"(?:kind )?(?:permission|arrangement|licen[cs]e|agreement|courtesy)",
        r"^\W*(?:republished|syndicated|reprinted|cross-?posted|courtesy) (?:from|of)\b",
        ("creative commons", r"(?:^|\b(?:this|our|republish\w*|except|otherwise|original|all|article|content)\b.{0,80})\bcreative commons\b.{0,60}(?:licen[cs]e|attribution)"),
        r"^(?:read the original (?:article|story|version|here)|view (?:the )?original|original (?:article|link|story|text))\b",
        r"^(?:本文|文章|此文|本稿)(?:.{0,6})(?:首发|来源|转载|原载|刊于|摘自|系转|编译自|由.{2,20}授权)",
        r"^[（(]?(?:文章来源|稿源|信息来源|原文链接|原标题|原题|原载|转载自|稿件来源|消息来源)\s*[:：】]",
    ),
    _rule("date_line", 20, r"^\W*reading time\b", where="edge"),
    _rule("newsletter", 30, r"^\W*you(?: are|'re) (?:reading|viewing|seeing)\b(?=.*\b(?:free|subscri|edition|preview|sample|version)\w*)", where="edge"),
    _rule("syndication", 14, r"^[（(]?(?:source|via|originally from|from|来源)\s*[:：]\s*\S", where="edge"),
    _rule(
        "disclaimer", 90,
        ("expressed|set out|contained|presented", r"^(?!.*\b(?:said|told)\b)(?=.*\b(?:views?|opinions?|analysis)\b).*\b(?:expressed|set out|contained|presented)\b.{0,60}\b"
        r"(?:author|writer|contributor|own|not (?:necessarily )?(?:reflect|represent|those))"),
        r"^(?:the )?(?:views?|opinions?)\b.{0,60}\b(?:are|is) (?:those|the author|his|her|their|my|solely|personal|entirely)",
        rf"^\W*(?:(?:please )?note\W+|disclaimer\W+|notice\W+)?(?:(?:this|the|our|some|all|parts? of (?:this|the)) )?(?:\w+ )?{_ABOUT}\b(?!.*\b{_SAID}\b).{{0,60}}\b(?:ai|artificial intelligence"
        r"|machine|automatically|algorithm\w*|chatgpt|language model)[- ]?(?:generated|translated|assisted|produced|written|transcribed)",
        rf"^\W*(?:ai|machine|automatically)[- ](?:generated|translated|assisted|written) (?:content|summary|text|translation|transcript|article|image|illustration|audio)\b(?!.*\b{_SAID}\b).{{0,40}}$",
        r"^\W*(?:this |the )?(?:summary|translation|transcript|audio|illustration|headline|key points?)(?: (?:is|was|were|has been))? (?:generated|translated|produced|written|created|summari[sz]ed|transcribed) (?:by|with|using)"
        r" (?:the help of )?(?:an? )?(?:ai|artificial intelligence|machine(?! learning)|large language|automated|generative)\b",
        rf"^(?:this|the|our) (?:\w+ ){{0,2}}{_ABOUT}\b(?!.*\b{_SAID}\b).{{0,60}}\b(?:generated|translated|produced|written|created|summari[sz]ed|transcribed) (?:automatically|(?:by|with|using)"
        r" (?:the help of )?(?:an? )?(?:ai|artificial intelligence|machine(?! learning)|large language|automated|generative))",
        ("automat|ai tool|machine", rf"\b(?:this|the|our|parts? of|some) (?:\w+ )?(?:{_ABOUT}|box|list|overview|digest|version)\b(?!.*\b{_SAID}\b).{{0,60}}\b(?:prepared|compiled|produced|made|created|generated|written)\b.{{0,30}}\b(?:automated tools?|automatically|ai tools?|by (?:a )?machine(?! learning)|machine translation)\b"),
        ("views|opinions", r"\b(?:views|opinions) (?:are|expressed).{0,40}\b(?:own|alone)\W*$"),
        r"^(?:while|although) we (?:strive|try|aim|endeavou?r)\b",
        ("advice|recommendation|offer|solicitation|ai tool|automat|machine", rf"^(?!.*\b{_SAID}\b).*\b(?:not|nor|nothing)\b.{{0,40}}\b(?:constitutes?|intended (?:as|to)|be (?:construed|taken|considered|relied)|meant as)\b.{{0,40}}\b"
        r"(?:automat|machine|ai tool|advice|recommendation|offer|solicitation)\b"),
        r"^(?:this|the|any|all)\b.{0,60}\bfor (?:general )?(?:informational?|educational) purposes only",
        r"^(?:legal )?disclaimers?\b\s*[:：.]?", r"^our standards\s*[:：]", ("trust principles", r"\btrust principles\b"),
        r"^(?:(?:the )?(?:authors?|writers?|he|she|they)|(?-i:[A-Z]\w+(?: [A-Z][\w'-]+){1,2}),?) (?:receives? no|has no relevant|have no relevant|declares? no|reports? no)\b.{0,80}(?:fund|interest|affiliation|consult|disclos)",
        r"^.{0,60}\b(?:does|do) not work for\b.{0,80}(?:fund|interest|affiliation|consult|disclos)",
        ("代表", r"(?:本文|文章|以上|上述).{0,12}(?:仅|只|不)?代表.{0,12}(?:个人|作者|本人|本(?:报|刊|网|站|平台)|立场|观点)"),
        ("建议|声明|风险提示|生成|翻译|撰写", r"(?:不构成.{0,8}(?:投资|任何).{0,4}建议|^免责声明|^风险提示\s*[:：]|由(?:AI|人工智能|机器).{0,6}(?:生成|翻译|撰写)(?!的|内容|式)|^声明\s*[:：])"),
    ),
    _rule(
        "note", 80,
        r"^\W*(?:corrections?|clarifications?|editors?'?s?'? notes?|editorial notes?|note to (?:editors|readers|desk)|update)\b"
        r"(?:,? (?:\(|\w+ \d).{0,20})?\s*[:：]", r"^\(\$?1 (?:us dollar )?= [\d.]+ .{3,40}\)$",
        where="edge",
    ),
    _rule(
        "note", 80,
        rf"^\W*(?:this {_ARTICLE} (?:has been|was|is) (?:\w+ )?(?:(?:updated|corrected|clarified)\b|(?:amended|edited|revised|condensed|abridged)(?=\W*(?:$|(?:on|to|at|for|with|after|from|and|by)\b))))",
        r"^\W*\(?(?:as (?:prepared|delivered|written) for|check(?:ed)? against delivery|embargoed (?:until|till|for)|for immediate release|not for (?:release|distribution|publication)|advance copy|unedited transcript)\b.{0,80}$",
        rf"^\W*(?:(?:corrections?|clarifications?)\s*[:：] )?an earlier version (?:of this (?:\w+ )?{_ARTICLE}\b|(?:mis|incorrectly|wrongly))", r"^\W*(?:editors?'?s?'?|editorial) notes?\s*[:：]",
        r"^[【(（]?(?:编者按|编者注|更正|勘误)\s*(?:[:：】）]|$)",
    ),
    _rule(
        "newsletter", 60,
        r"^\W*(?:please )?(?:subscribe|sign[- ]?up|register|join)\b(?!.*\b(?:said|told)\b).{0,80}\b(?:newsletters?|inbox|mailing|e-?mails?|updates|alerts"
        r"|free|briefings?|digest|channel|list|today|now|access|unlimited|subscribers|members|readers|weekly|daily)\b",
        ("newsletter", r"\b(?:our|free|weekly|daily|this|morning|the \w+(?: \w+)?) newsletters?\b(?!.*\b(?:was|were|had|said|told)\b).{0,80}\b(?:inbox|sign|subscribe|deliver|join|receive|e-?mail|every)\b"),
        r"^\W*(?:get|receive|have|want)\b.{0,90}\b(?:in(?:to)? your (?:inbox|mailbox)|delivered (?:to|straight)|by e-?mail|e-?mailed to you)\b",
        ("your inbox|your mailbox", r"^(?!.*\b(?:said|told)\b).*\b(?:straight to|in|into) your (?:inbox|mailbox)\b"), r"^(?:already |not )?(?:a |an? existing )?(?:subscriber|member|registered)\b.{0,40}\b(?:log|sign|subscribe|join)\b",
        r"^(?:log|sign) ?in\b.{0,60}$", r"^subscribe(?: now| today| here| to \w+.{0,30})?\W*$",
        ("reading|read the|read this|read more", r"\b(?:to (?:continue|keep|finish) reading|to read (?:the (?:full|rest)|this|more))\b.{0,60}\b(?:subscri|regist|log|sign|account|trial|member)"),
        r"^(?:subscribe|register|log in|sign in|create (?:a|an) (?:free )?account)\b.{0,60}\bto (?:continue|keep|read|unlock|access)\b",
        r"^(?:the (?:rest|remainder|full (?:text|article|story|version))|this (?:article|content|story|page|report)) (?:of this \w+ )?is"
        r" (?:only |exclusively )?(?:for|available (?:only )?to|exclusive to|reserved for|locked|behind)\b",
        r"^you(?:'ve| have)? (?:\d+|one|two|three|reached|read|used)\b(?=.*\b(?:free|month\w*|limit|remaining|left|week|complimentary)\b).{0,60}\barticles?\b",
        r"^\W*(?:never|don'?t) miss (?:an?|any|another|our|the) (?:story|stories|issue|update|beat|thing|news|article|episode|edition|moment)\b.{0,120}$",
        r"^(?:enter|type) your e-?mail", r"^your e-?mail(?: address)?\W*$", r"^(?:support (?:our (?:work|journalism|reporting|newsroom|mission|team)|(?:independent|quality|local|public[- ]interest|trusted) (?:journalism|media|reporting|news\w*))|donate(?=\W*$| (?:now|today|here|online|monthly|to (?:us|our|support|help|keep)|and (?:help|support))\b)"
        r"|become an? (?:member|subscriber|supporter|patron)(?=\W*$| (?:today|now|of (?:our|the (?-i:[A-Z]))|to|and (?:get|support|read|help|enjoy)|for|here|from)\b))\b.{0,160}$",
        r"^(?:if you (?:enjoyed|liked|found|value)|enjoy(?:ed|ing) (?:this|our)|like what you)\b.{0,160}\b(?:subscrib|support|shar|sign|newsletter|donat|member)",
        r"^unlock (?:this (?:article|story|content|page)|the (?:full|rest|article|story)|full|unlimited|all|access|premium)\b", r"^(?:订阅(?!服务|收入|用户|费|制|量|者|模式|数)|(?:扫码|扫描)(?=.{0,10}(?:关注|下载|阅读|查看|加入|二维码|订阅|添加|识别))|长按.{0,8}(?:二维码|识别|图片|关注)|关注我们|点击关注|加入会员|欢迎订阅|登录后).{0,60}$",
        ("扫码|二维码|关注|订阅", r"^(?!.*。\W*$).*(?:扫码关注|长按.{0,6}二维码|关注.{0,20}(?:公众号|微信号|视频号)|订阅.{0,10}(?:电子报|通讯|邮件))"),
    ),
    _rule(
        "newsletter", 22,
        r"^\W*(?:please )?(?:sign[- ]?(?:me )?up|subscribe|opt in) (?:to|for|here|now|free|today|at|below)\b(?!.*\b(?:said|told)\b)",
        ("unsubscribe|preferences|subscription|receiving", r"\b(?:unsubscribe|update (?:your )?preferences|manage (?:your )?(?:subscription|preferences)|(?:stop|opt out of) receiving)\b"),
        r"^\W*(?:you (?:are|were|'re) receiv|you(?:'ve| have)? received? this|if you (?:have|are having|had) trouble|trouble (?:viewing|reading)|view (?:this|it) (?:e-?mail|message|newsletter|online|in))",
        r"^\W*(?:was this|this) (?:e-?mail|newsletter|message) (?:was )?(?:forwarded|sent)\b", r"^\W*(?:support (?:us|the show|this (?:show|podcast|site|work|channel|newsletter|project)|our (?:work|journalism|show|podcast|project)|independent (?:journalism|media|news\w*))|buy (?:me|us) a|tip jar|make a (?:gift|donation)|your (?:gift|donation|support) (?:of|helps|keeps|makes))\b",
        r"^\W*(?:donate|become a (?:member|patron|supporter|friend))\b(?!.*[a-z]{3}\.$).{0,60}$",
    ),
    _rule("copyright", 32, ("©", r"©"), ("crown copyright", r"\bcrown copyright\b"), r"^all (?:contents?|text|material|images|photographs)\b.{0,40}(?:\(c\)|copyright|reserved|licen[cs])"),
    _rule("furniture", 8, r"^\W*page\s*\d{1,4}\s*(?:of|/)\s*\d{1,4}\W*$", r"^第\s*\d{1,4}\s*页.{0,10}$"),
    _rule("furniture", 4, r"^\W*(?:page|p\.)\s*\d{1,4}\W*$", where="edge"),
    _rule(
        "advertisement", 14, r"^\W*(?:\w+ )?sponsor(?:ed by|s)?\s*[:：]", r"^\W*advertise (?:with us|here)\b",
        r"^\W*(?:advertisements?|sponsored(?: content| post| by .{1,40})?|promoted(?: content| by .{1,40})?|paid (?:content|post|partnership)"
        r"|ad|ads by \w+|广告|推广|赞助内容)\W*$",
        r"^\W*(?:this )?(?:story|article|report|content|scroll)(?: (?:down|continues?|resumes?))*(?: (?:below|after|to continue))(?: (?:the|this))?"
        r"(?: (?:advertisement|ad|promotion|video|reading))?\W*$",
        r"^\W*(?:skip|close|remove|report this) (?:the )?(?:ad|ads|advertisement|promotion|past newsletter.*)\W*$",
    ),
    _rule(
        "read_more", 34,
        r"^\W*(?:click here to |tap to )?(?:read|continue|keep)[ -](?:more|on|reading|(?:the )?(?:full|rest|next|entire)|next)\b(?!.{3,}[.;]$).{0,90}$",
        r"^\W*(?:also |please |must )?(?:read|see|watch|listen|view|related|more|explore|recommended)(?: (?:also|more|next|too|now|here|on this|reading|story|video))?\s*[:：|>»]\s*\S",
        r"^\W*(?:see|view|show|load|find|learn|explore|discover|browse) (?:more|all|less|full|out more|other)\b(?:(?!.*[a-z]{3}\.$)|(?= (?:about|here|at|from|on) )).{0,60}$",
        r"^\W*(?:the )?full (?:story|article|report|text|list|version|interview|statement)\b.{0,30}(?:here|[:：]|below|https?|available|»|→).{0,60}$",
        r"^\W*(?:click|tap) (?:here|on (?:(?:the|this|any) )?(?:link|image|photo|button|icon|headline|title|map|logo|picture|name)|to (?:read|see|view|enlarge|expand|download|share|play|listen|watch|copy|subscribe|join|open|tweet|follow|call|e-?mail)|the (?:link|image|photo|button|icon|picture|map|bell))\b.{0,80}$", r"^\W*(?:阅读全文|查看更多|查看全文|点击(?:查看|阅读|进入|关注|下载|播放).{0,20}|更多(?:内容|精彩|阅读|资讯|新闻)[^，。]{0,12}|展开全文|阅读原文|加载更多)\W*$",
        r"^\W*(?:延伸阅读|相关阅读|推荐阅读|相关(?:新闻|报道|文章|链接)|另见|参见)\s*[:：]\s*\S",
        ("read more|continue reading|full story", r"(?:^|[.!?…»”\"'\])]\s*)[\[(<]?(?:read (?:more|the full story)|continue reading|full story)\W{0,5}$"),
    ),
    _rule(
        "promotion",
        70,
        r"^\W*(?:get|try|download|explore|discover|visit|listen|watch|follow|support|do you (?:have|want|like|love)|want to|looking (?:for|to)|ready (?:for|to)|don'?t miss"
        r"|stay|upgrade|check out|join|learn|browse|buy|order|book|attend|have (?:a|you|your)|got a|are you|tell us|what do you think|read)\b(?!.*\b(?:said|told|says)\b).{0,220}"
        r"(?:\bour (?:[\w'-]+ ){0,3}(?:app|podcast|platform|webinar|events?|coverage|journalism|website|edition|store|survey|newsletters?|team|reporters|subscribers|community|channel|site|experts|shop|archive|magazine|bureau|desk)\b"
        r"|\b(?:visit|contact|join|follow) us\b|\bwith us (?:at|on|today)\b|\b(?:click|tap|available|up|register|more|now|online|order|tickets?|details|app|podcast|it|them|us|out|guide|report|copy|edition) here\W*$|\b(?:insights?|more|analysis|stories) (?:at|on) \S+\.\w+|\b(?:send it|e-?mail (?:us|it)|write to us|form below|get in touch)\b).{0,200}$",
    ),
    _rule(
        "share",
        14,
        rf"^\W*(?:\d[\d.,]*k?\s+)?(?:share|send|post)?(?: (?:this|on|via|to|by|with|the|article|story|page|post|it))*\s*[:：]?\s*{_NETWORKS}"
        rf"(?:(?:[\s|,/·•]|and|on|via|to)+{_NETWORKS})*(?: (?:this|the|article|story|page|post|on|to friends?))*\W*$",
        r"^\W*(?:listen|play|pause|audio|watch|gift)\b.{0,12}(?:article|story|audio|minutes?|min|video|full article)?\W*(?:\(?\d+ ?(?:min\w*|:\d\d).{0,6})?(?<![a-z]{3}\.)$",
        where="edge",
    ),
    _rule(
        "share", 22,
        r"^\W*(?:share|save|bookmark|gift|print|e-?mail|copy) (?:(?:this|the)(?: \w+)? (?:article|story|page|post|link|report|piece|item|news|video|podcast|episode|interview|content)|this|link|article|story|page|post|for later)\b[^.]{0,40}\W*$",
        rf"^\W*(?:share|save|e-?mail|send) (?:on|via|to|with) {_NETWORKS}\b.{{0,40}}$",
        r"^\W*(?:follow|like|find|connect with|join) (?:us|me|the author|\w+(?: \w+)?) (?:on|at|via)? ?(?:@\w|our\b|social\b|(?:facebook|twitter|x|linkedin|instagram|telegram|whatsapp|youtube|threads|bluesky|mastodon|tiktok|weibo|wechat|apple|google|spotify|medium|substack|flipboard|reddit)\b|\S+\.[a-z]{2,}\b).{0,80}$",
        r"^\W*\d[\d.,]*k? (?:shares?|likes?|views?|retweets?|claps?|reactions?|followers|reads)\b(?:\W+\d[\d.,]*k? (?:shares?|likes?|views?|comments?|reads))*\W*$",
        r"^\W*(?:text size|font size|a{2,4}|larger\W+smaller|smaller\W+larger|resize text|大 ?中 ?小|【?字[体号][:：].*)\W*.{0,20}$",
        r"^[\s|丨·【】\[\]]*(?:(?:打印|关闭|返回|顶部|收藏|分享|首页|纠错|举报|复制链接|打印本页|关闭窗口|返回顶部|我要纠错|大|中|小)[\s|丨·【】\[\]]*+)+$",
        r"^\W*(?:download|open|get) (?:the |this |a |as )?(?:\w+ )?(?:pdf|podcast|episode|app|print version|full report|transcript)\b.{0,50}$",
        r"^\W*(?:listen|watch|available|subscribe|find us|stream) (?:to (?:us|it|the show) )?on (?:apple|spotify|youtube|google|amazon|all|your)\b.{0,120}$", r"^\W*(?:re-?use|republish|license|reprint) this (?:content|article|story|piece)\b.{0,30}$",
        r"^\W*(?:分享到|分享至|扫一扫|用微信扫|点赞|转发|收藏本文|责任编辑邮箱)[^，。]{0,40}$", r"^(?:was this (?:article|page|information) (?:helpful|useful)|rate this).{0,60}$",
        r"^(?:report (?:a|an) (?:typo|error|problem)|suggest a correction|send us (?:a tip|feedback)|give feedback)\b.{0,80}$",
    ),
    _rule(
        "comments", 16,
        r"^\W*(?:\d[\d,]*|leave|post|add|view|show|hide|join|write|read|load|sort|be the first to|see all \d+)\b.{0,24}\b(?:comments?|comment section|conversation|discussion|responses)\b(?!.*[a-z]{3}\.$).{0,40}$",
        r"^\W*no comments?(?: yet| so far)?\W*$",
        ("join the ", r"^(?:.{0,60}[.!?:–—|-]\s*)?join the (?:conversation|discussion|debate)\W*$"), ("comment", r"(?:^|[.!?:]\s+|\b(?:log|sign)(?:ged)? in to |\bto )(?:please )?(?:leave|post|add) (?:a|your) comments?\b(?! (?:on|until|before|by)\b)"), ("comment", r"\b(?:in the )?comments? (?:below|section)\W*$"),
        r"^\W*(?:discuss this|sharing and comments|have your say)\b.{0,50}$",
        r"^\W*comments?\s*(?:\(\d+\)|[:：]|are (?:closed|disabled|off|moderated).*|section|policy|off)?\W*$",
        r"^\W*(?:reply|report abuse|log in to (?:reply|comment).*|leave a reply.*|\d+ (?:replies|thoughts on .*)|your email address will not be published.*|(?:newest|oldest) first)\W*$",
        r"^\W*(?:发表评论|网友评论|我要评论|评论区|暂无评论|最新评论|\d+条评论|写评论)(?!.*。$).{0,16}$",
    ),
    _rule(
        "navigation",
        4,
        r"^\W*(?:home|homepage|menu|search|close|login|log ?in|sign ?in|sign ?up|register|contact(?: us)?|about(?: us)?|advertise(?: with us)?|careers|jobs|sitemap|site map|help|faqs?"
        r"|privacy(?: (?:policy|notice|statement))?|terms(?: (?:of (?:use|service)|and conditions|& conditions))?|accessibility(?: statement)?|skip to (?:main )?content|skip to \w+|back to top|back|top|main menu|toggle (?:navigation|menu)"
        r"|open menu|close menu|previous|next|prev|subscribe|e-?paper|print edition|archive|archives|all sections|sections|my account|latest|toggle|english|中文|français|首页|返回顶部|返回首页|返回|关闭窗口|关闭|打印本页|打印|网站地图|联系我们|关于我们|设为首页|加入收藏|登录|注册|无障碍浏览|上一页|下一页)\W*$",
        where="edge",
    ),
    _rule(
        "navigation", 30,
        r"^\W*(?:home|front page|首页|主页|(?:您|你)?(?:的|现在的|当前)?(?:所在)?位置|当前位置|you are here)\s*[>»›/:：|→]",
        r"^\W*(?:previous|next|prev|older|newer)(?: (?:article|post|story|page|issue|posts))?\s*[:：»>«<→←]\s*.{0,100}$",
        rf"^\W*(?:previous|next|older|newer) (?:article|post|story|posts|page|issue)\b{_PROSE_END}.{{0,100}}$", r"^\W*(?:上一篇|下一篇|上一条|下一条)\W?.{0,50}$",
        rf"^\W*(?:jump|skip|go) to\b{_PROSE_END}.{{0,80}}$",
        r"^\W*(?:on this page|in this (?:article|story|section|report|issue)|table of contents|contents|目录)\s*(?:[:：].{0,80})?\W*$",
        r"^\W*(?:load(?:ing)?\W*$|loading (?:more|comments|page|content)|please wait|enable javascript|your browser does not support|javascript is (?:disabled|required)).{0,80}$",
    ),
    _rule(
        "byline", 50,
        r"^[\W_]*(?:additional |further |extra )?(?:reporting|editing|writing|compiled|graphics?|research|translation|data|illustrations?|photography|photographs?|photos?|video|with reporting|edited|translated|written|produced|fact[- ]?check\w*|with (?:additional )?(?:reporting|files|inputs?|contributions?)) (?:by|from)\s+" + _CREDITED,
        r"^[（(]?\s*(?:本报记者|记者|作者|责任编辑|责编|值班编辑|编辑|撰文|撰稿|通讯员|编审|审核|校对|翻译|文/|文|图/|实习生|监制|策划)\s*[:：/|丨]\s*.{1,60}$",
        r"^(?:本报)?(?:记者|通讯员|作者|编辑|责编|校对|见习记者)\s+[\u4e00-\u9fff·]{2,4}(?:\s+(?:(?:本报)?(?:记者|通讯员|作者|编辑|责编|校对|见习记者|摄影)\s*)?[\u4e00-\u9fff·]{2,4})*$",
        r"^[（(]\s*(?:本报记者|记者|责任编辑|责编|编辑|作者|特约评论员|本报评论员)\s*[^）)。]{1,40}[）)]$",
    ),
    _rule(
        "caption", 45,
        r"^\W*(?:file )?(?:photos?|images?|pictures?|photographs?|illustrations?|graphics?|videos?|credits?|(?:cover|header|lead|feature[d]?|top|main) (?:image|photo|picture))\s*(?:credits?|courtesy(?: of)?|source|by|via)?\s*[:：/|]\s*\S.{0,200}$",
        r"^\W*(?:photo|image|picture|photograph|illustration|graphic)s? (?:by|courtesy|credit|via|supplied|provided)\b(?!.*\b(?:shows?|showed|suggest\w*|reveal\w*|prove[sd]?|were|was|are|is|has|have)\b).{0,120}$",
        r"^.{0,260}(?:[\(\[/|:：]|\s[–—-])\s*(?:(?:file )?(?:photo|image|picture|handout|illustration)s?(?=\W*(?:by|via|credit|courtesy|provided|supplied|from|$)\b|\W*$|\s*[:：/©]|\s+(?-i:[A-Z]))\b.{0,40}|getty(?: images)?|reuters|afp|ap|ap photo|shutterstock|unsplash|pexels|istock|alamy|xinhua|vcg|bloomberg|epa|imago|stringer|handout|supplied)(?:\s*/\s*[\w .]+)?\s*[\)\]]?\.?$",
        r"^\[?(?:image|photo|picture|video|embed|graphic|infographic|chart|map)(?: \d+)?(?:\s*[:：].{0,160})?\]$", r"^!\[[^\]]*\]\([^)]*\)$",
        r"^(?:▲|△|▼)?\s*(?:图为|图片来源|图源|资料图|图/|配图|摄影|供图)\s*[:：]?.{0,60}$", r"^.{0,50}(?:新华社(?:发|记者)?.{0,10}摄|记者.{1,8}摄|资料图片|供图)[）)]?$",
    ),
    _rule(
        "tags", 30,
        r"^\W*(?:tags?|topics?|filed under|categor(?:y|ies)|keywords?|labels?|posted in|in this (?:article|story)|more about|related topics?|标签|关键词|主题词|主题分类|栏目)\s*[:：]\s*\S.{0,200}$",
        r"^#[^\W\d]\w+(?:[\s,]+#\w+)+$", where="edge",
    ),
    _rule(
        "contact", 50,
        r"^\W*(?:(?:for )?(?:media|press|news|public|reader|investor|general) )?(?:contacts?|enquir(?:y|ies)|inquir(?:y|ies)|queries|office)(?: (?:us|details|information|person|name))?\s*(?:[:：].{0,120})?$",
        r"^\W*(?:for|to request) (?:more|further|media|additional|press|general|any|interviews?)\b.{0,60}\b(?:contact|visit|call|e-?mail|see|write|please|enquiries|inquiries|go to|click)\b.{0,120}$",
        r"^.{0,80}(?:[\w.+-]+@[\w-]+\.[\w.]+|\+\d[\d ()\-]{6,}).{0,80}$",
        r"^\W*(?:website (?:sponsor|operator|identif\w+)|site (?:id|code|identif\w+)|sponsored by|hosted by|organi[sz]er|best viewed|browse with|record (?:no|number)|\(?this (?:document|information) is disclosed)\b.{0,160}$",
        r"^\W*(?:tel|telephone|phone|fax|e-?mail|web(?:site)?|address|hotline|联系人|联系电话|电话|传真|邮箱|地址|邮编|联系方式|咨询电话|网址|主办单位|承办单位|备案号|京ICP备|网站标识码)\s*[:：.]\s*\S?.{0,120}$",
        r"^\W*(?:https?://|www\.)\S+\W*$", where="tail",
    ),
    _rule("contact", 12, r"^\W*(?:tel|telephone|phone|fax|mobile|电话|传真|联系电话)\s*[:：.]?\s*[+(]?\d[\d\s()+\-/]{5,}\W*$"),
    _rule("bio", 90, r"^[\W_]*about the (?:authors?|writers?|contributors?|reporters?)\s*[:：|–—]\s*\S"),
    _rule(
        "bio", 90,
        r"^[\W_]*(?:about the (?:authors?|writers?|contributors?)\b(?! of\b)|the (?:authors?|writers?) (?:is|are|was|were|has|teaches|works|writes|can be)\b)",
        r"^[\W_]*(?:follow|e-?mail|write to|reach|contact|get in touch with) (?:the (?:author|writer|reporter)|him|her|them|(?-i:[A-Z][\w'-]+(?: [A-Z][\w'-]+)?))\b.{0,60}(?:@|on (?:twitter|x|linkedin|bluesky|mastodon)|at\b).{0,60}$",
        r"^(?:[（(]?(?:作者|本文作者)(?:系|为|是|简介|单位).{2,80})$", where="tail",
    ),
)  # fmt: skip

ANYWHERE = RuleSet(RULES, "any")
AT_EDGES = RuleSet(RULES, "edge")
AT_END = RuleSet(RULES, "edge", "tail")

_NAME = r"(?:(?:Dr|Prof|Professor|Mr|Ms|Mrs|Sir|Dame|Amb)\.? )?[A-Z][\w.'’\-]*(?: (?:[A-Z][\w.'’\-]*|de|van|von|der|den|bin|al|el|di|la|le|du|dos|da)){1,4}"
BIO = re.compile(
    rf"^[\W_]*{_NAME}(?:(?:,| and| &) {_NAME})*,? (?:is|are|was|were|has (?:been|covered|written|reported|worked)|covers|writes|reports|teaches|works|serves|leads|edits"
    r"|translates|lives|researches|studies|joined|contributed|specialises|specializes|holds|heads|directs)\b",
)
"""A sentence that begins with a name and what that person is; a bio if it names one of `TRADES` after the last body."""
TRADES = re.compile(
    r"\b(?:correspondent|reporter|editor|writer|columnist|journalist|fellow|analyst|professor|lecturer|director|researcher|author of|contributor|contributing|freelanc\w+"
    r"|covers|covering|based in|economist|student|candidate|consultant|scholar|scientist|staff|teaches|writes|reports (?:on|from|for)|studies|adviser|advisor|bureau|newsroom|desk|contributed"
    r"|newsletter|podcast|partner at|head of|founder|chair|institute|university|college|school of|centre|center|programme|program|think tank|research associate"
    r"|former|ex-|book|novel|memoir|broker|banker|diplomat|lawyer|engineer by|historian|policy|member of|trained as|graduate)\b",
    re.IGNORECASE,
)
RELATED = re.compile(
    r"^\W*(?:"
    r"(?:related|recommended|suggested|similar|featured|popular|trending|latest|recent|top|other|further|additional) (?:articles?|stories|story|news|posts?|content|coverage|readings?|links?|reports?|videos?|headlines|items|questions|topics|interviews|episodes)(?: (?:from|in|on|by) .{1,40})?"
    r"|related|recommended(?: for you)?|more (?:articles?|stories|news|posts|coverage|reports|headlines|reading|like this|to (?:read|explore)|top stories)(?: (?:from|in|on|by|about|like) .{1,40})?"
    r"|more (?:from|in|on|by) .{1,40}|more \w+ (?:news|stories|articles|headlines|coverage)|similar questions|most (?:read|popular|viewed|shared|commented|recent)(?: (?:in|on|this|today|stories|articles|now).{0,30})?|(?:trending|popular)(?: (?:now|today|this week|on .{1,20}))?"
    r"|editor'?s?'? (?:picks?|choices?)|you (?:may|might)(?: also)? (?:like|enjoy|be interested in|have missed)(?: .{0,20})?|(?:what to )?(?:read|watch) next|up next|next up|(?:people|others|readers|also) (?:also )?(?:read|viewed|liked)"
    r"|in case you missed it|don'?t miss|must[- ]reads?|keep reading|around the web|from (?:our|the) (?:archives?|web|partners|magazine)|elsewhere (?:on|in) .{1,30}|also (?:on|in) .{1,30}|promoted stories|sponsored links|latest (?:from|in|on) .{1,40}|explore (?:more|topics?)(?: .{1,30})?"
    r"|read (?:more|also|on)|also read|see also|more reading|suggested reading|you might have missed"
    r"|相关(?:新闻|报道|文章|链接|阅读|推荐|稿件|内容)|延伸阅读|推荐阅读|热门(?:推荐|文章|新闻|点击)|热点(?:推荐|新闻)|最新(?:文章|新闻|资讯)|猜你喜欢|为您推荐|精彩推荐|更多(?:新闻|文章|推荐|阅读)|点击排行|阅读排行|大家都在看|往期(?:回顾|精彩|推荐)"
    r")\s*[:：»>→|–—-]*\W*$",
    re.IGNORECASE,
)
"""The heading of a list of other articles."""
RELATED_INLINE = re.compile(
    r"^\W*(?:related(?: (?:articles?|stories|story|news|posts?|coverage))?|(?:more|latest) (?:from|in|on) [^:：]{1,40}|more (?:interviews|stories|news|reading|coverage|articles|reports|videos|episodes|posts|columns|features|background|headlines|analysis|opinion|like this)|recommended|see also|also read|also in (?:this|the|our) [^:：]{2,20}|(?:next|coming) (?:week|month|issue|up|in the series)|in (?:our|the) next (?:issue|number|edition)|most read|trending|相关(?:新闻|报道|文章|阅读)|延伸阅读)\s*[:：]\s*\S.{0,400}$",
    re.IGNORECASE,
)
"""The same with the list on the line itself."""
COMMENTS_OPEN = re.compile(
    r"^\W*(?:(?:\d[\d,]*|no|reader|latest|all|top) comments?\b.{0,20}|comments?(?:\s*\(\d+\))?\s*[:：]?|comments?\s*[:：]?\s*(?:our |the )?(?:rules|policy|guidelines)|(?:community|house|commenting|discussion) (?:rules|guidelines|policy|standards)|\d+ (?:thoughts|responses|replies) (?:on|to)\b.{0,120}|(?:leave|post|add) (?:a|your) (?:comment|reply).{0,30}|网友评论.{0,10}|最新评论)\W*$",
    re.IGNORECASE,
)
BIO_OPEN = re.compile(
    r"^\W*(?:about the (?:authors?|writers?|contributors?|reporters?)|(?:the )?authors?|contributors?|作者简介|关于作者)\s*[:：]?\W*$",
    re.IGNORECASE,
)
CONTACT_OPEN = re.compile(
    r"^\W*(?:(?:media|press) )?(?:contacts?|enquiries|inquiries|contact (?:us|details|information)|联系方式|联系我们)\s*[:：]?\W*$",
    re.IGNORECASE,
)
