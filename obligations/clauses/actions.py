"""What must be done: the duty in the document's own words, short and whole."""

import re
from collections.abc import Sequence

from obligations.clauses.sentences import Sentence, Stretch, read_sentences
from obligations.clauses.subjects import leading_subject
from obligations.phrases import Mention
from obligations.schedule import After, Quota, Undetermined

SHORTEST, LONGEST = 4, 30
_ROOM = 14  # an action shorter than this takes the next clause along, if both fit
_NUMERAL = r"[\d一二两三四五六七八九十百]{1,4}"
_COUNT = re.compile(
    rf"(?:至少|最少|不少于|不得少于|不低于|不超过|不得超过)?\s*{_NUMERAL}(?:\s*[-—~至到]\s*{_NUMERAL})?\s*"
    r"(?:次|家|个|条|户|处|篇|人次|场|件|项|天|小时)(?:[（(][^（）()]{1,4}[）)])?(?:以上|及以上|左右)?的?"
)
_TIMES = re.compile(rf"(?<=开展|召开|组织|进行){_NUMERAL}次")
_BOUND = re.compile(r"至少|最少|不少于|不得少于|不低于|不超过|不得超过|原则上")
_FILLER = re.compile(
    r"(?:[，、：\s]|同时|必须|应当|要|须|应|需(?!求)|都|均|坚持|认真|切实|积极|严格|之?前|底前|以?内|起)+"
)
_EMPTY = re.compile(r"[\s，、：；。（）()“”要须应必的或和与及]*")
_ADVERBIAL = re.compile(
    r"\s*(?:按照?|根据|参照|通过|结合|对|为|以|在|针对|围绕|依[托据照]|充分|综合|聚焦|统筹|立足|坚持)"
    r".*(?:的|原则|模式|要求|方式|手段|情况|基础上|[下中时后前]|权限|数量|特点|精神|部署|规定|实际|法律|利器)$"
)
_BY_WHAT = re.compile(r"(?:按照?|根据|参照|结合|对|为(?!主)|以(?!上)|在|针对|依[托据照])")
_TO_WHOM = re.compile(r"(?:报送?|上报|抄[送报]|报告|提交|送)[^、，。]{2,}$")
_LED = re.compile(r"由[^，。；]{2,30}?牵头")
_LEAD = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}是|同时|并且?|努力做到|做到|确保)")
_CLOSERS = "，、；：。 \u3000"


def find_action(sentence: Sentence, mention: Mention) -> str:
    """Give the words of the duty that a mention times."""
    number = sentence.index(max(mention.end - 1, mention.start))
    clause = sentence.clauses[number]
    after: Sequence[Stretch] = sentence.clauses[number + 1 :]
    own = _own(sentence, clause, mention)
    if 0 < len(own) < SHORTEST and isinstance(mention.schedule, Quota):
        own += _object_before(sentence, clause, mention)
    if not _EMPTY.fullmatch(own):
        return _grow(sentence, own, after, mention)
    occasion = isinstance(mention.schedule, After | Undetermined) and after
    before = "" if occasion else _said_before(sentence, clause, mention)
    if before:
        return before
    if not after:
        return _own_words(sentence, number, mention)
    after = _skip_adverbials(sentence, after)
    first = sentence.text[after[0].start : _cut(sentence, mention, after[0])]
    return _grow(sentence, _without_subject(first), after[1:], mention)


def _object_before(sentence: Sentence, clause: Stretch, mention: Mention) -> str:
    """What the duty is about where it stands before its time: 安全例会|每月至少召开一次."""
    if any(clause.start < m.end <= mention.start for m in sentence.mentions):
        return ""
    before = sentence.text[clause.start : mention.start]
    subject = leading_subject(before, len(before))
    own = _without_subject(before.replace(subject, "", 1) if subject else before)
    return own if len(own) >= SHORTEST - 1 and "、" not in own else ""


def _own_words(sentence: Sentence, number: int, mention: Mention) -> str:
    """The phrase itself where it is the duty: 对……的企业，增加检查频次."""
    phrase = sentence.text[mention.start : mention.end]
    before = sentence.words(sentence.clauses[number - 1]) if number else ""
    joined = before.strip() + phrase
    return tidy(joined if _ADVERBIAL.match(before) and len(joined) <= LONGEST else phrase)


def _skip_adverbials(sentence: Sentence, clauses: Sequence[Stretch]) -> Sequence[Stretch]:
    """Leave out the clauses that only say by what, in whose case or for what."""
    for number, clause in enumerate(clauses):
        if not _ADVERBIAL.match(sentence.words(clause)):
            return clauses[number:]
    return clauses


def _cut(sentence: Sentence, mention: Mention, clause: Stretch) -> int:
    """Where the next time phrase of a clause begins, the clause's end if there is none."""
    starts = (m.start for m in sentence.mentions if m.start >= max(mention.end, clause.start + 1))
    return min([clause.end, *starts])


