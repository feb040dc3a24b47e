"""Who must do it: the subject that the sentence gives, carried over where Chinese does so."""

import re
from collections.abc import Sequence

from obligations.clauses.sentences import Sentence, Stretch
from obligations.clauses.subjects import (
    driven_subject,
    leading_subject,
    led_subject,
    named_subject,
    topic_subject,
    trailing_subject,
    whole_subject,
)
from obligations.phrases import Mention
from obligations.schedule import After, Once, Undetermined

_ORDINAL = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}是|第[一二三四五六七八九十]，|首先|其次|再次|最后)"
)
_LAYER = re.compile(r"\s*(?:[一二三四五六七八九十]是)?([\u4e00-\u9fff]{1,10})(?:层面|方面|层级)$")
_ROLE = re.compile(
    r"发挥([\u4e00-\u9fff（）、]{2,20}?(?:办公室|委员会|部门|单位|机构|小组|中心|[办委局]))(?=统|协|督|牵|作|的|职|监)"
)
_TIER = r"[省市州县区镇乡村街](?:[（(][^（()）]{1,6}[）)])?"
_TIERS = re.compile(rf"((?:{_TIER}、?){{2,5}})[两二三四五]级")
_NAMES = ("办公室", "委员会", "部门", "单位", "负责人", "企业", "政府")
_OPENING = re.compile(r"(?:\s|从|自|在|于|到|至|即日|现在|印发之日|发布之日|起)*")
_DATE = re.compile(r"(?:[\d一二三四五六七八九十]{1,4}|[今明本])?[年月日]")
_MUST_BY = re.compile(r"(?:应当|必须|须|应|要)由(?!于)")
_LIST_GOES_ON = re.compile(r"(?:、|以及|和|或者?|及|等)")
_BY = re.compile(r"^(?=\W*(?:要|应|须|必须|均|统一)?由)|(?<=[前后时中])由")
_WHOM = re.compile(r"\s*(?:对|针对)")
_FURTHEST = 40  # behind so many clauses no subject goes on
_GAP = 8
_MORE_OFTEN = re.compile(r"(?:频次|频率|力度|密度|次数)$")
_MODALS = ("应", "要", "须", "必须", "每", "在", "按", "根据", "结合", "依照")
_MOST_NAMES = 4
_HELPS = re.compile(r"(?:积极|主动|密切|共同)?(?:配合|协助|参与|参加)")
_AND = re.compile(r"^\s*(?:以及|和|及|或者)")


def find_actor(sentence: Sentence, mention: Mention, inherited: str) -> str:
    """Give who must do what the mention times, "" where nobody is named.

    ``inherited`` is the subject of the sentences before.
    """
    at = sentence.index(mention.start)
    last = sentence.index(max(mention.end - 1, mention.start))
    return (
        led_subject(sentence.text[mention.tail : sentence.clauses[at].end])
        or _in_clause(sentence, sentence.clauses[at], mention)
        or _behind(sentence, sentence.clauses[last:], mention)
        or _in_event(mention)
        or _before(sentence, sentence.clauses[: at + 1], mention)
        or ("" if _starts_afresh(sentence, mention) else inherited)
    )


def inherit(sentence: Sentence, inherited: str) -> str:
    """Give the subject that goes on into the next sentence; 一是, 二是 begin anew.

    Of several subjects nobody can say which one goes on.
    """
    named = named_subject(sentence.text)
    if named:
        return named
    found = {name for clause in sentence.clauses if (name := subject_of(sentence, clause))}
    if found:
        return found.pop() if len(found) == 1 else ""
    return "" if opens_anew(sentence) else inherited


def opens_anew(sentence: Sentence) -> bool:
    """Whether a sentence opens a point of its own: 二是加强检查."""
    return bool(_ORDINAL.match(sentence.text))


