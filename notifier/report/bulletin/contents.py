"""What the templates of bulletins can name: words, numbers, tables and pictures, in Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from notifier.hours import Hours
from notifier.report.bulletin import charts
from notifier.report.bulletin.figures import (
    MONTHS_LOOKED,
    OFTEN,
    Calls,
    Figure,
    Tally,
    by,
    count_calls,
    last_places,
    offenders,
    ranked,
    rate,
    tally,
)
from notifier.report.bulletin.gather import WEEKS, Gathered, Owed
from notifier.report.bulletin.spans import KIND_TITLES, Kind, Span
from notifier.report.bulletin.supervision import COLOURS, supervise, supervision_table
from notifier.report.paper import Cell, Column, Picture, Table

_KEYS_SHOWN = 30  # of a figure in the paper; `--format jsonl` prints them all
_HEAVIEST = 15
_NAMED = 20  # names in a sentence; the table below has the others
_LINES = 200  # of a list in a paper: nobody reads on, and the board has them all


@dataclass(slots=True)
class Contents:
    """Grows while a bulletin is counted: every number that is put in leaves its keys behind."""

    words: dict[str, str | int] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    pictures: dict[str, Picture | Table] = field(default_factory=dict)
    drawings: dict[str, str] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)

    def count(self, name: str, keys: Iterable[str]) -> None:
        """Put in how many there are."""
        known = tuple(keys)
        self.words[name] = len(known)
        self.figures.append(Figure(name, str(len(known)), known))

    def share(self, name: str, part: Iterable[str], whole: Iterable[str]) -> None:
        """Put in a share; its keys are those that are missing from it."""
        some, all_ = tuple(part), tuple(whole)
        known = frozenset(some)
        self.words[name] = rate(some, all_)
        missing = tuple(key for key in all_ if key not in known)
        self.figures.append(Figure(f"{name}（未计入的）", rate(some, all_), missing))


def fill(kind: Kind, found: Gathered, span: Span, office: str, hours: Hours) -> Contents:
    """Give everything that the bulletin's template can name."""
    made = Contents()
    made.words |= {
        "单位名": office,
        "标题": f"{span.name}{KIND_TITLES[kind]}",
        "期间": span.name,
        "起": _day(span.first),
        "止": _day(span.last),
        "读不出": found.unreadable,
        "几个月": MONTHS_LOOKED,
        "几次": OFTEN,
    }
    _totals(made, tally("合计", found.owed, span, found.on))
    _ranking(made, found, span)
    _answered_calls(made, found, span, hours)
    _pressing(made, found, hours)
    _warnings(made, found)
    _messages(made, found)
    if kind is Kind.HALFYEAR:
        _people(made, found, span, hours)
    if kind in (Kind.MONTHLY, Kind.HALFYEAR):
        _matrix(made, found, span)
    made.tables["出处"] = sources(made.figures)
    return made


def sources(figures: Iterable[Figure]) -> Table:
    """Give the table that says of each figure what it counts."""
    columns = (Column("数据", 14), Column("数值", 6), Column("任务或叫应的编号", 60))
    rows = tuple((one.name, one.value, _shown(one.keys)) for one in figures)
    return Table("数据出处", columns, rows)


def _shown(keys: tuple[str, ...]) -> str:
    more = f" 等{len(keys)}件" if len(keys) > _KEYS_SHOWN else ""
    return "；".join(keys[:_KEYS_SHOWN]) + more


def _keys(owed: Iterable[Owed]) -> tuple[str, ...]:
    return tuple(one.key for one in owed)


def _totals(made: Contents, whole: Tally) -> None:
    due = _keys(whole.due)
    made.count("应办", due)
    made.count("已办结", _keys(whole.done))
    made.share("办结率", _keys(whole.done), due)
    made.count("按期办结", _keys(whole.in_time))
    made.share("按期率", _keys(whole.in_time), due)
    made.count("逾期未办", _keys(whole.overdue))
    made.count("提醒过", _keys(whole.told))
    made.count("答复", _keys(whole.answered))
    made.share("答复率", _keys(whole.answered), _keys(whole.told))


