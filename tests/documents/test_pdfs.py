"""Which PDFs are accepted, what is left of them, and which are refused with which reason."""

import io
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from fundapp.documents import errors, intake
from fundapp.documents.pdf_cleaning import MOST_PAGES, MOST_UNPACKED_STREAM
from tests.documents.pictures import pdf, pdf_with_stream, picture_with_place

WORDS = b"BT /F1 18 Tf 20 100 Td (Signed paper, trial) Tj ET"


def paper(change=lambda _pdf: None, **save):
    """A signed paper of one page, after ``change`` did something to it."""
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(300, 200))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = made.make_stream(WORDS)
        change(made)
        written = io.BytesIO()
        made.save(written, **save)
        return written.getvalue()


def taken(upload):
    """The clean file, opened."""
    accepted = intake.accept(upload)
    assert accepted.media_type == intake.PDF
    return pikepdf.open(io.BytesIO(accepted.content))


def everything(opened):
    """All that is in the clean file, in words."""
    objects = [opened.trailer, *opened.objects]
    streams = [each.read_bytes() for each in objects if isinstance(each, pikepdf.Stream)]
    return "".join(each.unparse(resolved=True).decode("latin-1") for each in objects), streams


def action(kind, **more):
    return Dictionary(Type=Name.Action, S=Name(kind), **more)


def link(kind="/URI", **more):
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 99, 99]), A=action(kind, **more)
    )


def attached(pdf):
    return Dictionary(
        Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=pdf.make_stream(b"MZ"))
    )


@pytest.mark.parametrize(
    "upload",
    [
        pdf(),
        b"\xef\xbb\xbf" + paper(),
        b"\r\n\x00 scanned by hand\n" + paper(),
        paper() + bytes(4096),
        paper() + b"\r\n" * 600,
        paper() + b"\xff" * 512,
        paper(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        paper(linearize=True),
        paper().replace(b"startxref\n", b"startxref\n7"),
    ],
    ids=["plain", "byte order mark", "words before", "zeros after", "lines after", "ones after",
         "packed objects", "for the web", "wrong offset"],
)  # fmt: skip
def test_what_scanners_write_is_taken(upload):
    with taken(upload) as opened:
        assert len(opened.pages) == 1


def test_the_page_stays_as_it_looks():
    with taken(b"\xef\xbb\xbf" + paper()) as opened:
        (page,) = opened.pages
        assert page.Contents.read_bytes() == WORDS
        assert page.mediabox == [0, 0, 300, 200]
        assert page.Resources.Font.F1.BaseFont == Name.Helvetica


def test_the_same_upload_gives_the_same_file():
    upload = paper()
    assert intake.accept(upload).content == intake.accept(upload).content
    assert len(intake.accept(upload).sha256) == 32


def _open_action(made):
    made.Root.OpenAction = action("/URI", URI=String("https://example.org"))


def _go_to_another_file(made):
    made.pages[0].Annots = Array([link("/GoToR", F=String("//server/share/x.pdf"))])


def _send_the_form(made):
    made.pages[0].AA = Dictionary(O=action("/SubmitForm", F=String("https://example.org")))


def _titles(made):
    made.docinfo["/Author"] = "CANARY"
    with made.open_metadata() as metadata:
        metadata["dc:title"] = "CANARY"
    made.pages[0].Metadata = made.make_stream(b"CANARY")
    made.pages[0].PieceInfo = Dictionary(X=String("CANARY"))
    made.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String("CANARY"))]))


def _outside_stream(made):
    made.pages[0].Contents.F = String("CANARY")


@pytest.mark.parametrize(
    "change", [_open_action, _go_to_another_file, _send_the_form, _titles, _outside_stream]
)
def test_what_is_no_page_is_left_out(change):
    with taken(paper(change)) as opened:
        words, streams = everything(opened)
        for left_out in ("CANARY", "example.org", "//server", "/OpenAction", "/AA", "/Annots"):
            assert left_out not in words
            assert not [stream for stream in streams if left_out.encode() in stream]
        assert "/Info" not in opened.trailer
        assert opened.pages[0].Contents.read_bytes() == WORDS


def test_a_photograph_in_a_pdf_loses_its_position_and_stays_a_picture():
    def photograph(made):
        image = pikepdf.Stream(made, picture_with_place())
        image.stream_dict = Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40, BitsPerComponent=8,
            ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode,
        )  # fmt: skip
        made.pages[0].Resources.XObject = Dictionary(A=image)

    upload = paper(photograph)
    assert upload.count(b"CANARY") == 3
    assert b"CANARY" not in intake.accept(upload).content
    with taken(upload) as opened:
        shown = pikepdf.PdfImage(opened.pages[0].Resources.XObject.A).as_pil_image()
        assert shown.size == (60, 40)


def test_names_that_the_file_chose_itself_are_no_actions():
    def odd_names(made):
        fonts = made.pages[0].Resources.Font
        for name in ("/A", "/AA", "/JS", "/EF", "/Metadata"):
            fonts[name] = fonts.F1

    with taken(paper(odd_names)) as opened:
        assert len(opened.pages[0].Resources.Font) == 6


def test_what_lies_over_a_page_becomes_part_of_it():
    def stamp(made):
        look = made.make_stream(b"0 0 50 50 re f")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 50, 50])
        made.pages[0].Annots = Array([made.make_indirect(Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 50, 50]), F=4,
            AP=Dictionary(N=look), A=action("/URI", URI=String("https://example.org")),
        ))])  # fmt: skip

    with taken(paper(stamp)) as opened:
        words, streams = everything(opened)
        assert b"0 0 50 50 re f" in streams
        assert "/Annots" not in words