def _own(sentence: Sentence, clause: Stretch, mention: Mention) -> str:
    """The words after the time words in the mention's own clause, its counts left out."""
    end = _cut(sentence, mention, clause)
    if sentence.text[mention.start : mention.start + 1] == "“":
        return _around(sentence, clause, mention, end)
    begin = max(_chain(sentence, mention), clause.start)
    end = max(end, _cut_behind(sentence, begin, clause))
    inner = _BOUND.sub("", _COUNT.sub("", sentence.text[begin : mention.end]))
    own = _without_subject(_TIMES.sub("", inner + sentence.text[max(mention.end, begin) : end]))
    moved = _moved(sentence, clause, mention)
    if moved:
        return moved + own
    verb = _TO_WHOM.search(sentence.text, end, clause.end) if own.startswith(("将", "把")) else None
    return own + verb.group() if verb and end < clause.end else own


def _moved(sentence: Sentence, clause: Stretch, mention: Mention) -> str:
    """The object that stands before the time: 将自查情况|于7月15日前|报安委办."""
    if mention.start <= clause.start:
        return ""
    before = _without_subject(sentence.text[clause.start : mention.start])
    fits = before.startswith(("将", "把")) and not _EMPTY.fullmatch(before)
    return before.rstrip("于在") if fits and len(before) <= LONGEST // 2 else ""


def _chain(sentence: Sentence, mention: Mention) -> int:
    """Where the time words end that share one duty: 每季度、重要时段|开展宣传."""
    tail = mention.tail
    for other in sentence.mentions:
        if tail <= other.start <= tail + 1 and sentence.text[tail : other.start] in ("", "、"):
            tail = max(other.tail, tail)
    return tail


def _cut_behind(sentence: Sentence, at: int, clause: Stretch) -> int:
    starts = (m.start for m in sentence.mentions if m.start >= at)
    return min([clause.end, *starts])


def _around(sentence: Sentence, clause: Stretch, mention: Mention, end: int) -> str:
    """A quoted phrase is part of the duty's name: 落实“日周月”检查执法."""
    begin = max(sentence.text.rfind("、", clause.start, mention.start) + 1, clause.start)
    stop = sentence.text.find("、", mention.end, end)
    return _without_subject(sentence.text[begin : stop if stop >= 0 else end])


def _said_before(sentence: Sentence, clause: Stretch, mention: Mention) -> str:
    """The duty where it stands before its time: 安全例会每月一次."""
    if mention.start <= clause.start:
        return ""
    before = _without_subject(sentence.text[clause.start : mention.start])
    return tidy(before) if len(before) >= SHORTEST - 1 else ""


def _without_subject(words: str) -> str:
    lead = _LEAD.match(words)
    spoken = words[lead.end() :] if lead else words
    subject = leading_subject(spoken)
    if subject and subject in spoken:
        spoken = spoken[spoken.index(subject) + len(subject) :]
    led = _LED.match(spoken)
    spoken = spoken[led.end() :] if led else spoken
    filler = _FILLER.match(spoken)
    return (spoken[filler.end() :] if filler else spoken).strip(_CLOSERS)


def _grow(sentence: Sentence, words: str, after: Sequence[Stretch], mention: Mention) -> str:
    """Take the next clause along where the first is short and both together are not long."""
    if not after or len(words) >= _ROOM or sentence.text[after[0].start - 1] != "，":
        return tidy(words)
    more = sentence.words(after[0]).strip()
    timed = _cut(sentence, mention, after[0]) < after[0].end or _opens_timed(sentence, after[0])
    joined = f"{words}，{more}"
    unfit = timed or leading_subject(more) or _COUNT.search(more) or _BY_WHAT.match(more)
    if unfit or len(joined) > LONGEST:
        return tidy(words)
    return tidy(joined)


def _opens_timed(sentence: Sentence, clause: Stretch) -> bool:
    return any(m.start == clause.start for m in sentence.mentions)


def tidy(words: str) -> str:
    """Give the words cut to what one line holds, at a mark outside brackets where there is one.

    >>> tidy("全面检查危险化学品、烟花爆竹、建筑施工、道路交通、消防、燃气、特种设备等重点行业领域")
    '全面检查危险化学品、烟花爆竹、建筑施工、道路交通、消防、燃气'
    """
    text = words.strip(_CLOSERS)
    if len(text) <= LONGEST:
        return text
    depth = cut = 0
    for index, char in enumerate(text[: LONGEST + 1]):
        depth += (char in "（(“《") - (char in "）)”》")
        if index >= SHORTEST and depth <= 0 and char in "，、；和及":
            cut = index
    return text[: cut or LONGEST].strip(_CLOSERS)


def task_action(task: str, heading: str, mentions: Sequence[Mention]) -> str:
    """Give the duty of a table row whose time stands in a cell of its own."""
    if SHORTEST <= len(heading) <= LONGEST:
        return heading
    first = next(read_sentences(task, mentions))
    if first.mentions:
        return find_action(first, first.mentions[0])
    clauses = _skip_adverbials(first, first.clauses)
    words = (_without_subject(first.words(clause)) for clause in clauses)
    return tidy(next((w for w in words if len(w) >= SHORTEST), heading or task))
