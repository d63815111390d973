"""Completion by day as a chart: SVG with words, and the same lines as a PNG without fonts."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path

from bench.learning import figures
from bench.learning.arms import ArmResult

_WIDTH, _HEIGHT = 860, 420
_LEFT, _TOP, _RIGHT, _BOTTOM = 60, 40, 640, 360
_COLOURS = (
    "#6b7280",
    "#111827",
    "#2563eb",
    "#9ca3af",
    "#c0a080",
    "#16a34a",
    "#84cc16",
    "#dc2626",
    "#a855f7",
)
# Arms that score the same lie on each other: each is drawn a little lower than the one before.
_SHIFT = 3

Point = tuple[int, int]
Pixels = list[bytearray]


def write(results: Sequence[ArmResult], svg: Path, png: Path, *, model: str) -> None:
    if not results:
        return
    svg.parent.mkdir(parents=True, exist_ok=True)
    svg.write_text(as_svg(results, model=model), encoding="utf-8")
    png.write_bytes(as_png(results))


def as_svg(results: Sequence[ArmResult], *, model: str) -> str:
    days = list(figures.by_day(results[0].outcomes))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="22" font-size="15">Tasks with every due rule kept, by day '
        f"({escape(model)})</text>",
    ]
    for step in range(5):
        y = _y(step / 4)
        parts.append(f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="#e5e7eb"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{25 * step} %</text>')
    for number, day in enumerate(days):
        x = _x(number, len(days))
        parts.append(f'<text x="{x}" y="{_BOTTOM + 30}" text-anchor="middle">{escape(day)}</text>')
    for number, (result, points) in enumerate(_lines(results)):
        colour = _COLOURS[number % len(_COLOURS)]
        joined = " ".join(f"{x},{y}" for x, y in points)
        parts.append(
            f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        )
        y = _TOP + 20 * number
        parts.append(f'<rect x="{_RIGHT + 40}" y="{y}" width="18" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{_RIGHT + 66}" y="{y + 7}">{escape(result.arm.name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def as_png(results: Sequence[ArmResult]) -> bytes:
    pixels: Pixels = [bytearray(b"\xff" * 3 * _WIDTH) for _ in range(_HEIGHT)]
    for step in range(5):
        _draw(pixels, (_LEFT, _y(step / 4)), (_RIGHT, _y(step / 4)), "#e5e7eb", 1)
    for number, (_, points) in enumerate(_lines(results)):
        colour = _COLOURS[number % len(_COLOURS)]
        for start, end in pairwise(points):
            _draw(pixels, start, end, colour, 3)
        y = _TOP + 20 * number
        _draw(pixels, (_RIGHT + 40, y), (_RIGHT + 58, y), colour, 3)
    return _encoded(pixels)


def _lines(results: Sequence[ArmResult]) -> Iterator[tuple[ArmResult, list[Point]]]:
    for number, result in enumerate(results):
        days = figures.by_day(result.outcomes).values()
        shares = [day.completion for day in days]
        yield (
            result,
            [
                (_x(place, len(shares)), _y(share) + _SHIFT * number)
                for place, share in enumerate(shares)
            ],
        )


def _x(place: int, count: int) -> int:
    return _LEFT + 20 + round((_RIGHT - _LEFT - 40) * place / max(1, count - 1))


def _y(share: float) -> int:
    return round(_BOTTOM - (_BOTTOM - _TOP) * share)


def _draw(pixels: Pixels, start: Point, end: Point, colour: str, width: int) -> None:
    rgb = bytes.fromhex(colour[1:])
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    for step in range(steps + 1):
        x = round(start[0] + (end[0] - start[0]) * step / steps)
        y = round(start[1] + (end[1] - start[1]) * step / steps)
        for row in pixels[max(0, y - width // 2) : y + width // 2 + 1]:
            row[3 * x : 3 * (x + 1)] = rgb


def _encoded(pixels: Pixels) -> bytes:
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(row) for row in pixels)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
