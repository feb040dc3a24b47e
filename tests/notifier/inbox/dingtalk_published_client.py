"""DingTalk's own client as published, in a process of its own: it tells what it hears, a line each.

Its requests block the loop that it runs in, and it does not let itself be cancelled.
"""

import asyncio
import json
import logging
import sys

import dingtalk_stream as published


def tell(**heard: object) -> None:
    sys.stdout.write(json.dumps(heard) + "\n")
    sys.stdout.flush()


class Robot(published.ChatbotHandler):  # type: ignore[misc]
    async def process(self, callback: published.CallbackMessage) -> tuple[int, str]:
        said = published.ChatbotMessage.from_dict(callback.data)
        tell(text=said.text.content.strip(), account=said.sender_staff_id, id=said.message_id)
        return published.AckMessage.STATUS_OK, "OK"


class Cards(published.CallbackHandler):  # type: ignore[misc]
    async def process(self, callback: published.CallbackMessage) -> tuple[int, dict[str, object]]:
        card = published.CardCallbackMessage.from_dict(callback.data)
        actions = card.content["cardPrivateData"]["actionIds"]
        tell(card=card.card_instance_id, account=card.user_id, key=actions[0])
        return published.AckMessage.STATUS_OK, {}


def main() -> None:
    quiet = logging.getLogger("published")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    credential = published.Credential(*sys.argv[1:3])
    client = published.DingTalkStreamClient(credential, logger=quiet)
    client.register_callback_handler(published.ChatbotMessage.TOPIC, Robot())
    client.register_callback_handler(published.CallbackHandler.TOPIC_CARD_CALLBACK, Cards())
    asyncio.run(client.start())


if __name__ == "__main__":
    main()
