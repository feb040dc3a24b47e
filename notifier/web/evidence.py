"""Photos, files and minutes: handed in with an answer from a phone, looked at by the office."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from notifier.answers import Refusal, judge
from notifier.compose import call_of
from notifier.desk import Desk
from notifier.events import EvidenceGiven, Fact, Inspected, Proof
from notifier.evidence import (
    KINDS,
    NotKept,
    NotTaken,
    Told,
    keep,
    names,
    place,
    show_copy,
    sweep,
    tell,
)
from notifier.ledger import reads
from notifier.standing import Standing, State
from notifier.web import answer
from notifier.web.forms import one
from notifier.web.pages import plain, say
from notifier.web.uploads import clean_name, fields_of, files_of, reading

MOST_OF_A_DUTY = 60
LONGEST_FIELD = 300
MINUTES = {
    "place": "地点",
    "time": "检查时间",
    "findings": "发现问题",
    "demands": "要求",
    "recheck": "复查",
    "inspector": "检查人",
    "inspected": "受检单位签字人",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_GIVEN = {  # whatever it holds, it is a file and does nothing
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
_CLOSED = (State.WITHDRAWN, State.WAIVED)

Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Handed:
    """What came with one form: what was filled in, and files that are on the disk already."""

    fields: Fields
    files: tuple[EvidenceGiven, ...]
    minutes: Inspected | None


async def show(request: Request) -> Response:
    """Lead whoever reloads the page after handing something in back to his answer page."""
    return _back(request)


async def take(request: Request) -> Response:
    """Take an answer with what proves it: the files are on the disk before the answer is."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await answer.take(request)  # a page shown again here holds plain forms too
    holder = answer.holder_of(request)
    if isinstance(holder, Response):
        return holder
    desk: Desk = request.app.state.desk
    sending = desk.ledger.read(reads.find_sending, holder.code)
    try:
        async with reading(request) as form:
            fields = fields_of(form)
            key = one(fields, "key")
            lines = sending.lines if sending else ()
            if call_of(key) or not any(answer.is_his(line, holder, key) for line in lines):
                sentence = "这件事不在这条提醒里，请从对应的提醒消息里点开"
                return say(request, "不能提交", sentence, 403)
            handed = await _keep(request, form, fields, holder.person)
            refusal = await _record(desk, key, holder.person, handed)
    except (ValueError, NotTaken) as error:
        return answer.answer_page(request, str(error), 400)
    except NotKept as error:
        return answer.answer_page(request, str(error), 503)
    if refusal:
        return answer.answer_page(request, refusal.sentence, 409)
    return _back(request, _sweeping(request))


def _back(request: Request, after: BackgroundTask | None = None) -> Response:
    path = f"/a/{quote(request.path_params['token'])}"
    return RedirectResponse(path, status_code=303, background=after)


async def _keep(request: Request, form: FormData, fields: Fields, person: str) -> Handed:
    """Put the files on the disk, one after another, beside the event loop."""
    folder: Path | None = request.app.state.evidence
    files = files_of(form)
    if files and folder is None:
        message = "这个程序没有设存放材料的文件夹，请只填文字，材料交给办公室"
        raise ValueError(message)
    key = one(fields, "key")
    kept = [await asyncio.to_thread(_fact, folder, file, key, person) for file in files if folder]
    minutes = _minutes(fields, key, person)
    if not kept and minutes is None and not one(fields, "answer"):
        message = "还没有选照片或文件，也没有填检查记录"
        raise ValueError(message)
    return Handed(fields, tuple(kept), minutes)


def _fact(folder: Path, file: UploadFile, key: str, person: str) -> EvidenceGiven:
    name = clean_name(file.filename)
    digest, size, kind = keep(folder, file.file, name)
    told = tell(place(folder, digest)) if kind.is_picture else Told()
    return EvidenceGiven(
        key=key,
        person=person,
        digest=digest,
        name=name,
        size=size,
        type=kind.type,
        reason=f"{person}交来{kind.words}“{name}”（{_size(size)}）{_said(told)}",
        position=told.position,
        taken_at=told.taken_at,
    )


def _size(size: int) -> str:
    """Give a size as people say it.

    >>> _size(300), _size(2_500_000)
    ('1KB', '2.4MB')
    """
    large = 1024 * 1024
    return f"{size / large:.1f}MB" if size >= large else f"{-(-size // 1024)}KB"


def _said(told: Told) -> str:
    """Give what a picture says of itself.

    >>> _said(Told((29.51, 106.25))), _said(Told())
    ('，照片里的位置：北纬29.51、东经106.25', '')
    """
    when = f"，拍于{told.taken_at:%Y-%m-%d %H:%M}" if told.taken_at else ""
    if told.position is None:
        return when
    north, east = told.position
    place_ = (
        f"{'北' if north >= 0 else '南'}纬{abs(north)}、{'东' if east >= 0 else '西'}经{abs(east)}"
    )
    return f"{when}，照片里的位置：{place_}"


