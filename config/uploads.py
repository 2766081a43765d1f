"""What a form uploads, kept in memory and within bounds."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MB = 1024**2
# Of one file, and of all files of a request.
MOST_OF_A_FILE = 10 * MB
MOST_OF_A_REQUEST = 30 * MB


class BoundedMemoryHandler(FileUploadHandler):
    """Keeps what is small. What isn't is counted and dropped, so that its form can say so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = 0
        self.file = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file, self.is_whole = io.BytesIO(), True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = min(MOST_OF_A_FILE - start, MOST_OF_A_REQUEST - self.kept)
        self.is_whole = self.is_whole and len(raw_data) <= room
        if self.is_whole:
            self.file.write(raw_data)
            self.kept += len(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Its size is the true one; what is too large has no content."""
        if not self.is_whole:
            self.file, file_size = io.BytesIO(), max(file_size, MOST_OF_A_FILE + 1)
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
