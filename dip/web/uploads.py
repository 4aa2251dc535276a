"""Uploaded files stay in memory: a file may hold names and addresses, and nothing of a person reaches a disk as it came."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

#: Bytes that are kept of one file; forms refuse larger ones by their size.
MOST = 20 * 2**20


class MemoryOnly(FileUploadHandler):
    """Keeps a file in memory and never writes a temporary one. Of a larger file than :data:`MOST` only the size is kept."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self._kept: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece while the whole is not too large."""
        if self._kept is not None and start + len(raw_data) > MOST:
            self._kept = None
        if self._kept is not None:
            self._kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file; empty, with its size, when it was too large."""
        kept = self._kept or BytesIO()
        kept.seek(0)
        return InMemoryUploadedFile(
            file=kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
