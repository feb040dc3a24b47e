"""Files that prove what was done: kept by what they hold, looked at before they are believed.

store    a file -> its place by its SHA-256, on the disk before any fact names it; the sweep
kinds    what a file really is, by what it holds; a short list, everything else is refused
pictures what a picture says of itself, and a copy to show that says nothing of it
proof    whether every file that the record names is there and as it was
"""

from notifier.evidence.kinds import KINDS, Kind, NotTaken, kind_of
from notifier.evidence.pictures import Told, show_copy, tell
from notifier.evidence.proof import check, given, names
from notifier.evidence.store import FOLDER, LARGEST, NotKept, keep, place, sweep

__all__ = [
    "FOLDER",
    "KINDS",
    "LARGEST",
    "Kind",
    "NotKept",
    "NotTaken",
    "Told",
    "check",
    "given",
    "keep",
    "kind_of",
    "names",
    "place",
    "show_copy",
    "sweep",
    "tell",
]
