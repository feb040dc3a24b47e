"""What must be done: the duty in the document's own words, short and whole."""

import re
from collections.abc import Sequence

from obligations.clauses.sentences import Sentence, Stretch, read_sentences
from obligations.clauses.subjects import ends_like_subject, leading_subject
from obligations.clauses.trimming import (
    BOUND,
    COUNT,
    EMPTY,
    LONGEST,
    SHORTEST,
    TIMES,
    tidy,
    without_end,
    without_subject,
)
from obligations.clauses.words import NEVER_FIRST
from obligations.phrases import Mention
from obligations.schedule import After, Once, Quota, Standing, Undetermined

_VERB = 2
_NAME = 20
_NEAR = 6  # so many clauses before may say the duty
_ROOM = 14  # an action shorter than this takes the next clause along, if both fit
_BARE = 6  # and so does a meeting, whose subject stands behind the comma
_TITLED = 40  # a cell with so few words says the duty itself; a longer one goes by its title
_ADVERBIAL = re.compile(
    r"\s*(?:按照?|根据|参照|通过|结合|对|为|以|在|针对|围绕|依[托据照]|充分|综合|聚焦|统筹|立足|坚持)"
    r".*(?:的|原则|模式|要求|方式|手段|情况|基础上|[下中时后前]|权限|数量|特点|精神|部署|规定|实际"
    r"|法律|利器)$"
)
_WHOM = re.compile(r"\s*(?:对|针对)")
_DOES = re.compile(
    r"开展|进行|实施|实行|给予|予以|加强|组织|建立|执行|追究|处罚|依法|严格|落实|负责|检查|整治|排查"
)
_PURPOSE = re.compile(
    r"(?:按照?|根据|参照|结合|对|为(?!主)|以(?!上)|在|针对|依[托据照]|提[升高]|确保|保证|推动|促进|防止"
    r"|避免|实现|做到|切实|不断|努力|必要时|发现|不得|严禁"
    r"|.{0,4}(?:结果|记录|意见|档案|资料)(?!表))"
)
_MODAL = re.compile(r"^.{2,20}(?:必须|应当|要(?![求素点件]))")
_MEETING = re.compile(r"会议?$|研究$|方案$|研判$|调度$")
_TO_WHOM = re.compile(r"(?:报送?|上报|抄[送报]|报告|提交|送)[^、，。]{2,}$")
_SAYS_DUTY = re.compile(r"(?:频次|频率|力度|密度|次数)$")
_SAYS_MANNER = re.compile(
    r"(?:即|立|边)查|立行|值班|值守|备勤|在岗|守护|看守|^(?:24小时|全天|昼夜)"
)
_DONE = re.compile(r"(?:全部|全面|基本|如期)?(?:完成|办结|落实)(?:完毕|到位)?")
_MOMENT = re.compile(
    r"(?:[前后时]|期间)$|^(?:根据|按照?|依据|依照|参照|结合)[^，]*(?:[》求定准单况点际要])$|^(?:以及|等)"
)
_ALL_OF_IT = re.compile(
    r"(?:全部|全面|基本|如期|一次性)?(?:完成|建成|办结|整改|落实|安装|配[备齐]|清理|安排|投[用产]|启用|到位|见效)"
    r"(?:完毕|到位|完成|结束)?"
)


def find_action(sentence: Sentence, mention: Mention, actor: str) -> str:
    """Give the words of the duty that a mention times and ``actor`` bears."""
    number = sentence.index(max(mention.end - 1, mention.start))
    clause = sentence.clauses[number]
    after: Sequence[Stretch] = sentence.clauses[number + 1 :]
    if _is_duty(mention):
        return _phrase_itself(sentence, number, mention)
    own = _behind(sentence, clause, mention)
    before = _before(sentence, mention, actor)
    if after and _MOMENT.search(own) and not leading_subject(sentence.words(after[0])):
        own = before = ""  # 每日投入使用前，……: the duty stands behind the comma
    if not EMPTY.fullmatch(own):
        whole = _with_object(sentence, number, _joined(before, own, mention))
        return _grow(sentence, whole, after, mention)
    occasion = isinstance(mention.schedule, After | Undetermined) and after
    if before and not occasion and not _MOMENT.search(before):
        return tidy(before)
    if not after or leading_subject(sentence.words(after[0])) not in ("", actor):
        return _said_before(sentence, number) or _phrase_itself(sentence, number, mention)
    after = _skip_adverbials(sentence, after)
    first = sentence.text[after[0].start : _cut(sentence, mention, after[0])]
    return _grow(sentence, without_subject(first), after[1:], mention)


