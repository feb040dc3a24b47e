"""An archive as an official document: a summary, then every sheet, then how to prove it."""

from collections.abc import Iterator
from datetime import date, datetime

from notifier.report.archive.tables import Archive
from notifier.report.paper import Block, Cell, Column, Heading, Paper, Paragraph, Table, day_words

_NUMBERS = "一二三四五六七"
_TITLES = {
    "任务": "任务和来源",
    "提醒": "提醒",
    "答复": "答复和审核",
    "佐证": "佐证材料",
    "叫应": "叫应",
    "审定": "变更和审定",
    "封存": "封存校验",
}
_SHOWN = {  # what of each sheet a page is wide enough for; the .xlsx has everything
    "任务": ("序号", "任务", "来源条款", "责任人", "期限", "办结", "状态"),
    "提醒": ("时间", "任务", "提醒谁", "缘由", "结果", "台账行"),
    "答复": ("时间", "任务", "答复人", "答复", "办理日", "说明", "凭据", "审核"),
    "叫应": ("发起时间", "叫应", "叫谁", "叫了几次", "应答时间", "用时", "结果", "说明和措施"),
}


def lay_out_archive(archive: Archive, office: str) -> Paper:
    """Give the archive as a paper."""
    return Paper(
        f"{archive.subject.name}{archive.year}年度安全履职档案",
        tuple(_blocks(archive)),
        signer=office,
        signed=archive.made.date(),
    )


def _blocks(archive: Archive) -> Iterator[Block]:
    yield Paragraph(_summary(archive))
    if archive.unfit:
        shown = "、".join(map(str, archive.unfit[:20]))
        yield Paragraph(
            f"注意：台账第{shown}条与校验值不符，被改动过。请先用 jiaoying ledger verify 核验。"
        )
    for number, table in zip(_NUMBERS, archive.tables, strict=False):
        yield Heading(f"{number}、{_TITLES[table.name]}")
        if table.rows:
            yield _narrowed(table, archive.year)
        else:
            yield Paragraph(_NOTHING[table.name])
    yield Paragraph(_proving(archive))


_NOTHING = {
    "任务": "本年度没有任务。",
    "提醒": "本年度没有发过提醒。",
    "答复": "本年度没有答复。",
    "佐证": "本年度没有交来佐证材料。",
    "叫应": "本年度没有叫应。",
    "审定": "本年度没有变更和审定。",
    "封存": "本年度还没有封存的期间。",
}


def _summary(archive: Archive) -> str:
    sums = dict(archive.sums)
    return (
        f"{archive.year}年，{archive.subject.name}共有安全任务{sums['任务']}件，"
        f"已办结{sums['已办结']}件，逾期未办{sums['逾期未办']}件；"
        f"发出提醒{sums['提醒']}条次，收到答复{sums['答复']}次；"
        f"叫应{sums['叫应']}人次，应答{sums['应答']}人次。"
        f"以下各项由台账生成，截至{archive.made:%Y年%m月%d日%H时%M分}。"
    )


def _proving(archive: Archive) -> str:
    if not archive.closings.rows:
        return "封存以后，这里印出每个期间最后一条记录的校验值，台账此后若有改动即可查出。"
    _, seq, digest, _ = archive.closings.rows[-1]
    return (
        "核验办法：在存有台账的机器上运行 jiaoying ledger verify --seal 行号:校验值，"
        f"如 --seal {seq}:{str(digest)[:16]}。台账在封存之后有任何改动，都会指出在哪一段。"
    )


def _narrowed(table: Table, year: int) -> Table:
    names = _SHOWN.get(table.name)
    if not names:
        return table
    places = [n for n, column in enumerate(table.columns) if column.name in names]
    columns: tuple[Column, ...] = tuple(table.columns[n] for n in places)
    rows = tuple(tuple(_shortened(row[n], year) for n in places) for row in table.rows)
    return Table(table.name, columns, rows)


def _shortened(cell: Cell, year: int) -> Cell:
    """Give days and instants of the year as one says them; the year stands in the title.

    >>> _shortened(datetime(2026, 7, 1, 9, 5), 2026), _shortened(date(2027, 1, 4), 2026)
    ('7月1日 09:05', '2027年1月4日')
    """
    if not isinstance(cell, date):
        return cell
    day = f"{cell.month}月{cell.day}日" if cell.year == year else day_words(cell)
    return f"{day} {cell:%H:%M}" if isinstance(cell, datetime) else day
