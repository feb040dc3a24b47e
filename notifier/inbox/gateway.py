"""What the office's SMS and voice gateway brings: keys pressed, messages sent back, fates."""

import asyncio
import re
from hashlib import sha256
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from notifier.channels.addresses import own_secret
from notifier.channels.gateway import NONCE, SMS, VOICE
from notifier.channels.reports import Report, ReportRefused, ReportUnread, State, read_report
from notifier.inbox.letters import Delivery, Reception, Turned, body_of, mark_of
from notifier.inbox.protocol import Incoming
from obligations.rules.model import ChannelSpec

PLATFORMS = frozenset({SMS, VOICE})
_REPORT_BYTES = 1024 * 1024  # a thousand reports, each with room for the words of an SMS
_HOME = re.compile(r"(?:00)?(?:86)?(1[0-9]{10})")
_SAID = (State.KEYPRESS, State.REPLY)


async def take(reception: Reception, request: Request, spec: ChannelSpec) -> Response:
    """Store all that is reported, then answer with an empty 200; a nonce counts once."""
    if not spec.secret:
        closed = "没有写“密钥”，不收回报"
        raise Turned(closed, HTTPStatus.NOT_FOUND)
    secret = own_secret(spec, reception.settings, "密钥")
    body, now = await body_of(request, _REPORT_BYTES), reception.clock.now()
    try:
        reports = read_report(body, request.headers, secret, now)
    except ReportUnread as error:
        raise Turned(str(error), HTTPStatus.BAD_REQUEST, signed=True) from error
    except ReportRefused as error:
        raise Turned(str(error), HTTPStatus.UNAUTHORIZED) from error
    mark = f"gateway/{spec.name}/{request.headers[NONCE]}"
    if reception.seen.holds(mark, now):
        again = "随机串用过了。再报一次要换新的"
        raise Turned(again, HTTPStatus.UNAUTHORIZED)
    await _store(reception, spec.name, reports)
    reception.seen.add(mark, now)
    return Response()


async def _store(reception: Reception, way: str, reports: tuple[Report, ...]) -> None:
    """Store each report, whatever becomes of the others; raises what went wrong with one."""
    done = await asyncio.gather(
        *(_stored(reception, way, one) for one in reports), return_exceptions=True
    )
    if broken := next((one for one in done if isinstance(one, BaseException)), None):
        raise broken


async def _stored(reception: Reception, way: str, report: Report) -> None:
    if report.state in _SAID:
        await reception.receive(incoming(way, report))
    else:
        at = report.at
        await reception.note(Delivery(way, report.id, report.vendor_id, report.state, at))


def incoming(way: str, report: Report) -> Incoming:
    """Give what somebody pressed or wrote back; ``reference`` is the code of our message.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 7, 1, 1, tzinfo=UTC)
    >>> incoming("电话", Report("V1", "K7M2", State.KEYPRESS, "1", at)).id
    'V1/K7M2/keypress/1'
    """
    said = report.key or sha256(f"{report.mobile}/{report.text}".encode()).hexdigest()[:16]
    when = () if report.vendor_id or report.id else (report.at.isoformat(),)
    mark = mark_of(report.vendor_id, report.id, report.state.value, said, *when)
    account = mobile(report.mobile)
    return Incoming(mark, way, account, text=report.text, key=report.key, reference=report.id)


def mobile(written: str) -> str:
    """Give a number as rules.yaml has it, however a carrier writes it.

    >>> mobile("+86 139-0000-0000"), mobile("008613900000000"), mobile("106900001")
    ('13900000000', '13900000000', '106900001')
    """
    digits = "".join(letter for letter in written if letter in "0123456789")
    home = _HOME.fullmatch(digits)
    return home[1] if home else digits
