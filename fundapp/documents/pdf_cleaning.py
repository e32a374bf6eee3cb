"""A PDF read by a real parser, and written again as pages and nothing else.

Run as a program: it reads the upload from standard input and writes the clean file, or with exit
code 3 one word of `Reason`. It is a process of its own with little memory and time
(`fundapp.documents.pdfs` starts it), because the parser meets bytes that somebody may have made to
break it. It imports nothing of the application.

What runs programs, starts programs, or carries files, forms of XFA or media is refused. Everything
else that is no page (open actions, links, forms' actions, outlines, titles, authors, XMP, positions
in photographs, what precedes and follows the file) is left out: the pages are copied into a new
file. Stamps, signatures and filled fields that lie over a page become part of it.
"""

import io
import resource
import sys
import zlib
from enum import StrEnum
from typing import Any

CODE_REFUSED = 3
MEBIBYTE = 1024 * 1024
#: Of this process.
MOST_MEMORY, MOST_SECONDS = 768 * MEBIBYTE, 10
#: Of one file. A page of 600 dots an inch in colour unpacks to 104 MB.
MOST_PAGES, MOST_OBJECTS = 300, 100_000
MOST_UNPACKED_STREAM, MOST_UNPACKED = 128 * MEBIBYTE, 768 * MEBIBYTE
MOST_PIXELS = 100_000_000
#: The clean file: objects that the upload had packed lie open in it.
MOST_BYTES = 20 * MEBIBYTE
#: Bytes before the file that readers of PDF allow, and after it in which its end is looked for.
_LEADING, _ENDING = 1024, 1024
_PADDING = b"\x00\t\n\x0c\r \x1a\xff"

_PAGE_KEYS = {
    "/Type", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate",
    "/Contents", "/UserUnit", "/Group",
}  # fmt: skip
#: Never in a clean file, wherever they stood: actions, other files, data of other programs.
_LEFT_OUT = (
    "/A", "/AA", "/AF", "/JS", "/Metadata", "/PieceInfo", "/LastModified", "/OPI", "/Ref",
    "/Alternates", "/OpenAction", "/StructParent", "/StructParents",
)  # fmt: skip
#: Of a stream: the content is in another file.
_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms")
#: Whose value is a dictionary of names that the file chose itself, such as a glyph ``/A``.
_FREE_NAMES = (
    "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/Properties",
    "/CharProcs", "/Colorants",
)  # fmt: skip
_IMAGE_FILTERS = {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}

_PACKING = {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}


class Reason(StrEnum):
    """Why a file is refused."""

    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    SCRIPT = "script"
    LAUNCH = "launch"
    FILES = "files"
    FORM = "form"
    MEDIA = "media"
    LARGE = "large"
    EMPTY = "empty"