def _ranking(made: Contents, found: Gathered, span: Span) -> None:
    units = by((one for one in found.owed if span.holds(one.due)), "unit")
    ranking = ranked(tally(name, owed, span, found.on) for name, owed in units.items())
    columns = (
        Column("名次", 6),
        Column("单位", 20),
        Column("应办", 8),
        Column("办结", 8),
        Column("办结率", 10),
        Column("按期率", 10),
        Column("逾期未办", 10),
        Column("答复率", 10),
    )
    last = last_places(ranking)
    rows: list[tuple[Cell, ...]] = [
        (
            place,
            one.name,
            len(one.due),
            len(one.done),
            rate(one.done, one.due),
            rate(one.in_time, one.due),
            len(one.overdue),
            rate(one.answered, one.told),
        )
        for place, one in ranking
    ]
    fills = tuple("F8D7D4" if one in last else "" for _, one in ranking)
    made.tables["排名"] = Table("排名", columns, tuple(rows), fills)
    made.words["末位"] = "、".join(one.name for one in last)
    made.words["单位数"] = len(ranking)
    made.words["前列"] = "、".join(one.name for place, one in ranking if place == 1)
    for _, one in ranking:
        made.figures.append(
            Figure(f"{one.name}逾期未办", str(len(one.overdue)), _keys(one.overdue))
        )


def _answered_calls(made: Contents, found: Gathered, span: Span, hours: Hours) -> None:
    within = (call.id for call, _ in found.calls if span.holds(hours.today(call.begun)))
    counted = count_calls(found, frozenset(within))
    made.count("叫应次数", counted.calls)
    made.count("叫应人次", counted.called)
    made.count("应答人次", counted.heard)
    made.share("应答率", counted.heard, counted.called)
    made.count("未叫醒人次", (key for key, _ in counted.unreached))
    made.words["未叫醒"] = _names(tuple(sorted({name for _, name in counted.unreached})))
    columns = (Column("应答用时", 20), Column("人次", 10), Column("占应答", 10))
    rows = tuple((name, len(keys), rate(keys, counted.heard)) for name, keys in counted.bands)
    made.tables["应答用时"] = Table("应答用时", columns, rows)
    for name, keys in counted.bands:
        made.figures.append(Figure(f"{name}应答", str(len(keys)), keys))
    if counted.heard:
        _draw_bands(made, counted)


def _draw_bands(made: Contents, counted: Calls) -> None:
    bars = tuple((name, len(keys)) for name, keys in counted.bands)
    made.drawings["应答用时"] = charts.bars_svg(bars, "应答用时（人次）")
    png = charts.bars_png(bars)
    words = "，".join(f"{name}{count}人次" for name, count in bars)
    made.pictures["应答用时"] = (
        Picture(png, f"应答用时：{words}", 130, "应答用时") if png else made.tables["应答用时"]
    )


def _pressing(made: Contents, found: Gathered, hours: Hours) -> None:
    items = supervise(found.owed, hours.calendar, found.on)
    made.tables["督办"] = supervision_table(items[:_LINES], found.on)
    made.words["督办另有"] = len(items[_LINES:])
    for colour, name in COLOURS.items():
        keys = [key for one in items if one.colour is colour for key in one.keys]
        made.count(name, keys)


def _warnings(made: Contents, found: Gathered) -> None:
    rows = offenders(found, found.on)
    columns = (
        Column("对象", 14),
        Column("单位", 16),
        Column("逾期月数", 9),
        Column("逾期件数", 9),
        Column("主要事项", 40),
    )
    made.tables["约谈"] = Table(
        "约谈",
        columns,
        tuple(
            (bearer, missed[0].unit, months, len(missed), _matters(missed))
            for bearer, missed, months in rows[:_LINES]
        ),
    )
    made.words["约谈人数"] = len(rows)
    made.words["约谈对象"] = _names(tuple(bearer for bearer, _, _ in rows))
    for bearer, missed, _ in rows[:_LINES]:
        made.figures.append(Figure(f"{bearer}近半年逾期", str(len(missed)), _keys(missed)))


def _names(names: tuple[str, ...]) -> str:
    more = f"等{len(names)}个" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def _matters(missed: Iterable[Owed]) -> str:
    matters = list(dict.fromkeys(one.matter for one in missed))
    return "；".join(matters[:3]) + (f"等{len(matters)}项" if len(matters) > 3 else "")  # noqa: PLR2004 as many as a cell holds