def _script(made):
    made.Root.OpenAction = action("/JavaScript", JS=String("app.alert(1)"))


def _named_script(made):
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([])))


def _script_of_a_link(made):
    made.pages[0].Annots = Array([link("/JavaScript", JS=String("app.alert(1)"))])


def _script_nobody_uses(made):
    made.Root.Anything = Dictionary(Next=Array([action("/JavaScript", JS=String("x"))]))


def _launch(made):
    made.pages[0].Annots = Array([link("/Launch", F=String("calc.exe"))])


def _embedded(made):
    made.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([attached(made)])))


def _associated(made):
    made.Root.AF = Array([attached(made)])


def _pinned_file(made):
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))
    made.pages[0].Annots = Array([note])


def _xfa(made):
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp/>"))


def _film(made):
    film = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))
    made.pages[0].Annots = Array([film])


def _no_page(made):
    del made.pages[0]


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        (_script, errors.ScriptInPdfError, "JavaScript"),
        (_named_script, errors.ScriptInPdfError, "JavaScript"),
        (_script_of_a_link, errors.ScriptInPdfError, "JavaScript"),
        (_script_nobody_uses, errors.ScriptInPdfError, "JavaScript"),
        (_launch, errors.LaunchInPdfError, "start another program"),
        (_embedded, errors.FilesInPdfError, "attached"),
        (_associated, errors.FilesInPdfError, "attached"),
        (_pinned_file, errors.FilesInPdfError, "attached"),
        (_xfa, errors.FormInPdfError, "XFA"),
        (_film, errors.MediaInPdfError, "films"),
        (_no_page, errors.EmptyPdfError, "no page"),
    ],
)
@pytest.mark.parametrize("packed", ["disable", "generate"])
def test_what_acts_is_refused_with_its_reason(change, error, reason, packed):
    mode = getattr(pikepdf.ObjectStreamMode, packed)
    with pytest.raises(error, match=reason):
        intake.accept(paper(change, object_stream_mode=mode))


@pytest.mark.parametrize("password", ["", "secret"])
def test_a_locked_pdf_is_refused_with_its_reason(password):
    lock = pikepdf.Encryption(owner="owner", user=password)
    with pytest.raises(errors.EncryptedPdfError, match="password"):
        intake.accept(paper(encryption=lock))


def test_a_name_that_is_written_otherwise_is_the_same_name():
    with pytest.raises(errors.ScriptInPdfError):
        intake.accept(pdf(b"/OpenAction << /S /Java#53cript /J#53 (x) >>"))


@pytest.mark.parametrize(
    "upload",
    [paper()[:-30], paper()[: len(paper()) // 2], b"%PDF-1.7\nhello", b"%PDF-1.7\n%%EOF",
     b"x" * 2000 + paper(), b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"],
    ids=["no end", "half", "words", "nothing", "late", "noise"],
)  # fmt: skip
def test_broken_files_are_refused(upload):
    with pytest.raises(errors.DocumentRefusedError):
        intake.accept(upload)


def test_what_follows_the_file_is_left_out():
    assert b"PK\x03\x04" not in intake.accept(paper() + b"PK\x03\x04 a second file").content


def _bomb(made):
    packed = zlib.compress(bytes(MOST_UNPACKED_STREAM + 10))
    made.pages[0].Contents.write(packed, filter=Name.FlateDecode)


def _many_pages(made):
    for _ in range(MOST_PAGES):
        made.add_blank_page()


def _many_pixels(made):
    image = made.make_stream(b"")
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = 60_000, 60_000
    made.pages[0].Resources.XObject = Dictionary(X=image)


@pytest.mark.parametrize("change", [_bomb, _many_pages, _many_pixels])
def test_bombs_are_refused_in_bounded_time(change):
    began = time.monotonic()
    with pytest.raises(errors.LargePdfError):
        intake.accept(paper(change))
    assert time.monotonic() - began < 15


def test_a_bomb_in_a_bomb_is_refused():
    twice = b"/Filter [/FlateDecode /FlateDecode]"
    packed = pdf_with_stream(zlib.compress(bytes(MOST_UNPACKED_STREAM)))
    with pytest.raises(errors.LargePdfError):
        intake.accept(packed.replace(b"/Type /ObjStm /Filter /FlateDecode", twice))


#: Made when their test runs: packing the bomb takes as long as importing all the tests.
BUSY_FILES = {
    "deep": lambda: pdf(b"[" * 100_000),
    "streams without end": lambda: pdf(b"stream\n" * 1_400_000),
    "packed bomb": lambda: pdf_with_stream(bytes(MOST_UNPACKED_STREAM * 2)),
    "its own page": lambda: (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>\nendobj\n"
        b"trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    ),
    "many objects": lambda: pdf() + b"1 0 obj\n<< /A 2 0 R >>\nendobj\n" * 250_000 + b"%%EOF",
}


@pytest.mark.parametrize("file", BUSY_FILES)
def test_files_made_to_keep_the_parser_busy_end_in_bounded_time(file):
    upload = BUSY_FILES[file]()[: intake.MAX_BYTES]
    began = time.monotonic()
    with suppress(errors.DocumentRefusedError):
        intake.accept(upload)
    assert time.monotonic() - began < 25


def test_cleaning_leaves_this_process_as_it_was():
    size = Path("/proc/self/statm")
    before = int(size.read_text().split()[1])
    for change in (_bomb, _many_pages):
        with pytest.raises(errors.LargePdfError):
            intake.accept(paper(change))
    assert (int(size.read_text().split()[1]) - before) * 4096 < 300 * 1024 * 1024
