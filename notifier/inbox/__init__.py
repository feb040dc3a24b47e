"""How answers come in: what a platform brings is stored first and worked on later.

protocol   one small shape for everything that comes in, and who takes it
letters    how a callback is taken in over HTTP: bounded, and told nothing when turned away
wecom_app, gateway, dingtalk_http   what each platform posts, and how it is believed
routes     the addresses at which they post
intake     how a long connection is taken in: stored while it goes on listening
wecom_bot, dingtalk_stream   what each long connection brings, and how it stays alive
listeners  who listens on which of them, as rules.yaml has it now
"""

from notifier.inbox.protocol import Incoming, Receiver

__all__ = ["Incoming", "Receiver"]
