"""Makes calls, lets everybody climb his ladder, lists who did not answer, ends calls.

opening   a call as somebody asks for it: checked, given an id, written once
climbing  every step that is due, roll calls, the 未叫醒 list
ending    answers to calls, and the last word
"""

from notifier.calling.climbing import next_moment, run_calls
from notifier.calling.ending import answer_call, spared, stop_call
from notifier.calling.opening import (
    CallRefused,
    CallRequest,
    open_call,
    request_of,
    split_words,
)

__all__ = [
    "CallRefused",
    "CallRequest",
    "answer_call",
    "next_moment",
    "open_call",
    "request_of",
    "run_calls",
    "spared",
    "split_words",
    "stop_call",
]
