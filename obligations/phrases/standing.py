"""Words without a period: standing ones (长期坚持, 24小时值班) and vague ones (定期, 适时)."""

from obligations.phrases.mention import Mention
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import ahead
from obligations.schedule import Standing, Undetermined

_STANDING = ("长期坚持", "常态化", "24小时值班", "即查即改")
_VAGUE = ("定期", "适时", "经常性")
WORDS = (*_STANDING, *_VAGUE)


def read(text: str, at: int, year: int | None, done: int) -> list[Mention]:  # noqa: ARG001 - one shape for all readers
    """Give the standing or vague duty whose word stands at a place."""
    for word in WORDS:
        if text.startswith(word, at):
            end = at + len(word)
            schedule = (
                Standing(word)
                if word in _STANDING
                else Undetermined(word, f"“{word}”没有说多久一次；请写明周期，如每季度至少1次。")
            )
            return [Mention(at, end, schedule, at, end, (end, ahead(text, end, COMMAS)))]
    return []
