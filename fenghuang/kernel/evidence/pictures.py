"""Pictures are drawn anew: what is kept is their pixels and nothing else that was in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from PIL import ExifTags, Image

from .refusals import BROKEN, refused

EDGE = 2560
THUMBNAIL_EDGE = 256
QUALITY = 85

#: A JPEG is decoded at a smaller scale where it is large, the others only in full.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}

#: Cameras write 1 scan or about 10; each costs as much time as the whole picture.
MOST_SCANS = 30

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xd0-\xd8])", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept, upright; `taken_on` is the day that the camera had written in it."""

    data: bytes
    media_type: str
    width: int
    height: int
    thumbnail: bytes
    taken_on: date | None


def redraw(data: bytes, form: str) -> Picture:
    """Draw a JPEG, PNG or WEBP anew, turned upright, at most 2560 pixels long and wide.

    PNG stays PNG, the others become JPEG; the thumbnail is a JPEG of at most 256 pixels. Refused if
    the picture is damaged or cut short, moves, or is too large to be drawn.
    """
    try:
        with Image.open(BytesIO(data), formats=[form]) as image:
            if image.width * image.height > MOST_PIXELS[form]:
                raise _too_large(form)
            if form == "JPEG":
                if _scans(data) > MOST_SCANS:
                    raise _too_large(form)
            elif image.is_animated:  # type: ignore[attr-defined]  # PNG and WEBP always say it
                raise refused("picture_moves")
            turn, taken_on = _turn(image), _taken_on(image)
            image.draft(None, (EDGE, EDGE))
            drawn = _drawn(image)
    except Image.DecompressionBombError as error:
        raise _too_large(form) from error
    except BROKEN as error:
        raise refused("file_damaged") from error
    drawn.info.clear()  # comments, colour profile, density: Pillow would write them again
    drawn.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    if turn is not None:
        drawn = drawn.transpose(turn)
    small = drawn.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    return Picture(
        data=_png(drawn) if form == "PNG" else _jpeg(drawn),
        media_type="image/png" if form == "PNG" else "image/jpeg",
        width=drawn.width,
        height=drawn.height,
        thumbnail=_jpeg(small),
        taken_on=taken_on,
    )


def _too_large(form: str) -> Exception:
    return refused("picture_too_large", limit=MOST_PIXELS[form] // 1_000_000)


def _scans(data: bytes) -> int:
    """How many scans a JPEG has up to its end."""
    scans, at = 0, 2
    while (marker := _MARKER.search(data, at)) and marker[1] != b"\xd9":
        scans += marker[1] == b"\xda"
        at = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2])
    return scans


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except BROKEN:  # the picture may be sound all the same
        return None


def _taken_on(image: Image.Image) -> date | None:
    try:
        written = image.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal]
        return date.fromisoformat(str(written)[:10].replace(":", "-"))
    except BROKEN:
        return None


def _drawn(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Grey in 16 bits. Converted at once, all but the darkest would come out white.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    if image.mode == "RGBA":
        on_white = Image.new("RGB", image.size, "white")
        on_white.paste(image, mask=image.getchannel("A"))
        image = on_white
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
