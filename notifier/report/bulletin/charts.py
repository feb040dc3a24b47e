"""What one looks at rather than reads: who is behind since when, how fast people answer.

Pictures are drawn with a Chinese font of the system; where there is none, no picture is given and
the bulletin shows the same numbers as a table.
"""

from collections.abc import Sequence
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simhei.ttf",
    "C:/Windows/Fonts/simsun.ttc",
)
_SIMPLIFIED = 2  # of the faces in Noto's collection: Japanese, Korean, simplified, traditional
_STEPS = ("#c8372d", "#e58a5b", "#f4d58d", "#b9d8a8", "#5da36f")  # below 50, 70, 90, 100; 100
_BOUNDS = (50, 70, 90, 100)
_EMPTY, _INK, _SOFT, _BAR = "#f1f0ec", "#33312c", "#77736a", "#2b6ca8"
_WIDTH, _LEFT, _ROW, _HEAD = 1200, 220, 48, 44
Matrix = Sequence[tuple[str, Sequence[int | None]]]
Bars = Sequence[tuple[str, int]]


def shade(percent: int | None) -> str:
    """Give the colour of a completion rate.

    >>> shade(100), shade(99), shade(12), shade(None)
    ('#5da36f', '#b9d8a8', '#c8372d', '#f1f0ec')
    """
    if percent is None:
        return _EMPTY
    return _STEPS[sum(percent >= bound for bound in _BOUNDS)]


@cache
def find_font(size: int) -> ImageFont.FreeTypeFont | None:
    """Give a font of this system that has Chinese, None where there is none."""
    for name in _FONTS:
        if Path(name).exists():
            return ImageFont.truetype(name, size, index=_SIMPLIFIED if "NotoSans" in name else 0)
    return None


def matrix_png(matrix: Matrix, months: Sequence[str]) -> bytes | None:
    """Draw units by months; a cell holds its percentage."""
    font, small = find_font(24), find_font(20)
    if font is None or small is None:
        return None
    height = _HEAD + _ROW * len(matrix) + 8
    image = Image.new("RGB", (_WIDTH, height), "white")
    draw = ImageDraw.Draw(image)
    side = (_WIDTH - _LEFT) // max(len(months), 1)
    for column, month in enumerate(months):
        draw.text((_LEFT + column * side + side // 2, _HEAD // 2), month, _SOFT, small, "mm")
    for number, (unit, row) in enumerate(matrix):
        top = _HEAD + number * _ROW
        draw.text((_LEFT - 14, top + _ROW // 2), unit[:8], _INK, font, "rm")
        for column, percent in enumerate(row):
            left = _LEFT + column * side
            box = (left + 2, top + 2, left + side - 2, top + _ROW - 2)
            draw.rounded_rectangle(box, 4, shade(percent))
            words = "—" if percent is None else f"{percent}%"
            centre = (left + side // 2, top + _ROW // 2)
            draw.text(centre, words, _written_on(percent), small, "mm")
    return _png(image)


def bars_png(bars: Bars) -> bytes | None:
    """Draw one bar for each band."""
    font = find_font(24)
    if font is None:
        return None
    image = Image.new("RGB", (_WIDTH, _ROW * len(bars) + 16), "white")
    draw = ImageDraw.Draw(image)
    most = max((count for _, count in bars), default=0) or 1
    for number, (name, count) in enumerate(bars):
        top = 8 + number * _ROW
        draw.text((_LEFT - 14, top + _ROW // 2), name, _INK, font, "rm")
        right = _LEFT + (_WIDTH - _LEFT - 120) * count // most
        draw.rectangle((_LEFT, top + 8, max(right, _LEFT + 2), top + _ROW - 8), _BAR)
        words = f"{count}人次"
        draw.text((max(right, _LEFT + 2) + 12, top + _ROW // 2), words, _INK, font, "lm")
    return _png(image)


def matrix_svg(matrix: Matrix, months: Sequence[str], title: str) -> str:
    """Draw the matrix for a page; a cell tells its unit, month and rate when pointed at."""
    side, high, left = 52, 26, 120
    parts = [
        f'<text x="{left + n * side + 26}" y="16" text-anchor="middle">{escape(month)}</text>'
        for n, month in enumerate(months)
    ]
    for number, (unit, row) in enumerate(matrix):
        top = 24 + number * high
        parts.append(f'<text x="{left - 8}" y="{top + 17}" text-anchor="end">{escape(unit)}</text>')
        for n, percent in enumerate(row):
            words = "没有任务" if percent is None else f"办结{percent}%"
            parts.append(
                f"<g><title>{escape(unit)}{escape(months[n])}：{words}</title>"
                f'<rect x="{left + n * side + 1}" y="{top + 1}" width="{side - 2}" '
                f'height="{high - 2}" rx="3" fill="{shade(percent)}"/>'
                f'<text x="{left + n * side + side // 2}" y="{top + 17}" text-anchor="middle" '
                f'fill="{_written_on(percent)}">{"—" if percent is None else percent}</text></g>'
            )
    return _svg(left + side * len(months), 32 + high * len(matrix), title, parts)


def bars_svg(bars: Bars, title: str) -> str:
    """Draw the bars for a page."""
    most = max((count for _, count in bars), default=0) or 1
    parts = []
    for number, (name, count) in enumerate(bars):
        top, width = 6 + number * 28, max(2, 400 * count // most)
        parts += [
            f'<text x="112" y="{top + 17}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="120" y="{top + 2}" width="{width}" height="20" fill="{_BAR}"/>',
            f'<text x="{126 + width}" y="{top + 17}">{count}</text>',
        ]
    return _svg(600, 12 + 28 * len(bars), title, parts)


def _written_on(percent: int | None) -> str:
    return "#ffffff" if percent is not None and (percent < _BOUNDS[0] or percent == 100) else _INK  # noqa: PLR2004 everything


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'font-family="sans-serif" font-size="13" fill="{_INK}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
