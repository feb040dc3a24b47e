"""Duties that an event sets off: 结案后一个月内, 期满前3个月, 自收到之日起10个工作日内."""

from obligations.phrases.mention import Mention

WORDS = ("内",)


def read(text: str, at: int, year: int | None, done: int) -> list[Mention]:  # noqa: ARG001 - one shape for all readers
    """Give the event duty whose 内 stands at a place."""
    return []