def _messages(made: Contents, found: Gathered) -> None:
    monday = found.on - timedelta(days=found.on.weekday())
    weeks = tuple(monday - timedelta(weeks=n) for n in reversed(range(WEEKS)))
    people = {person for person, _ in found.messages}
    lines = [
        (person, [found.messages.get((person, week), 0) for week in weeks]) for person in people
    ]
    lines.sort(key=lambda line: (-line[1][-1], -sum(line[1]), line[0]))
    columns = (
        Column("人员", 14),
        *(Column(f"{week.month}月{week.day}日起", 11) for week in weeks),
        Column("趋势", 9),
    )
    rows: list[tuple[Cell, ...]] = [
        (person, *counts, trend(counts)) for person, counts in lines[:_HEAVIEST]
    ]
    made.tables["消息"] = Table("消息", columns, tuple(rows))
    made.words["收消息人数"] = len(people)
    total = sum(counts[-1] for _, counts in lines)
    made.words["人均消息"] = f"{total / len(people):.1f}" if people else "0"


def trend(counts: list[int]) -> str:
    """Give how the last week compares with the mean of those before it.

    >>> trend([2, 2, 2, 2, 5]), trend([4, 4, 4, 4, 4]), trend([3, 3, 3, 3, 1])
    ('增多', '持平', '减少')
    """
    *before, last = counts
    mean = sum(before) / len(before)
    return "增多" if last > mean + 0.5 else "减少" if last < mean - 0.5 else "持平"


def _people(made: Contents, found: Gathered, span: Span, hours: Hours) -> None:
    within = {call.id for call, _ in found.calls if span.holds(hours.today(call.begun))}
    heard: dict[str, list[bool]] = {}
    for call, callees in found.calls:
        for one in callees if call.id in within else ():
            heard.setdefault(one.callee.person, []).append(one.first_heard_at is not None)
    columns = (
        Column("人员或单位", 16),
        Column("事项", 34),
        Column("应办", 7),
        Column("办结", 7),
        Column("按期", 7),
        Column("逾期未办", 9),
        Column("叫应应答", 10),
    )
    rows: list[tuple[Cell, ...]] = []
    for bearer, owed in by((one for one in found.owed if span.holds(one.due)), "bearer").items():
        calls = heard.get(bearer, [])
        answered = f"{sum(calls)}/{len(calls)}" if calls else "—"
        for number, (_, some) in enumerate(by(owed, "rule").items()):
            went = tally(bearer, some, span, found.on)
            counts = (len(went.due), len(went.done), len(went.in_time), len(went.overdue))
            first = number == 0
            rows.append((bearer, some[0].matter, *counts, answered if first else ""))
    made.tables["述职"] = Table("述职", columns, tuple(rows))


def _matrix(made: Contents, found: Gathered, span: Span) -> None:
    """Draw units by months of the year so far: which unit is behind, and since when."""
    months = tuple(date(span.last.year, n, 1) for n in range(1, span.last.month + 1))
    cells: dict[tuple[str, date], list[Owed]] = {}
    for one in found.owed:
        if months[0] <= one.due <= span.last:
            cells.setdefault((one.unit, one.due.replace(day=1)), []).append(one)
    units = sorted({unit for unit, _ in cells})
    matrix = tuple(
        (unit, tuple(_percent(cells.get((unit, month), ())) for month in months)) for unit in units
    )
    names = tuple(f"{month.month}月" for month in months)
    columns = (Column("单位", 18), *(Column(name, 8) for name in names))
    rows = tuple((unit, *(_written(one) for one in row)) for unit, row in matrix)
    made.tables["办结矩阵"] = Table("办结矩阵", columns, rows)
    if matrix:
        made.drawings["办结矩阵"] = charts.matrix_svg(matrix, names, "各单位每月办结率")
        png = charts.matrix_png(matrix, names)
        words = "各单位每月办结率，颜色越深办结越多"
        made.pictures["办结矩阵"] = (
            Picture(png, words, 150, "办结矩阵") if png else made.tables["办结矩阵"]
        )


def _percent(owed: Iterable[Owed]) -> int | None:
    all_ = tuple(owed)
    return 100 * sum(one.finished is not None for one in all_) // len(all_) if all_ else None


def _written(percent: int | None) -> str:
    return "—" if percent is None else f"{percent}%"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