def _is_duty(mention: Mention) -> bool:
    """Whether the phrase says the duty too: 增加检查频次."""
    schedule = mention.schedule
    return isinstance(schedule, Undetermined) and bool(_SAYS_DUTY.search(schedule.text))


def _with_object(sentence: Sentence, number: int, words: str) -> str:
    """Put before words that only say 整改到位 what is to be so, if the clause before says it."""
    if number == 0 or not _ALL_OF_IT.fullmatch(words):
        return words
    clause = sentence.clauses[number - 1]
    timed = sentence.mentions_from(clause.start, clause.end)
    earlier = "" if timed or clause.mark != "，" else without_subject(sentence.words(clause))
    joined = earlier if _DONE.fullmatch(words) else f"{earlier}，{words}"
    return joined if len(earlier) >= SHORTEST and len(joined) <= LONGEST else words


def _said_before(sentence: Sentence, number: int) -> str:
    """The duty that clauses before name, where this one only says how often: ……巡河，每月1次."""
    for clause in reversed(sentence.clauses[max(number - _NEAR, 0) : number]):
        timed = sentence.mentions_from(clause.start, clause.end)
        words = _behind(sentence, clause, timed[-1]) if timed else sentence.words(clause)
        words = without_subject(words)
        if len(words) >= (_VERB if timed else SHORTEST):
            return tidy(words)
    return ""


def _joined(before: str, own: str, mention: Mention) -> str:
    """Put together what stands before and behind the phrase: 对出租房|每月|回访."""
    if (
        isinstance(mention.schedule, Quota)
        and len(own) < SHORTEST
        and not NEVER_FIRST.match(before)
    ):
        return own + before
    return before + own


def _before(sentence: Sentence, mention: Mention, actor: str) -> str:
    """The words of the duty between its subject and its time: 将自查情况|于7月15日前."""
    if isinstance(mention.schedule, After) or _is_quoted(sentence, mention):
        return ""
    if sentence.text[: mention.start].endswith(("和", "与", "及")):
        return ""
    clause = sentence.clauses[sentence.index(mention.start)]
    words = sentence.text[_own_start(sentence, clause, mention) : mention.start]
    name = actor.rpartition("，")[2]
    if name and name in words:
        words = words.rpartition(name)[2]
    else:
        subject = leading_subject(words, len(words))
        words = words.partition(subject)[2] if subject else words
    kept = without_end(without_subject(_MODAL.sub("", words) or words))
    verb = len(kept) == _VERB and NEVER_FIRST.match(kept) and mention.tail < clause.end
    return kept if verb or SHORTEST - 1 <= len(kept) <= LONGEST // 2 else ""


def _own_start(sentence: Sentence, clause: Stretch, mention: Mention) -> int:
    near = sentence.mentions_near(mention.start)
    ends = [m.tail for m in near if clause.start < m.tail <= mention.start]
    if not ends:
        return clause.start
    stop = sentence.text.find("、", max(ends), mention.start)
    return stop + 1 if stop >= 0 else mention.start


def _is_quoted(sentence: Sentence, mention: Mention) -> bool:
    return sentence.text.startswith("“", mention.start)


def _behind(sentence: Sentence, clause: Stretch, mention: Mention) -> str:
    """The words after the time words in the mention's own clause, its counts left out."""
    end = _cut(sentence, mention, clause)
    if _is_quoted(sentence, mention):
        return _around(sentence, clause, mention, end)
    begin, until = _chain(sentence, mention)
    begin = max(begin, clause.start)
    if isinstance(mention.schedule, Standing) and _SAYS_MANNER.search(mention.schedule.manner):
        begin = mention.start
    end = max(end, sentence.next_start(begin + 1, clause.end))
    between = sentence.text[mention.end : end]
    if len(between) < SHORTEST and not between.endswith("、") and not EMPTY.fullmatch(between):
        end = clause.end  # 9月起转入常态化管理: the next time is part of this duty
    manner = begin == mention.start
    said = sentence.text[begin : mention.tail]
    inner = said if manner else BOUND.sub("", COUNT.sub("", said))
    inner += BOUND.sub("", COUNT.sub("", sentence.text[max(begin, mention.tail) : until]))
    rest = sentence.text[max(until, begin) : end].removeprefix("的")
    rest = rest[1:] if rest.startswith("次") and sentence.text[until - 1] in "家人" else rest
    own = without_subject(TIMES.sub("", inner + rest))
    verb = _TO_WHOM.search(sentence.text, end, clause.end) if own.startswith(("将", "把")) else None
    return own + verb.group() if verb and end < clause.end else own


