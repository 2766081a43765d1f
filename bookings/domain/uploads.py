"""What may be uploaded as evidence: PDF, JPEG and PNG, known by their content.

Nothing here trusts a name or a type that the sender gives. An image is written anew, so that
nothing hides behind or beside the picture; a PDF is read as far as shows that it is one.
"""

import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from bookings.domain.errors import BookingError

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_BYTES = 5 * 1024**2
MOST_FILES = 5
# A scan of A4 at 600 dpi has 35 million.
MOST_PIXELS = 40_000_000
# A4 at 300 dpi, upright or across: whoever decides can read the small print.
_LONGEST_SIDE = 3508
MOST_PAGES = 50
_NAME_LENGTH = 80
_PDF, _JPEG, _PNG = "application/pdf", "image/jpeg", "image/png"
_ENDINGS = {_PDF: ".pdf", _JPEG: ".jpg", _PNG: ".png"}
# What a document does by itself when somebody opens it, and what it carries along.
_ACTIVE = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/EF", "/XFA", "/AA"}


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that may be stored: as it is kept, not as it came."""

    name: str
    content_type: str
    data: bytes


@dataclass
class BadFile(BookingError):
    """A file that is refused. `text` names it and says what to do."""

    code: ClassVar[str] = "bad_file"
    status: ClassVar[int] = 422
    text: str

    @property
    def message(self) -> str:
        return self.text


def check_file(upload: UploadedFile) -> Sound:
    """Raises BadFile."""
    name = _shown(upload.name or "")
    if not upload.size:
        raise BadFile(_("“%(name)s” is empty. Choose another file.") % {"name": name})
    if upload.size > MOST_BYTES:
        text = _("“%(name)s” is larger than 5 MB. Choose a smaller file or take a new photo.")
        raise BadFile(text % {"name": name})
    data = upload.read()
    content_type = _type_of(data)
    if content_type is None:
        text = _("“%(name)s” is no PDF, JPEG or PNG. Choose a file of one of these kinds.")
        raise BadFile(text % {"name": name})
    data = _sound_pdf(data, name) if content_type == _PDF else _redrawn(data, content_type, name)
    return Sound(_named_after(name, content_type), content_type, data)


def _type_of(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return _PDF
    if data.startswith(b"\xff\xd8\xff"):
        return _JPEG
    return _PNG if data.startswith(b"\x89PNG\r\n\x1a\n") else None


def _redrawn(data: bytes, content_type: str, name: str) -> bytes:
    """The picture alone, upright, without place, camera and comments."""
    kind = "JPEG" if content_type == _JPEG else "PNG"
    drawn = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            # Known from the header, before anything is unpacked.
            if image.width * image.height > MOST_PIXELS:
                raise BadFile(_too_large(name))
            plain = _plain(ImageOps.exif_transpose(_fitting(image)))
            plain.save(drawn, kind, quality=88)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadFile(_too_large(name)) from None
    except (OSError, ValueError, SyntaxError):
        raise BadFile(_damaged(name)) from None
    return drawn.getvalue()


def _fitting(image: Image.Image) -> Image.Image:
    """Not larger than can be read; the rest would only be memory and time."""
    if max(image.size) <= _LONGEST_SIDE:
        return image
    if image.mode in {"1", "P"}:
        # A fax or a palette has no shades to be smoothed with.
        image = image.convert("L" if image.mode == "1" else "RGBA")
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return image


def _plain(image: Image.Image) -> Image.Image:
    """On white paper, where it was transparent."""
    if not image.has_transparency_data:
        plain = image.convert("L" if image.mode in {"1", "L"} else "RGB")
    else:
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.convert("RGBA").getchannel("A"))
    # What it holds is written along otherwise.
    plain.info = {}
    return plain


def _sound_pdf(data: bytes, name: str) -> bytes:
    # What follows the end isn't of the document: an archive, another file.
    if data.rpartition(b"%%EOF")[2].strip(b"\r\n\t \0") or b"%%EOF" not in data:
        raise BadFile(_damaged(name))
    # Read by few, and slow to import.
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            text = _("“%(name)s” is protected by a password. Upload it without one.")
            raise BadFile(text % {"name": name})
        pages = len(reader.pages)
        acts = 1 <= pages <= MOST_PAGES and _acts(reader)
    except BadFile:
        raise
    except Exception:
        # A reader that is fed anything stumbles in any way; then it's no sound PDF.
        raise BadFile(_damaged(name)) from None
    if not 1 <= pages <= MOST_PAGES:
        text = _("“%(name)s” must have between 1 and %(most)s pages.")
        raise BadFile(text % {"name": name, "most": MOST_PAGES})
    if acts:
        text = _("“%(name)s” contains scripts or attached files. Print it to a new PDF.")
        raise BadFile(text % {"name": name})
    return data


def _acts(reader: "PdfReader") -> bool:
    """Whether anything that the document leads to runs by itself or is attached."""
    from pypdf.generic import IndirectObject

    met: set[int] = set()
    waiting: list[Any] = [reader.root_object]
    while waiting:
        part = waiting.pop()
        if isinstance(part, IndirectObject):
            # Each once: a small file may lead to the same object along billions of ways.
            if part.idnum in met:
                continue
            met.add(part.idnum)
            part = part.get_object()
        if isinstance(part, dict):
            if _ACTIVE & {*part, str(part.get("/S"))}:
                return True
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return False


def _shown(name: str) -> str:
    """The last part of a name, without what steers a terminal or turns the text around."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    clean = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    return re.sub(r"[<>:\"|?*]", "", clean).strip(" .")[-_NAME_LENGTH:] or _("file")


def _named_after(name: str, content_type: str) -> str:
    """With the ending of what it is, and no other."""
    return re.sub(r"(\.\w{1,5})+$", "", name)[:_NAME_LENGTH] + _ENDINGS[content_type]


def _damaged(name: str) -> str:
    text = _("“%(name)s” can't be read. It may be damaged: save it anew, or take a photo of it.")
    return text % {"name": name}


def _too_large(name: str) -> str:
    return _("“%(name)s” has too many pixels. Choose a smaller picture.") % {"name": name}
