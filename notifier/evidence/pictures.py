"""What a picture says of itself, and a copy to show that says nothing of it."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from PIL import Image, ImageOps
from PIL.ExifTags import GPS, IFD, Base

from notifier.evidence.store import COPIES

SHOWN = (1600, 1600)
_QUALITY = 85
_ONE = Lock()  # one large picture in memory at a time
_POLE, _DATE_LINE = 90, 180  # degrees; what is no number is not below them
_DAMAGED = (OSError, ValueError, SyntaxError, KeyError, TypeError, ZeroDivisionError, IndexError)


@dataclass(frozen=True, slots=True)
class Told:
    """Where (latitude, longitude) and when, by the camera's own clock, a picture was taken."""

    position: tuple[float, float] | None = None
    taken_at: datetime | None = None


def tell(path: Path) -> Told:
    """Give what the picture says; nothing where it says nothing, or nonsense."""
    try:
        with Image.open(path) as image:
            exif = image.getexif()
            return Told(_position(exif.get_ifd(IFD.GPSInfo)), _taken(exif))
    except (*_DAMAGED, Image.DecompressionBombError):
        return Told()


def _position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    try:
        north = _degrees(gps[GPS.GPSLatitude], -1 if gps[GPS.GPSLatitudeRef] == "S" else 1)
        east = _degrees(gps[GPS.GPSLongitude], -1 if gps[GPS.GPSLongitudeRef] == "W" else 1)
    except _DAMAGED:
        return None
    return (north, east) if abs(north) <= _POLE and abs(east) <= _DATE_LINE else None


def _degrees(parts: tuple[float, float, float], sign: int) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return sign * round(degrees + minutes / 60 + seconds / 3600, 6)


def _taken(exif: Image.Exif) -> datetime | None:
    try:
        written = exif.get_ifd(IFD.Exif).get(Base.DateTimeOriginal) or exif.get(Base.DateTime)
        return datetime.strptime(str(written), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 cameras say no zone
    except _DAMAGED:
        return None


def show_copy(folder: Path, original: Path) -> Path:
    """Give a picture's copy for the eye: turned upright, made small, and nothing but the picture.

    It is made once; whoever deletes it gets it made again. Raises OSError where it cannot be.
    """
    digest = original.parent.name + original.name
    target = folder / COPIES / f"{digest}.jpg"
    if target.exists():
        return target
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with _ONE, Image.open(original) as image:
        image.thumbnail(SHOWN)
        upright = ImageOps.exif_transpose(image)
        plain = Image.new("RGB", upright.size, "white")  # a new one: whatever came along stays
        layer = upright.convert("RGBA")
        plain.paste(layer, mask=layer)
    handle, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            plain.save(out, "JPEG", quality=_QUALITY)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target
