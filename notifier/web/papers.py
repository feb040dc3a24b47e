"""Files that a page gives away: always saved, never shown as a page."""

from urllib.parse import quote

from starlette.responses import Response

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(content: bytes, name: str) -> Response:
    """Give a file to be saved under a Chinese name."""
    kind = _TYPES[name.rpartition(".")[2]]
    saved = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=kind, headers={"Content-Disposition": saved})
