"""Small office files, written with nothing but the archive and the markup that they consist of."""

import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def archive(members: Mapping[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


def docx(body: str, **others: str) -> bytes:
    """Give a Word file; ``others`` are the insides of numbering.xml, styles.xml and so on."""
    parts = {"document": ("document", f"<w:body>{body}</w:body>")}
    parts |= {name: (name, inside) for name, inside in others.items()}
    return archive(
        {
            f"word/{name}.xml": f'<w:{root} xmlns:w="{_WORD}" xmlns:mc="{_COMPATIBLE}" '
            f'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="urn:wps">{inside}</w:{root}>'
            for name, (root, inside) in parts.items()
        }
    )


def p(*words: str, properties: str = "") -> str:
    """Give a paragraph of runs; what begins with < is taken as markup."""
    runs = (word if word.startswith("<") else run(word) for word in words)
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{escape(text)}</w:t></w:r>"


def listed(text: str, list_id: int, level: int = 0) -> str:
    return p(
        text,
        properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>',
    )


def tbl(*rows: Sequence[str]) -> str:
    """Give a table; a cell is text, or markup that begins with <w:tc>."""
    made = (
        "".join(cell if cell.startswith("<w:tc>") else tc(cell) for cell in row) for row in rows
    )
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in made)}</w:tbl>"


def tc(*paragraphs: str, properties: str = "") -> str:
    inside = "".join(text if text.startswith("<") else p(text) for text in paragraphs)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def levels(*forms: tuple[str, str]) -> str:
    """Give the inside of numbering.xml: lists 1 and 2, the second starting anew."""
    made = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(forms)
    )
    return (
        f'<w:abstractNum w:abstractNumId="7">{made}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )


def odt(body: str, styles: str = "") -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="{_DOCUMENT}:{name}:1.0"' for name in ("office", "text", "table", "style")
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": (
                f"<office:document-content {spaces}>"
                f"<office:automatic-styles>{styles}</office:automatic-styles>"
                f"<office:body><office:text>{body}</office:text></office:body>"
                "</office:document-content>"
            ),
        }
    )


Said = tuple[float, float, str]
Ruled = tuple[float, float, float, float]


def pdf(pages: Sequence[tuple[Iterable[Said], Iterable[Ruled]]], size: float = 12) -> bytes:
    """Give a PDF of A4 pages: words at x and y (from the top), and ruled boxes."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        (
            f"<< /Type /Pages /Count {len(pages)} /Kids "
            f"[{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}] >>"
        ),
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            " /DescendantFonts [4 0 R] >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
        ),
    ]
    for n, (said, ruled) in enumerate(pages):
        content = "\n".join((*(_box(box) for box in ruled), *(_show(s, size) for s in said)))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * n} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _bound(objects)


PICTURE = "q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q"


def _show(said: Said, size: float) -> str:
    x, y, words = said
    if words == PICTURE:
        return PICTURE
    return f"BT /F {size} Tf {x} {842 - y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def _box(box: Ruled) -> str:
    x, y, width, height = box
    return f"{x} {842 - y - height} {width} {height} re S"


def _bound(objects: Sequence[str]) -> bytes:
    made = b"%PDF-1.4\n"
    starts = []
    for n, inside in enumerate(objects, 1):
        starts.append(len(made))
        made += f"{n} 0 obj\n{inside}\nendobj\n".encode()
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    return (
        made
        + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
        + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
        + f"startxref\n{len(made)}\n%%EOF\n".encode()
    )


def bomb(name: str = "word/document.xml", megabytes: int = 60, says: int | None = None) -> bytes:
    """Give an archive that unpacks to so much, and may say that it is less."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    million = b" " * 1_000_000
    checksum = 0
    packed = []
    for _ in range(megabytes):
        checksum = zlib.crc32(million, checksum)
        packed.append(packer.compress(million))
    packed.append(packer.flush())
    return _one_member(name.encode(), b"".join(packed), checksum, says or megabytes * 1_000_000)


def _one_member(name: bytes, packed: bytes, checksum: int, size: int) -> bytes:
    about = b"\x14\0\0\0\x08\0\0\0\0\0" + b"".join(
        n.to_bytes(4, "little") for n in (checksum, len(packed), size)
    )
    about += len(name).to_bytes(2, "little") + b"\0\0"
    first = b"PK\x03\x04" + about + name + packed
    listed_once = b"PK\x01\x02\x14\0" + about + b"\0" * 14 + name
    end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0"
    end += len(listed_once).to_bytes(4, "little") + len(first).to_bytes(4, "little") + b"\0\0"
    return first + listed_once + end
