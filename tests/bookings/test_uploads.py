"""What may be uploaded as evidence, by its content and not by its name."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject, PdfObject

from bookings.domain.uploads import MOST_BYTES, BadFile, check_file
from tests.requests import make_image, make_pdf

GPS = 0x8825


def refusal(content: bytes, name: str = "证明.pdf", content_type: str = "application/pdf") -> str:
    with pytest.raises(BadFile) as refused:
        check_file(SimpleUploadedFile(name, content, content_type))
    return refused.value.message


def changed_pdf(change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(make_pdf()))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def script() -> DictionaryObject:
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): NullObject()}
    return DictionaryObject(action)


def acts_when_opened(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = script()


def acts_on_a_page(writer: PdfWriter) -> None:
    link = DictionaryObject({NameObject("/A"): writer._add_object(script())})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])


def carries_a_file(writer: PdfWriter) -> None:
    writer.add_attachment("a.exe", b"MZ")


def carries_a_file_on_a_page(writer: PdfWriter) -> None:
    file = DictionaryObject({NameObject("/EF"): DictionaryObject()})
    note = DictionaryObject({NameObject("/FS"): writer._add_object(file)})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])


def acts_far_from_the_page(writer: PdfWriter) -> None:
    field = script()
    for _level in range(9):
        kids = {NameObject("/Kids"): ArrayObject([writer._add_object(field)])}
        field = DictionaryObject(kids)
    writer.root_object[NameObject("/AcroForm")] = field


def leads_to_one_thing_along_billions_of_ways(writer: PdfWriter) -> None:
    thing: PdfObject = NullObject()
    for _level in range(6):
        thing = ArrayObject([writer._add_object(thing)] * 200)
    writer.root_object[NameObject("/X")] = writer._add_object(thing)


def test_a_pdf_is_kept_as_it_is() -> None:
    upload = make_pdf("邀请函.PDF")
    sound = check_file(upload)
    upload.seek(0)
    assert (sound.name, sound.content_type) == ("邀请函.pdf", "application/pdf")
    assert sound.data == upload.read()


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", ".jpg"), ("PNG", ".png")])
def test_an_image_is_drawn_anew_without_its_past(kind: str, ending: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(GPS)[1] = "N"
    sound = check_file(make_image("照片.jpeg", kind, exif=exif))
    assert sound.name == f"照片{ending}"
    drawn = Image.open(io.BytesIO(sound.data))
    assert (drawn.format, drawn.size) == (kind, (40, 30))
    assert dict(drawn.getexif()) == {}
    assert b"Camera" not in sound.data


def test_a_photo_that_was_held_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = Image.open(io.BytesIO(check_file(make_image(exif=exif)).data))
    assert drawn.size == (30, 40)


def test_what_is_transparent_lies_on_white_paper() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(written, "PNG")
    sound = check_file(SimpleUploadedFile("印章.png", written.getvalue()))
    assert Image.open(io.BytesIO(sound.data)).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "1")])
def test_a_picture_is_kept_as_large_as_one_can_read_it(kind: str, mode: str) -> None:
    """Also what has no shades, as a fax: it is smoothed, so that thin lines stay."""
    written = io.BytesIO()
    Image.effect_noise((200, 7016), 90).convert(mode).save(written, kind)
    sound = check_file(SimpleUploadedFile("扫描", written.getvalue()))
    with Image.open(io.BytesIO(sound.data)) as kept:
        assert kept.size == (100, 3508)
        assert len(kept.convert("L").getcolors() or []) > 2


def test_something_after_a_picture_is_gone() -> None:
    content = make_image().read() + b"<script>alert(1)</script>"
    assert b"<script>" not in check_file(SimpleUploadedFile("a.jpg", content)).data


def test_nothing_and_too_much_are_refused() -> None:
    assert refusal(b"") == "“证明.pdf”是空文件，请另选文件。"
    assert "大于5 MB" in refusal(make_pdf().read() + b"0" * MOST_BYTES)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!-- " + b"%PDF-1.7 --><script>alert(1)</script>",
        b"PK\x03\x04 an archive",
        b"GIF89a" + b"\0" * 40,
        b"MZ\x90\0",
    ],
    ids=["html", "svg", "polyglot", "zip", "gif", "program"],
)
def test_another_kind_of_file_is_refused_whatever_it_is_called(content: bytes) -> None:
    for name, content_type in (("证明.pdf", "application/pdf"), ("证明.png", "image/png")):
        text = refusal(content, name, content_type)
        assert text == f"“{name}”不是PDF、JPEG或PNG文件，请选择这几种格式的文件。"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 <html><script>alert(1)</script></html>",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n" + b"\0" * 1000 + b"trailer <</Root 1 0 R>>\n%%EOF",
    ],
    ids=["html", "empty", "no pages"],
)
def test_what_only_begins_like_a_pdf_is_refused(content: bytes) -> None:
    assert "无法读取" in refusal(content)


def test_what_follows_the_end_of_a_pdf_is_refused() -> None:
    assert "无法读取" in refusal(make_pdf().read() + b"PK\x03\x04 an archive")


@pytest.mark.parametrize(
    "change",
    [
        acts_when_opened,
        acts_on_a_page,
        acts_far_from_the_page,
        carries_a_file,
        carries_a_file_on_a_page,
    ],
)
def test_a_pdf_that_acts_or_carries_something_is_refused(change) -> None:
    assert "含有脚本或附件" in refusal(changed_pdf(change))


def test_a_small_pdf_keeps_no_worker_busy() -> None:
    content = changed_pdf(leads_to_one_thing_along_billions_of_ways)
    assert check_file(SimpleUploadedFile("证明.pdf", content)).data == content


def test_what_is_wrong_with_a_pdf_is_cited_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """Its reader would write down what it stumbles over, hundreds of thousands of times."""
    broken = b"%PDF-1.7\n" + b"1 0 obj\n<</Name (Demo Jia)" * 50 + b"\nstartxref\n9\n%%EOF"
    assert "无法读取" in refusal(broken)
    assert not caplog.records


def test_a_pdf_with_a_password_or_too_many_pages_is_refused() -> None:
    assert "设有密码" in refusal(changed_pdf(lambda writer: writer.encrypt("secret")))
    assert "1至50页" in refusal(make_pdf(pages=51).read())


@pytest.mark.parametrize("beginning", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
def test_what_only_begins_like_a_picture_is_refused(beginning: bytes) -> None:
    text = refusal(beginning + b"<script>alert(1)</script>", "照片.jpg", "image/jpeg")
    assert "无法读取" in text


@pytest.mark.parametrize("side", [7_000, 60_000])
def test_a_picture_that_unpacks_to_more_than_fits_is_refused_unopened(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT") + _chunk(b"IEND")
    content = b"\x89PNG\r\n\x1a\n" + chunks
    assert "像素过多" in refusal(content, "大图.png", "image/png")


def test_a_name_never_leads_anywhere() -> None:
    names = {
        "../../etc/passwd": "passwd.pdf",
        "C:\\Users\\a\\证明.exe.pdf": "证明.pdf",
        "..": "文件.pdf",
        "a\u202efdp.exe": "afdp.pdf",
        "证\n明.html": "证明.pdf",
        "x" * 300 + ".pdf": "x" * 76 + ".pdf",
    }
    for given, kept in names.items():
        upload = make_pdf()
        # As a browser sends it: Django keeps the last part only.
        upload.__dict__["_name"] = given
        assert check_file(upload).name == kept


def _chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