def _chain(sentence: Sentence, mention: Mention) -> tuple[int, int]:
    """Where the time words end that share one duty, and their counts: 每季度、重要时段|宣传1次|."""
    tail, end = mention.tail, mention.end
    for other in sentence.mentions_from(tail, len(sentence.text)):
        shared = other.start < mention.end == other.end
        shared = shared or any(_is_name(sentence.text[at : other.start]) for at in (tail, end))
        if not shared and other.start > tail + 1:
            break
        if shared or (other.start >= tail and sentence.text[tail : other.start] in ("", "、")):
            tail, end = max(other.tail, tail), max(other.end, end)
    return tail, end


def _is_name(words: str) -> bool:
    """Whether nothing but the next name stands between two times: 书记每月|、镇长|每周."""
    return words.startswith("、") and len(words) <= _NAME and ends_like_subject(words[1:])


def _around(sentence: Sentence, clause: Stretch, mention: Mention, end: int) -> str:
    """A quoted phrase is part of the duty's name: 落实“日周月”检查执法."""
    begin = max(sentence.text.rfind("、", clause.start, mention.start) + 1, clause.start)
    stop = sentence.text.find("、", mention.end, end)
    return without_subject(sentence.text[begin : stop if stop >= 0 else end])


def _cut(sentence: Sentence, mention: Mention, clause: Stretch) -> int:
    """Where the next time phrase of a clause begins, the clause's end if there is none."""
    return sentence.next_start(max(mention.end, clause.start + 1), clause.end)


def _phrase_itself(sentence: Sentence, number: int, mention: Mention) -> str:
    """The phrase where it is the duty: 对……的企业，增加检查频次."""
    phrase = sentence.text[mention.start : mention.end]
    before = sentence.words(sentence.clauses[number - 1]) if number else ""
    joined = before.strip() + phrase
    return tidy(joined if _is_whom(before) and len(joined) <= LONGEST else phrase)


def _is_whom(words: str) -> bool:
    """Whether a clause only says in whose case: 对拒不整改的企业."""
    return bool(_WHOM.match(words)) and not _DOES.search(words)


def _skip_adverbials(sentence: Sentence, clauses: Sequence[Stretch]) -> Sequence[Stretch]:
    """Leave out the clauses that only say by what, in whose case or for what."""
    for number, clause in enumerate(clauses):
        words = sentence.words(clause)
        if not (_ADVERBIAL.match(words) or _is_whom(words) or words.endswith("的")):
            return clauses[number:]
    return clauses


def _grow(sentence: Sentence, words: str, after: Sequence[Stretch], mention: Mention) -> str:
    """Take the next clause along where the first is short and both together are not long."""
    delivers = isinstance(mention.schedule, Once | After) or _MEETING.search(words)
    if len(words) >= (_ROOM if delivers else _BARE) or not after:
        return tidy(words)
    follow = after[0]
    more = sentence.words(follow).strip()
    timed = sentence.mentions_from(follow.start, follow.end)
    other = (
        timed
        or more.endswith("的")
        or leading_subject(more)
        or COUNT.search(more)
        or _PURPOSE.match(more)
    )
    joined = f"{words}，{more}"
    if other or len(joined) > LONGEST or sentence.text[follow.start - 1] != "，":
        return tidy(words)
    return tidy(joined)


def task_action(task: str, heading: str, mentions: Sequence[Mention]) -> str:
    """Give the duty of a table row whose time stands in a cell of its own."""
    if SHORTEST <= len(heading) <= LONGEST and len(task) > _TITLED:
        return heading
    first = next(read_sentences(task, mentions))
    if first.mentions:
        return find_action(first, first.mentions[0], leading_subject(first.words(first.clauses[0])))
    clauses = _skip_adverbials(first, first.clauses)
    words = (without_subject(first.words(clause)) for clause in clauses)
    return tidy(next((w for w in words if len(w) >= SHORTEST), heading or task))
