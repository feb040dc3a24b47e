"""Files as phones and offices make them, made for the tests."""

import io
import zipfile

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational


def photo(colour: str = "red", size: tuple[int, int] = (40, 30), *, told: bool = True) -> bytes:
    """Give a JPEG, with the place and time at which it was taken."""
    exif = Image.Exif()
    if told:
        exif[Base.Orientation] = 6
        exif[Base.Make] = "SecretPhone"
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2026:08:14 15:06:07"
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N",
                GPS.GPSLatitude: (IFDRational(29), IFDRational(30), IFDRational(36)),
                GPS.GPSLongitudeRef: "E",
                GPS.GPSLongitude: (IFDRational(106), IFDRational(15), IFDRational(0)),
            }
        )
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 200, 0, 128)).save(out, kind)
    return out.getvalue()


def package(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part in parts:
            file.writestr(part, "<x/>")
    return out.getvalue()