def _minutes(fields: Fields, key: str, person: str) -> Inspected | None:
    """Give the minutes of an inspection, None where nothing of them was filled in."""
    found = {name: one(fields, name) for name in MINUTES if one(fields, name)}
    for name, text in found.items():
        if len(text) > LONGEST_FIELD:
            message = f"“{MINUTES[name]}”太长：最多{LONGEST_FIELD}字，现在{len(text)}字"
            raise ValueError(message)
    if not found:
        return None
    words = "；".join(f"{MINUTES[name]}：{text}" for name, text in found.items())
    return Inspected(
        key=key,
        person=person,
        reason=f"{person}填写检查记录。{words}",
        place=found.get("place", ""),
        time=found.get("time", ""),
        findings=found.get("findings", ""),
        demands=found.get("demands", ""),
        recheck=found.get("recheck", ""),
        inspector=found.get("inspector", ""),
        inspected=found.get("inspected", ""),
    )


async def _record(desk: Desk, key: str, person: str, handed: Handed) -> Refusal | None:
    """Judge and write in one transaction: the answer, its minutes and its files, or nothing."""
    now = desk.clock.now()
    refusals: list[Refusal] = []
    reply = answer.read_form(handed.fields)[1] if one(handed.fields, "answer") else None

    def work(connection: Connection) -> Sequence[Fact]:
        standing = reads.find_standing(connection, key)
        refusal = _refusal(standing, handed)
        found = () if refusal or standing is None else _fresh(connection, standing, handed)
        if reply and not refusal:
            verdict = judge(standing, person, reply, Proof.LINK, desk.hours.today(now))
            if isinstance(verdict, Refusal):
                refusal = verdict
            else:
                found = (verdict, *found)
        if refusal:
            refusals.append(refusal)
            return ()
        return found

    await asyncio.wrap_future(desk.ledger.write(now, work))
    return refusals[0] if refusals else None


def _refusal(standing: Standing | None, handed: Handed) -> Refusal | None:
    if standing is None:
        return Refusal("台账里没有这件事，请联系发出提醒的办公室")
    if standing.state in _CLOSED:
        return Refusal("这件事已经不再要求，不用再交材料")
    if len(standing.evidence) + len(handed.files) > MOST_OF_A_DUTY:
        return Refusal(f"这件事的材料已经太多（最多{MOST_OF_A_DUTY}个），还有要交的请给办公室")
    return None


def _fresh(connection: Connection, standing: Standing, handed: Handed) -> tuple[Fact, ...]:
    """Give the facts of what is new; a file that proved another duty before is said to have."""
    known = {given.digest for given in standing.evidence}
    files = {file.digest: file for file in handed.files if file.digest not in known}
    minutes = (handed.minutes,) if handed.minutes else ()
    return (*minutes, *(_recognized(connection, file) for file in files.values()))


def _recognized(connection: Connection, file: EvidenceGiven) -> EvidenceGiven:
    before = reads.history(connection, f"证据/{file.digest}", 1)
    fact = before[0].fact if before else None
    if not isinstance(fact, EvidenceGiven):
        return file
    return replace(file, reason=f"{file.reason}。注意：与{fact.person}为{fact.key}交的是同一个文件")


def _sweeping(request: Request) -> BackgroundTask | None:
    """Give a sweep for once a day: only handing something in can leave anything to sweep."""
    state = request.app.state
    desk: Desk = state.desk
    now = desk.clock.now()
    if state.evidence is None or getattr(state, "swept_on", None) == now.date():
        return None
    state.swept_on = now.date()
    return BackgroundTask(
        sweep, state.evidence, lambda digest: desk.ledger.read(names, digest), now
    )


def give(request: Request) -> Response:
    """Give the office a file to look at; of a picture a copy that says nothing of itself."""
    return _give(request, request.path_params["digest"], is_original=False)


def give_original(request: Request) -> Response:
    """Give the office the file as it was handed in."""
    return _give(request, request.path_params["digest"], is_original=True)


async def give_back(request: Request) -> Response:
    """Give a person what was handed in for what his message told him of."""
    desk: Desk = request.app.state.desk
    holder = answer.holder_of(request)
    if isinstance(holder, Response):
        return holder
    digest = request.path_params["digest"]
    sending = desk.ledger.read(reads.find_sending, holder.code)
    keys = [line.key for line in sending.lines if line.person == holder.person] if sending else []
    standings = desk.ledger.read(reads.find_standings, keys)
    if not any(given.digest == digest for standing in standings for given in standing.evidence):
        return plain("打不开", "这个文件不在这条提醒里", 404)
    return await asyncio.to_thread(_give, request, digest, is_original=False)


def _give(request: Request, digest: str, *, is_original: bool) -> Response:
    desk: Desk = request.app.state.desk
    folder: Path | None = request.app.state.evidence
    found = (
        desk.ledger.read(reads.history, f"证据/{digest}", 1) if _DIGEST.fullmatch(digest) else ()
    )
    fact = found[0].fact if found else None
    if not isinstance(fact, EvidenceGiven) or folder is None or fact.type not in KINDS:
        return plain("打不开", "没有这个文件，请从任务页点进来", 404)
    path, kind = place(folder, digest), KINDS[fact.type]
    name = f"{PurePath(fact.name).stem}.{kind.ending}"
    try:
        if kind.is_picture and not is_original:
            shown = show_copy(folder, path)
            return FileResponse(shown, headers=_GIVEN, media_type="image/jpeg", filename=name)
        path.stat()
    except OSError:
        sentence = "这个文件不见了或者坏了。请运行 jiaoying ledger verify，并从备份里找回"
        return plain("打不开", sentence, 410)
    return FileResponse(path, headers=_GIVEN, media_type=kind.type, filename=name)