def _in_clause(sentence: Sentence, clause: Stretch, mention: Mention) -> str:
    """The subject before the phrase in its own clause."""
    before = sentence.text[_own_start(sentence, clause, mention) : mention.start]
    by = _MUST_BY.search(before)
    if by and (name := led_subject(before[by.start() :])):
        return name
    found = leading_subject(before, len(before)) or trailing_subject(before) or _loose(before)
    if found:
        return found
    last = "" if _WHOM.match(before) else before.rpartition("、")[2]
    found = leading_subject(last, len(last)) or trailing_subject(last)
    joined = _AND.match(before)
    if joined and clause.start:
        own = leading_subject(before[joined.end() :], len(before) - joined.end())
        earlier = sentence.clauses[sentence.index(clause.start) - 1]
        return "，".join(filter(None, (_listed(sentence, earlier), joined.group() + own)))
    words, limit = sentence.words(clause), mention.start - clause.start
    return found or leading_subject(words, limit) or driven_subject(words, limit)


def _own_start(sentence: Sentence, clause: Stretch, mention: Mention) -> int:
    """Where the mention's own words begin: behind the one before it in the same clause."""
    near = sentence.mentions_near(mention.start)
    ends = (m.end if m.end <= mention.start else m.tail for m in near)
    ended = max((end for end in ends if clause.start < end <= mention.start), default=None)
    if ended is None:
        return clause.start
    stop = sentence.text.find("、", ended, mention.start)
    return stop + 1 if stop >= 0 else mention.start


def _loose(before: str) -> str:
    """A subject with some words of the event between it and the phrase: 安委办事故查处|结案后."""
    for at in range(len(before), max(len(before) - _GAP, 1), -1):
        if before[:at].endswith(_NAMES):
            return leading_subject(before[:at], at)
    return ""


def _in_event(mention: Mention) -> str:
    """The subject of the event itself: 施工单位接到通知后……."""
    if not isinstance(mention.schedule, After):
        return ""
    event = mention.schedule.event
    return leading_subject(event) or _loose(event)


def _behind(sentence: Sentence, clauses: Sequence[Stretch], mention: Mention) -> str:
    """The subject after the phrase: 5月底前，各单位要……; 每年由应急办牵头……."""
    rest = sentence.text[mention.end : clauses[0].end]
    if clauses[0].start > mention.start:
        inside = leading_subject(sentence.words(clauses[0]))
        if inside:
            return inside
    by = _BY.search(rest)
    if by and (name := led_subject(rest[by.start() :])):
        return name
    if not _OPENING.fullmatch(
        sentence.text, clauses[0].start, max(mention.start, clauses[0].start)
    ):
        return ""
    if rest.strip("前，时、内起后") and not (_LIST_GOES_ON.match(rest) and clauses[1:]):
        return leading_subject(rest.lstrip("、"))
    if len(clauses) == 1 or clauses[0].mark != "，":
        return ""
    spoken = (sentence.words(clause) for clause in clauses[1:])
    following = next((words for words in spoken if not words.endswith("的")), "")
    return led_subject(following) or leading_subject(following)


def _before(sentence: Sentence, clauses: Sequence[Stretch], mention: Mention) -> str:
    """The nearest subject in the clauses before, up to the beginning of the sentence.

    What stands behind ； takes no subject from a group that opens with a date of its own; and a
    date behind ； takes none from a group that says no time at all.
    """
    opening = not sentence.text[clauses[-1].start : mention.start].strip()
    dated = opening and _is_date(mention)
    crossed = False
    for number in range(len(clauses) - 2, max(len(clauses) - _FURTHEST, 0) - 1, -1):
        if clauses[number].mark == "；":
            crossed = True
            if dated and not _holds(sentence, _group(clauses, number)):
                return ""
        found = subject_of(sentence, clauses[number])
        if found and not (crossed and _opens_dated(sentence, _group(clauses, number))):
            return found
    return ""


