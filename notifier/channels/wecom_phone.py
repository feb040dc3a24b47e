"""WeCom's phone (企业微信电话, 紧急通知): it rings and says to look into the app, nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from notifier.channels import wecom
from notifier.channels.outcomes import failure
from notifier.channels.protocol import Limit, Message, Receipt, Recipient
from notifier.channels.wecom_api import LIMIT, REFUSALS, WIDTH, Api
from notifier.channels.wecom_app import nameless, wanted
from notifier.channels.wire import Answer, rows

PLATFORM = "企业微信电话"
CALL_PATH = "/cgi-bin/pstncc/call"
MEMBER_LIMITS = (
    Limit(3, timedelta(minutes=8), timedelta(0)),
    Limit(8, timedelta(hours=24), timedelta(0)),
)


@dataclass(frozen=True, slots=True)
class WecomPhone:
    """The phone of one corporation."""

    api: Api
    limit: Limit = LIMIT
    deduplicates: bool = False
    member_limits: tuple[Limit, ...] = MEMBER_LIMITS
    width: int = WIDTH

    def reaches(self, recipient: Recipient) -> bool:
        """Tell whether he has an account there, which knows his number."""
        return bool(wecom.account(recipient))

    def fits(self, message: Message) -> bool:
        """Tell whether it is one person's: if an answer is lost, one phone rings twice, not all."""
        return len(message.sections) == 1

    async def send(self, message: Message) -> Receipt:
        """Ring once; raises ChannelError where the platform has not taken it.

        Who cannot be called is ``unreached``; the ``reference`` is the number of the call.
        """
        accounts = wanted(self.api.wire, message)
        answer = await self.api.answer(CALL_PATH, {"callee_userid": list(accounts)})
        if answer.code:
            raise failure(self.api.wire, answer, REFUSALS)
        states = _states(answer)
        ringing = {account for account, state in states.items() if str(state.get("code")) == "0"}
        unreached = [name for account, name in accounts.items() if account.lower() not in ringing]
        unreached += nameless(message)
        notes = [answer.words, f"没有打通{'、'.join(unreached)}的电话" if unreached else ""]
        calls = (str(states[account].get("callid", "")) for account in states if account in ringing)
        return Receipt(
            message.code, "；".join(filter(None, notes)), tuple(unreached), "|".join(calls)
        )


def _states(answer: Answer) -> dict[str, Mapping[str, object]]:
    """Give what the platform says of each account; it may write accounts in lower case."""
    return {str(one.get("userid", "")).lower(): one for one in rows(answer.body, "states")}
