"""Which uploads are accepted, what they become, and which are refused with which sentence."""

import io

import pytest
from PIL import Image

from fundapp.documents import errors, intake
from tests.documents.pictures import (
    EICAR,
    bomb,
    picture,
    picture_with_place,
)


def picture_in(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_encoded_again(kind):
    upload = picture(kind)
    accepted = intake.accept(upload)
    assert accepted.media_type == f"image/{kind.lower()}"
    assert picture_in(accepted.content).format == kind
    assert picture_in(accepted.content).size == (60, 40)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "LA")],
)
def test_every_colour_mode_is_accepted(kind, mode):
    upload = io.BytesIO()
    Image.new(mode, (8, 8)).save(upload, format=kind)
    assert picture_in(intake.accept(upload.getvalue()).content).size == (8, 8)


def test_positions_and_names_are_removed_and_the_picture_is_upright():
    upload = picture_with_place()
    assert upload.count(b"CANARY") == 3
    content = intake.accept(upload).content
    assert b"CANARY" not in content
    assert not picture_in(content).getexif()
    assert picture_in(content).size == (40, 60)


def test_text_in_a_png_is_removed():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "CANARY")
    assert b"CANARY" not in intake.accept(picture("PNG", pnginfo=info)).content


def test_what_follows_a_picture_is_removed():
    script = b"<script>alert(1)</script>PK\x03\x04"
    content = intake.accept(picture() + script).content
    assert script not in content


def test_a_picture_of_more_than_25_million_pixels_is_refused():
    with pytest.raises(errors.TooManyPixelsError):
        intake.accept(bomb(5001))


@pytest.mark.parametrize("side", [10_000, 20_000, 60_000])
def test_bombs_are_not_unpacked(side):
    with pytest.raises(errors.TooManyPixelsError):
        intake.accept(bomb(side))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.9])
def test_truncated_pictures_are_refused(kind, part):
    upload = picture(kind, (200, 200))
    with pytest.raises(errors.DocumentRefusedError):
        intake.accept(upload[: int(len(upload) * part)])


@pytest.mark.parametrize(
    "upload",
    [
        EICAR,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"PK\x03\x04" + b"\x00" * 100,
        b"MZ" + b"\x00" * 100,
        b"\x7fELF",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        "สวัสดี".encode(),
    ],
)
def test_everything_else_is_refused(upload):
    with pytest.raises(errors.DocumentRefusedError) as refusal:
        intake.accept(upload)
    assert type(refusal.value) is errors.DocumentRefusedError


def test_html_after_the_first_bytes_of_a_picture_is_refused():
    with pytest.raises(errors.BrokenPictureError):
        intake.accept(b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 20)


def test_empty_and_large_files_are_refused():
    with pytest.raises(errors.EmptyFileError):
        intake.accept(b"")
    with pytest.raises(errors.TooLargeError):
        intake.accept(b"\xff\xd8\xff" + bytes(intake.MAX_BYTES))


def test_the_bytes_are_in_no_repr():
    assert b"JFIF".decode() not in repr(intake.accept(picture()))