def subject_of(sentence: Sentence, clause: Stretch) -> str:
    """Give the subject that a clause opens with, or the one whose part it speaks of."""
    words = sentence.words(clause)
    layer = _LAYER.match(words)
    if layer:
        return layer[1]
    if clause.mark in ("：", ":") and (named := named_subject(words)):
        return named
    if whole_subject(words) and sentence.text.startswith(_MODALS, clause.end + 1):
        listed = _listed(sentence, clause)
        if listed:
            return listed
    found = _opening_subject(sentence, clause)
    if found and _HELPS.fullmatch(words, len(found)):
        return ""
    role = None if found else _ROLE.search(words)
    return role[1] if role else found or led_subject(words)


def _opening_subject(sentence: Sentence, clause: Stretch) -> str:
    """The subject that opens a clause; a time phrase may stand right behind it."""
    words = sentence.words(clause)
    found = leading_subject(words) or (topic_subject(words) if words.endswith("的") else "")
    timed = sentence.mentions_from(clause.start, clause.end)
    return found or (leading_subject(words, timed[0].start - clause.start) if timed else "")


def _listed(sentence: Sentence, last: Stretch) -> str:
    """Give the names that fill whole clauses up to this one: ……单位，……单位，应当……."""
    first = None
    for clause in reversed(sentence.clauses[: sentence.index(last.start) + 1][-_MOST_NAMES:]):
        if not whole_subject(sentence.words(clause)) or (first and clause.mark != "，"):
            break
        first = clause
    return _AND.sub("", sentence.text[first.start : last.end].strip()) if first else ""


def _group(clauses: Sequence[Stretch], last: int) -> Stretch:
    """The clauses between two ； that end with this one."""
    first = last
    while first > 0 and clauses[first - 1].mark != "；":
        first -= 1
    return Stretch(clauses[first].start, clauses[last].end)


def _holds(sentence: Sentence, group: Stretch) -> bool:
    return bool(sentence.mentions_from(group.start, group.end))


def _opens_dated(sentence: Sentence, group: Stretch) -> bool:
    """Whether a group opens with a date, so that its subject stands behind the date."""
    first = sentence.mentions_from(group.start, group.start + 2)
    return any(_is_date(mention) for mention in first)


def _is_date(mention: Mention) -> bool:
    """Whether a phrase is a date, in a notice that tells no year too."""
    schedule = mention.schedule
    undated = isinstance(schedule, Undetermined) and _DATE.match(schedule.text)
    return isinstance(schedule, Once) or bool(undated)


def _starts_afresh(sentence: Sentence, mention: Mention) -> bool:
    """Whether a sentence opens a point, or with a vague time of its own: 在重要节点，组织检查.

    节假日前要加密检查频次 goes on about the duty before it.
    """
    if opens_anew(sentence):
        return True
    schedule = mention.schedule
    opening = sentence.text[: mention.start].strip(" 在")
    if opening or not isinstance(schedule, Undetermined) or _is_date(mention):
        return False
    return not _MORE_OFTEN.search(schedule.text)


def distribute(actor: str, count: int) -> tuple[str, ...]:
    """Give each of several schedules joined by 分别 its own actor.

    >>> distribute("市县两级监管部门", 2)
    ('市级监管部门', '县级监管部门')
    >>> distribute("省、市、县（区）三级应急部门", 3)
    ('省级应急部门', '市级应急部门', '县（区）级应急部门')
    >>> distribute("镇长、分管副镇长", 2)
    ('镇长', '分管副镇长')
    >>> distribute("各单位", 2)
    ('各单位', '各单位')
    """
    tiers = _TIERS.search(actor)
    levels = re.findall(_TIER, tiers[1]) if tiers else []
    if tiers and len(levels) == count:
        return tuple(f"{actor[: tiers.start()]}{t}级{actor[tiers.end() :]}" for t in levels)
    named = actor.split("、")
    return tuple(named) if len(named) == count else (actor,) * count
