"""What a callee reads, and in how many pieces."""

from notifier.calls.standing import CallStanding
from notifier.events import Call, Callee
from obligations.rules import Role

PIECE = 1200  # bytes: beside names and a link it fits every channel


def stage_words(strike: int, *, lapsed: bool = False) -> str:
    """Give what the strike is called.

    >>> stage_words(1)
    '第2次叫应'
    """
    return "应而未动，再次叫应" if lapsed else f"第{strike + 1}次叫应"


def current_stage(standing: CallStanding) -> str:
    """Give what the strike is called that a callee's ladder took last."""
    lapsed = standing.lapsed_at is not None and standing.strikes == 1
    return stage_words(standing.strikes - 1, lapsed=lapsed)


def pieces(text: str, size: int = PIECE) -> tuple[str, ...]:
    """Give the text in pieces of at most ``size`` bytes, no character cut.

    >>> pieces("立即转移", 6)
    ('立即', '转移')
    """
    found, piece, weight = [], "", 0
    for character in text:
        more = len(character.encode())
        if weight + more > size and piece:
            found.append(piece)
            piece, weight = "", 0
        piece += character
        weight += more
    return (*found, piece) if piece else tuple(found)


def call_words(call: Call, callee: Callee, role: Role, part: int) -> str:
    """Give the words of one message of a call for somebody in his role."""
    whole = pieces(call.text)
    text = (whole[part] if part < len(whole) else "").rstrip(" 。；;")
    mark = f"（{part + 1}/{len(whole)}）" if len(whole) > 1 else ""
    orders = f"。指令：{'、'.join(call.orders)}，逐项落实后回报" if call.orders and not part else ""
    match role:
        case Role.SELF if callee.wanted:
            return f"{text}{mark}{orders}（{callee.wanted}请假，由您代理）"
        case Role.SELF:
            return f"{text}{mark}{orders}"
        case Role.DEPUTY:
            return f"{text}{mark}{orders}（{callee.person}没有应答，请您代为应答）"
        case _:
            return f"{callee.person}（{callee.group}）没有应答，请督促或派人上门：{text}{mark}"
