"""How answers come in: what a platform brings is stored first and worked on later.

protocol   one small shape for everything that comes in, and who takes it
"""

from notifier.inbox.protocol import Incoming, Receiver

__all__ = ["Incoming", "Receiver"]
