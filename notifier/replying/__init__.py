"""What follows from a reply: whom it answers, what is written, and the one line that goes back.

scene   who replied with which words, what is open for him, and what may follow
meant   which of the open things the reply is about
fragments  what a bare fragment adds to an answer that was asked back
calls   what follows for a call
duties  what follows for a duty
"""

from dataclasses import replace

from notifier.calls import CallStanding
from notifier.replies import ReplyKind
from notifier.replying.calls import follow_call
from notifier.replying.duties import follow_duty
from notifier.replying.fragments import complete, find_asked
from notifier.replying.meant import find_meant, item_code, key_of, which_words
from notifier.replying.scene import Outcome, Scene

__all__ = ["Outcome", "Scene", "follow", "item_code", "key_of"]


def follow(scene: Scene) -> Outcome:
    """Give what follows from one reply of somebody whom rules.yaml knows."""
    kind = scene.reading.kind
    if kind is ReplyKind.NOT_AN_ANSWER:
        return Outcome()
    asked = find_asked(scene) if kind is ReplyKind.UNCLEAR else None
    completed = complete(scene, asked) if asked else None
    if asked and completed:
        return follow_call(replace(scene, reading=completed), asked)
    items = find_meant(scene)
    if not items:
        return _nothing_open(scene)
    if len(items) > 1:
        return Outcome(word=which_words(scene, items))
    if kind is ReplyKind.UNCLEAR:
        how = "请回“收到”“已办”“推到几月几日”或“由谁办”"
        return Outcome(word=f"没有看懂“{scene.text[:20]}”。{how}")
    item = items[0]
    return follow_call(scene, item) if isinstance(item, CallStanding) else follow_duty(scene, item)


def _nothing_open(scene: Scene) -> Outcome:
    code = scene.reading.code
    if code and (scene.calls or scene.duties):
        return Outcome(word=f"没有编号是{code}、等您答复的事，请核对编号")
    if scene.reading.kind in (ReplyKind.UNCLEAR, ReplyKind.HEARD):
        return Outcome()
    return Outcome(word="现在没有等您答复的事，没有记录。如有疑问请联系办公室")
