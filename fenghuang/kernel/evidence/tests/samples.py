"""Real files for the tests, sound ones and hostile ones, made on the spot."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

MEGABYTE = 1024 * 1024
LIMIT = 2 * MEGABYTE

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1024)
LOCKED_WORD = OLD_WORD + "EncryptedPackage".encode("utf-16-le") + bytes(1024)


def picture(form: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **saving) -> bytes:
    """Left half red, right half blue, so that one sees how it was turned."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return written(image, form, **saving)


def written(image: Image.Image, form: str, **saving) -> bytes:
    file = BytesIO()
    image.save(file, form, **saving)
    return file.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: where it was, when it was, what it is."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = "PhoneMaker"
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (IFDRational(27), IFDRational(37), IFDRational(22))
    taken = tags.get_ifd(ExifTags.IFD.Exif)
    taken[ExifTags.Base.DateTimeOriginal] = "2021:11:08 09:30:00"
    return tags


def telephone_photo(orientation: int = 1) -> bytes:
    return picture(
        "JPEG",
        exif=exif(orientation),
        comment=b"SerialNumber 4711",
        icc_profile=b"ColourProfileOfPhoneMaker" * 8,
        dpi=(300, 300),
    )


def talkative_png() -> bytes:
    words = PngInfo()
    words.add_text("Author", "PhoneMaker")
    return picture("PNG", pnginfo=words, exif=exif(), icc_profile=b"ColourProfile" * 8)


def moving(form: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    return written(frames[0], form, save_all=True, append_images=frames[1:])


def huge_png(width: int, height: int) -> bytes:
    """A sound picture of one colour: a few kilobytes that ask for gigabytes."""
    return written(Image.new("1", (width, height)), "PNG")


def jpeg_of_many_scans(count: int) -> bytes:
    data = picture("JPEG")
    at = data.index(b"\xff\xda")
    return data[:at] + data[at:-2] * count + data[-2:]


def package(parts: dict[str, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def content_types(*types: str) -> bytes:
    overrides = "".join(
        f'<Override PartName="/p{n}" ContentType="{t}"/>' for n, t in enumerate(types)
    )
    return f'<Types xmlns="urn:types">{overrides}</Types>'.encode()


def relation(kind: str, mode: str = "External") -> bytes:
    return (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/{kind}"'
        f' Target="https://example.org/x" TargetMode="{mode}"/></Relationships>'
    ).encode()


def docx(parts: dict[str, bytes] | None = None, types: tuple[str, ...] = ()) -> bytes:
    return package(
        {
            "[Content_Types].xml": content_types(f"{DOCX}.main+xml", *types),
            "word/document.xml": "<document>会议记录</document>".encode(),
            **(parts or {}),
        }
    )


def xlsx() -> bytes:
    file, book = BytesIO(), Workbook()
    book.active.append(["序号", "问题"])
    book.save(file)
    return file.getvalue()


def pdf(objects: bytes = b"1 0 obj\n<< /Type /Catalog >>\nendobj\n") -> bytes:
    return b"%PDF-1.7\n" + objects + b"trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def pdf_with_packed(names: bytes) -> bytes:
    packed = zlib.compress(names)
    head = b"2 0 obj\n<< /Type /Obj#53tm /Filter /FlateDecode /N 1 /First 4 >>\n"
    return pdf(head + b"stream\r\n" + packed + b"\nendstream\nendobj\n")
