from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from fenghuang.kernel.evidence.pictures import redraw
from fenghuang.kernel.refusal import Refused

from . import samples

RED, BLUE = (254, 0, 0), (0, 0, 254)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def refusal_of(data: bytes, form: str) -> str:
    with pytest.raises(Refused) as refusal:
        redraw(data, form)
    return refusal.value.code


@pytest.mark.parametrize(
    ("data", "form"),
    [(samples.telephone_photo(), "JPEG"), (samples.talkative_png(), "PNG")],
    ids=["JPEG", "PNG"],
)
def test_place_camera_comment_and_profile_are_gone(data, form):
    before = opened(data)
    assert before.getexif().get_ifd(ExifTags.IFD.GPSInfo) != {}
    assert b"PhoneMaker" in data

    drawn = redraw(data, form)

    for kept in (drawn.data, drawn.thumbnail):
        after = opened(kept)
        assert dict(after.getexif()) == {}
        assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"PhoneMaker" not in kept
        assert b"4711" not in kept


def test_the_day_that_the_camera_wrote_is_read_before_it_is_dropped():
    assert redraw(samples.telephone_photo(), "JPEG").taken_on == date(2021, 11, 8)
    assert redraw(samples.picture("JPEG"), "JPEG").taken_on is None


def test_an_impossible_day_is_no_day():
    tags = samples.exif()
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "0000:00:00 00:00:00"

    assert redraw(samples.picture("JPEG", exif=tags), "JPEG").taken_on is None


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (64, 48), RED), (3, (64, 48), BLUE), (6, (48, 64), RED), (8, (48, 64), BLUE)],
)
def test_a_picture_is_turned_upright(orientation, size, corner):
    drawn = redraw(samples.telephone_photo(orientation), "JPEG")

    assert (drawn.width, drawn.height) == opened(drawn.data).size == size
    assert opened(drawn.data).getpixel((2, 2)) == corner


def test_long_and_wide_pictures_are_drawn_at_most_2560_pixels_long():
    drawn = redraw(samples.picture("JPEG", (4000, 3000)), "JPEG")

    assert (drawn.width, drawn.height) == (2560, 1920)
    assert opened(drawn.thumbnail).size == (256, 192)


def test_a_small_picture_is_not_blown_up():
    drawn = redraw(samples.picture("PNG", (10, 20)), "PNG")

    assert (drawn.width, drawn.height) == (10, 20)
    assert opened(drawn.thumbnail).size == (10, 20)


def test_a_png_keeps_its_pixels_and_its_transparency():
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))

    drawn = redraw(samples.written(clear, "PNG"), "PNG")

    assert drawn.media_type == "image/png"
    assert opened(drawn.data).getpixel((1, 1)) == (255, 0, 0, 0)
    assert opened(drawn.thumbnail).getpixel((1, 1)) == (255, 255, 255)


def test_grey_of_16_bits_is_not_bleached():
    grey = Image.new("I;16", (4, 4), 128 * 256)

    drawn = redraw(samples.written(grey, "PNG"), "PNG")

    assert opened(drawn.data).getpixel((1, 1)) == 128


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_is_drawn(mode):
    assert redraw(samples.written(Image.new(mode, (9, 7)), "PNG"), "PNG").width == 9


def test_a_palette_that_is_missing_is_damage():
    data = samples.written(Image.new("P", (9, 7)), "PNG")
    at = data.index(b"PLTE") - 4
    length = int.from_bytes(data[at : at + 4])

    assert refusal_of(data[:at] + data[at + 12 + length :], "PNG") == "file_damaged"


def test_webp_and_printer_colours_become_plain_jpeg():
    webp = redraw(samples.picture("WEBP", mode="RGBA"), "WEBP")
    cmyk = redraw(samples.picture("JPEG", mode="CMYK"), "JPEG")

    assert (webp.media_type, opened(webp.data).mode) == ("image/jpeg", "RGB")
    assert (cmyk.media_type, opened(cmyk.data).mode) == ("image/jpeg", "RGB")


def test_what_hides_behind_the_picture_is_gone():
    drawn = redraw(samples.picture("JPEG") + samples.package({"a.html": samples.HTML}), "JPEG")

    assert opened(drawn.data).size == (64, 48)
    assert b"PK\x03\x04" not in drawn.data


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_short_is_refused(form):
    data = samples.picture(form, (400, 300))

    assert refusal_of(data[: len(data) // 2], form) == "file_damaged"


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(form):
    assert refusal_of(samples.moving(form), form) == "picture_moves"


@pytest.mark.parametrize("size", [(5001, 5000), (20000, 20000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_that_asks_for_too_much_memory_is_refused(size):
    assert refusal_of(samples.huge_png(*size), "PNG") == "picture_too_large"


def test_a_jpeg_of_very_many_scans_is_refused():
    assert refusal_of(samples.jpeg_of_many_scans(31), "JPEG") == "picture_too_large"


def test_another_format_behind_an_accepted_beginning_is_refused():
    assert refusal_of(samples.picture("GIF"), "JPEG") == "file_damaged"
    assert refusal_of(samples.picture("PNG"), "JPEG") == "file_damaged"


SOUND = {
    "JPEG": samples.telephone_photo(),
    "PNG": samples.talkative_png(),
    "WEBP": samples.picture("WEBP", exif=samples.exif()),
}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of damaged EXIF
@given(form=st.sampled_from(sorted(SOUND)), data=st.data())
def test_a_picture_with_changed_bytes_is_drawn_or_refused(form, data):
    sound = SOUND[form]
    changed = bytearray(sound)
    places = st.integers(0, len(sound) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=8)):
        changed[place] = data.draw(st.integers(0, 255))

    try:
        drawn = redraw(bytes(changed), form)
    except Refused:
        return

    assert dict(opened(drawn.data).getexif()) == {}
