"""A form with files, read within bounds: what is large goes to the disk while it comes in."""

import re
import unicodedata
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import PurePath

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from notifier.evidence import LARGEST
from notifier.web.forms import LARGEST_FORM

MOST_FILES = 9
MOST_FIELDS = 60
MOST_BYTES = MOST_FILES * (LARGEST + LARGEST_FORM) + LARGEST_FORM
LONGEST_STEM, LONGEST_ENDING = 80, 10
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_NAMELESS = "没有名字的文件"


class _Told(MultiPartException):
    """What is wrong with a form, in words for whoever sent it."""


@asynccontextmanager
async def reading(request: Request) -> AsyncIterator[FormData]:
    """Give a form with files; raises ValueError with what is wrong in words.

    At most 1 MB of each file is in memory, the rest lies in the machine's own folder for such.
    """
    parser = MultiPartParser(
        request.headers,
        _limited(request),
        max_files=MOST_FILES,
        max_fields=MOST_FIELDS,
        max_part_size=LARGEST_FORM,
    )
    try:
        form = await parser.parse()
    except _Told as error:
        raise ValueError(error.message) from None
    except MultiPartException:
        message = f"提交的内容读不懂，或者文件超过{MOST_FILES}个。请重新选一次再交"
        raise ValueError(message) from None
    try:
        yield form
    finally:
        await form.close()


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    seen = 0
    try:
        async for block in request.stream():
            seen += len(block)
            if seen > MOST_BYTES:
                message = f"文件太大：最多{MOST_FILES}个，每个最多{LARGEST // 1024 // 1024}MB"
                raise _Told(message)
            yield block
    except ClientDisconnect:
        message = "没有传完，请再交一次"
        raise _Told(message) from None


def fields_of(form: FormData) -> Mapping[str, tuple[str, ...]]:
    """Give the fields that are words."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and value.strip():
            found[name] = (*found.get(name, ()), value)
    return found


def files_of(form: FormData) -> tuple[UploadFile, ...]:
    """Give the files that were chosen; a field left empty comes as a file without a name."""
    files = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
    return tuple(one for one in files if one.filename or one.size)


def clean_name(written: str | None) -> str:
    r"""Give a file's name without its folders and without what cannot be seen.

    >>> clean_name("C:\\照片\\现场 1.jpg"), clean_name("../../etc/passwd"), clean_name(None)
    ('现场 1.jpg', 'passwd', '没有名字的文件')
    """
    text = unicodedata.normalize("NFC", written or "").replace("\\", "/").rpartition("/")[2]
    path = PurePath(_UNSEEN.sub("", text).strip())
    return f"{path.stem[:LONGEST_STEM]}{path.suffix[:LONGEST_ENDING]}" or _NAMELESS
