"""What a document says, read back from the PDF."""

import io

from pypdf import PdfReader


def text_of(content: bytes) -> str:
    """All of its text, in one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def page_count(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def squeezed(text: str) -> str:
    """Without spaces of any kind and without hyphens, so that a line's end makes no difference."""
    return "".join(text.split()).replace("-", "")
