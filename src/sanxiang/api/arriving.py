"""A file that is uploaded goes into the store as it arrives: hashed and written once, with no copy of Django's in between."""

from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, UnreadablePostError

from sanxiang.cases.recording.receiving import CHUNK, LARGEST, Receiver, Unacceptable, receive


class Arrived(UploadedFile):
    """A file that has come in whole and is not kept yet; whoever does not keep it lets go of it with `close`."""

    def __init__(self, receiver: Receiver | None, refused: Unacceptable | None, **said: Any) -> None:
        super().__init__(**said)
        self.receiver, self.refused = receiver, refused

    def keep(self) -> dict[str, Any]:
        """Put it into the store and say what it is. Raises Unacceptable."""
        if self.refused is not None or self.receiver is None:
            raise self.refused or Unacceptable("文件没有收到，请重新上传")
        return self.receiver.finish()

    def close(self) -> None:
        """Django calls this at the end of the request; of what was not kept nothing stays."""
        if self.receiver is not None:
            self.receiver.close()


class Arriving(FileUploadHandler):
    """Feeds each file of a form to a Receiver. A file that is refused is read to its end, so that the sender hears the reason."""

    chunk_size = CHUNK
    receiver: Receiver | None
    refused: Unacceptable | None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The head of a part was read."""
        super().new_file(*args, **kwargs)
        self.receiver = self.refused = None
        try:
            self.receiver = Receiver(self.file_name or "", self.content_type or "")
        except Unacceptable as refused:
            self.refused = refused

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next bytes of it."""
        if self.receiver is None or self.refused is not None:
            return
        try:
            self.receiver.feed(raw_data)
        except Unacceptable as refused:
            self.refused = refused
            self.receiver.close()

    def file_complete(self, file_size: int) -> Arrived:
        """The part is over."""
        said = {"name": self.file_name, "content_type": self.content_type, "size": file_size}
        receiver, self.receiver = self.receiver, None
        return Arrived(receiver, self.refused, file=None, charset=self.charset, **said)

    def upload_interrupted(self) -> None:
        """The sender is gone."""
        if self.receiver is not None:
            self.receiver.close()


def take_body(request: HttpRequest, name: str) -> dict[str, Any]:
    """Keep the request's body itself as one file, with nothing around it: what it is. Raises Unacceptable."""
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    try:
        return receive(cast(BinaryIO, request), name, request.content_type or "", announced)
    except UnreadablePostError as error:
        raise Unacceptable(f"文件“{name}”没有传完，连接断了，请重新上传") from error
    except Unacceptable:
        drain(request)
        raise


@dataclass(frozen=True)
class Body:
    """The bytes of a request, as far as they come: a line that breaks is their end."""

    request: HttpRequest

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""
        try:
            return self.request.read(size)
        except UnreadablePostError:
            return b""


def drain(request: HttpRequest, most: int = LARGEST) -> None:
    """Read what is still coming, so that the sender hears the reason."""
    body, read = Body(request), 0
    while read < most and (piece := body.read(CHUNK)):
        read += len(piece)