class RefusedError(Exception):
    """The file is refused for one of the reasons."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


_OF_ACTION = {
    "/JavaScript": Reason.SCRIPT, "/Launch": Reason.LAUNCH, "/GoToE": Reason.FILES,
    "/Rendition": Reason.MEDIA, "/RichMediaExecute": Reason.MEDIA, "/Movie": Reason.MEDIA,
    "/Sound": Reason.MEDIA,
}  # fmt: skip
_OF_SUBTYPE = {
    "/FileAttachment": Reason.FILES, "/RichMedia": Reason.MEDIA, "/3D": Reason.MEDIA,
    "/Movie": Reason.MEDIA, "/Sound": Reason.MEDIA, "/Screen": Reason.MEDIA,
}  # fmt: skip
_OF_KEY = {
    "/JavaScript": Reason.SCRIPT, "/JS": Reason.SCRIPT, "/EmbeddedFiles": Reason.FILES,
    "/EF": Reason.FILES, "/XFA": Reason.FORM, "/RichMediaContent": Reason.MEDIA,
    "/Encrypt": Reason.ENCRYPTED,
}  # fmt: skip


def clean(upload: bytes) -> bytes:
    """The pages of ``upload`` as a new file; the same for the same bytes. Raises RefusedError."""
    import pikepdf

    pikepdf.settings.set_qpdf_limits(
        max_stream_filters=4,
        flate_max_memory=MOST_UNPACKED_STREAM,
        run_length_max_memory=MOST_UNPACKED_STREAM,
        png_max_memory=MOST_UNPACKED_STREAM,
        tiff_max_memory=MOST_UNPACKED_STREAM,
        parser_max_container_size=MOST_OBJECTS,
    )
    try:
        with pikepdf.open(io.BytesIO(_without_padding(upload))) as source:
            if source.is_encrypted:
                raise RefusedError(Reason.ENCRYPTED)
            _refuse_what_acts(source)
            return _pages_alone(source)
    except pikepdf.PasswordError as error:
        raise RefusedError(Reason.ENCRYPTED) from error
    except MemoryError as error:
        raise RefusedError(Reason.LARGE) from error
    except RefusedError:
        raise
    except Exception as error:
        # Parsers of hostile bytes raise nearly anything; all of it means a broken file.
        raise RefusedError(Reason.BROKEN) from error


def _without_padding(upload: bytes) -> bytes:
    """The file without what scanners write before and after it; BROKEN without its end."""
    begin = upload[: _LEADING + 5].find(b"%PDF-")
    end = upload.rstrip(_PADDING)
    if begin < 0 or b"%%EOF" not in end[-_ENDING:]:
        raise RefusedError(Reason.BROKEN)
    return end[begin:]


def _refuse_what_acts(source: Any) -> None:
    """Look at every object of the file, used or not."""
    if len(source.objects) > MOST_OBJECTS or len(source.pages) > MOST_PAGES:
        raise RefusedError(Reason.LARGE)
    if not len(source.pages):
        raise RefusedError(Reason.EMPTY)
    unpacked = 0
    for each, has_free_names in _dictionaries(source):
        _refuse_by_name(each, has_free_names)
        if _is_stream(each):
            unpacked += _unpacked_size(each)
            if unpacked > MOST_UNPACKED:
                raise RefusedError(Reason.LARGE)


def _refuse_by_name(each: Any, has_free_names: bool) -> None:
    keys = () if has_free_names else each.keys()
    found = [_OF_KEY[key] for key in keys if key in _OF_KEY]
    found += [_OF_ACTION[name] for name in _names(each, "/S") if name in _OF_ACTION]
    found += [_OF_SUBTYPE[name] for name in _names(each, "/Subtype") if name in _OF_SUBTYPE]
    found += [Reason.FILES for name in _names(each, "/Type") if name == "/EmbeddedFile"]
    if found:
        raise RefusedError(found[0])


def _dictionaries(pdf: Any) -> list[tuple[Any, bool]]:
    """Every dictionary and stream of the file, those inside other objects too, and whether the file
    chose the names of its keys.
    """
    import pikepdf

    found: list[Any] = []
    free: set[tuple[int, int]] = set()
    waiting = [(each, False) for each in (pdf.trailer, *pdf.objects)]
    while waiting:
        each, has_free_names = waiting.pop()
        inside: list[tuple[Any, bool]]
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            found.append((each, has_free_names))
            inside = [(value, key in _FREE_NAMES) for key, value in each.items()]
        elif isinstance(each, pikepdf.Array):
            inside = [(value, False) for value in each]
        else:
            continue
        for value, is_free in inside:
            if not isinstance(value, pikepdf.Object):
                continue
            if not value.is_indirect:
                waiting.append((value, is_free))
            elif is_free:  # it is among the objects of the file already
                free.add(value.objgen)
    return [(each, is_free or each.objgen in free) for each, is_free in found]


def _names(each: Any, key: str) -> list[str]:
    """The name under ``key``, if there is one."""
    import pikepdf

    value: Any = each.get(key)
    return [str(value)] if isinstance(value, pikepdf.Name) else []


def _filters(stream: Any) -> list[str]:
    import pikepdf

    value = stream.get("/Filter")
    if isinstance(value, pikepdf.Array):
        return [str(name) for name in value]
    return [] if value is None else [str(value)]


def _is_stream(each: Any) -> bool:
    import pikepdf

    return isinstance(each, pikepdf.Stream)


def _unpacked_size(stream: Any) -> int:
    """Bytes that the stream unpacks to, without unpacking pictures. Raises RefusedError."""
    filters = _filters(stream)
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    if isinstance(width, int) and isinstance(height, int) and width * height > MOST_PIXELS:
        raise RefusedError(Reason.LARGE)
    if sum(name in _PACKING for name in filters) > 1:
        raise RefusedError(Reason.LARGE)
    raw = bytes(stream.read_raw_bytes())
    if filters == ["/FlateDecode"]:
        return _inflated_size(raw)
    if not filters or _IMAGE_FILTERS & set(filters):
        return len(raw)
    return len(stream.read_bytes())


def _inflated_size(raw: bytes) -> int:
    inflator, size = zlib.decompressobj(), 0
    while raw:
        try:
            size += len(inflator.decompress(raw, MEBIBYTE))
        except zlib.error:
            return size  # readers show what there is
        if size > MOST_UNPACKED_STREAM:
            raise RefusedError(Reason.LARGE)
        raw = b"" if inflator.eof else inflator.unconsumed_tail
    return size


def _pages_alone(source: Any) -> bytes:
    import pikepdf

    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")
    for page in source.pages:
        for key in [key for key in page.obj if key not in _PAGE_KEYS | {"/Parent"}]:
            del page.obj[key]
    target = pikepdf.new()
    target.pages.extend(source.pages)
    layers = source.Root.get("/OCProperties")
    if layers is not None:
        # Without them a layer that is off would be seen.
        target.Root.OCProperties = target.copy_foreign(_indirect(source, layers))
    for each, has_free_names in _dictionaries(target):
        if not has_free_names:
            _leave_out(each)
    written = io.BytesIO()
    target.save(written, deterministic_id=True, fix_metadata_version=False, min_version="1.7")
    if written.tell() > MOST_BYTES:
        raise RefusedError(Reason.LARGE)
    return written.getvalue()


def _indirect(source: Any, value: Any) -> Any:
    """``value`` as an object that can be copied to another file."""
    return value if value.is_indirect else source.make_indirect(value)


def _leave_out(each: Any) -> None:
    for key in [key for key in _LEFT_OUT if key in each]:
        del each[key]
    if not _is_stream(each):
        return
    for key in [key for key in _OUTSIDE if key in each]:
        del each[key]
    if _filters(each) == ["/DCTDecode"]:
        import pikepdf

        picture = bytes(each.read_raw_bytes())
        each.write(
            _without_notes(picture),
            filter=pikepdf.Name.DCTDecode,
            decode_parms=each.get("/DecodeParms"),
        )


def _without_notes(picture: bytes) -> bytes:
    """A JPEG without the segments that say where, when, by whom and with what it was taken; the
    picture itself stays byte for byte.
    """
    kept, at = [picture[:2]], 2
    while picture[at : at + 1] == b"\xff" and at + 4 <= len(picture):
        marker = picture[at + 1]
        if marker == 0xDA:  # the pixels follow
            break
        size = 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
        is_note = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)
        if not is_note:
            kept.append(picture[at : at + size])
        at += size
    return b"".join([*kept, picture[at:]])


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Clean standard input to standard output; the exit code."""
    upload = sys.stdin.buffer.read()
    _limit_this_process()
    try:
        sys.stdout.buffer.write(clean(upload))
    except RefusedError as refusal:
        sys.stdout.write(str(refusal.reason))
        return CODE_REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
