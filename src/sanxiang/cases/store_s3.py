"""The shelf in an S3-compatible store: only ever adds. Loaded when chosen, for boto3 takes half a second.

No call here deletes, and none sends a retention: a store that does not know object lock may take the retention for the object
(OpenStack Swift does). Who wants a lock sets it as the bucket's default; `sanxiang doctor` tries on a scratch object if it holds.
"""

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sanxiang.cases.shelves import DIGEST, PIECE, StoreFault, altered, digest_in, named
from sanxiang.cases.store_place import Place

CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 60, 2
GONE = frozenset({"404", "NoSuchKey", "NotFound"})
TAKEN = frozenset({"412", "PreconditionFailed", "ConditionalRequestConflict"})
UNCONDITIONAL = frozenset({"501", "NotImplemented"})
REFUSED = frozenset(
    {
        "401",
        "403",
        "AccessDenied",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "AuthorizationHeaderMalformed",
    }
)


@dataclass
class OnS3:
    """One shelf of a bucket: keys PREFIX + kind/ab/cd/abcd…"""

    place: Place
    kind: str
    room: Path
    client: Any = field(init=False, repr=False)
    conditional: bool = True
    """Does the store know `If-None-Match` for what is put? Asked by trying."""

    def __post_init__(self) -> None:
        self.client = client_of(self.place)

    def key(self, digest: str) -> str:
        """What the object of that digest is called."""
        return f"{self.place.prefix}{self.kind}/{named(digest)}"

    def put(self, fresh: Path, digest: str) -> None:
        """See Store. What the store says it has kept is read back and hashed: a promise is no evidence."""
        if not self.exists(digest):
            self._send(fresh, digest)
        try:
            found = digest_in(self, digest)
        except FileNotFoundError:
            found = ""
        if found != digest:
            raise StoreFault(altered(digest))

    def _send(self, fresh: Path, digest: str) -> None:
        """Put only where nothing stands; on a store that knows no condition our look before must do."""
        condition = {"IfNoneMatch": "*"} if self.conditional else {}
        try:
            with told(self.place), fresh.open("rb") as body:
                # Every store knows this header, the newer checksums not; with a lock on the bucket one of them is asked for.
                self.client.put_object(
                    Bucket=self.place.bucket,
                    Key=self.key(digest),
                    Body=body,
                    ContentMD5=md5_of(fresh),
                    ContentType="application/octet-stream",
                    **condition,
                )
        except Conditional as said:
            if said.code in UNCONDITIONAL and self.conditional:
                self.conditional = False
                self._send(fresh, digest)

    def open(self, digest: str, offset: int = 0, length: int | None = None) -> io.BufferedReader:
        """See Store."""
        if length == 0:
            return io.BufferedReader(io.BytesIO())
        last = "" if length is None else str(offset + length - 1)
        part = {"Range": f"bytes={offset}-{last}"} if offset or last else {}
        with told(self.place):
            answer = self.client.get_object(Bucket=self.place.bucket, Key=self.key(digest), **part)
        return io.BufferedReader(Body(answer["Body"], self.place), PIECE)

    def exists(self, digest: str) -> bool:
        """See Store."""
        try:
            self.size(digest)
        except FileNotFoundError:
            return False
        return True

    def size(self, digest: str) -> int:
        """See Store."""
        with told(self.place):
            answer = self.client.head_object(Bucket=self.place.bucket, Key=self.key(digest))
        return int(answer["ContentLength"])

    def digests(self) -> Iterator[str]:
        """See Store."""
        pages = self.client.get_paginator("list_objects_v2")
        with told(self.place):
            for page in pages.paginate(Bucket=self.place.bucket, Prefix=f"{self.place.prefix}{self.kind}/"):
                for one in page.get("Contents", ()):
                    name = str(one["Key"]).rpartition("/")[2]
                    if DIGEST.fullmatch(name):
                        yield name


class Body(io.RawIOBase):
    """What the store sends, as an open file; a line that breaks is a fault of the store, never a short file."""

    def __init__(self, stream: Any, place: Place) -> None:
        self.stream, self.place = stream, place

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        into = memoryview(buffer).cast("B")
        with told(self.place):
            found = self.stream.read(len(into))
        into[: len(found)] = found
        return len(found)

    def close(self) -> None:
        """Let the connection go."""
        self.stream.close()
        super().close()


class Conditional(Exception):
    """The store answered to the condition: something stands there already, or it knows no conditions."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def client_of(place: Place) -> Any:
    """A client that may be shared by threads. Nothing is asked yet."""
    made = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return Session().client(
        "s3",
        endpoint_url=place.endpoint,
        region_name=place.region,
        aws_access_key_id=place.access_key,
        aws_secret_access_key=place.secret_key,
        config=made,
    )


@contextmanager
def told(place: Place) -> Iterator[None]:
    """What a store answers, in our words. Raises FileNotFoundError, Conditional, StoreFault."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in GONE:
            raise FileNotFoundError(f"{place.bucket} 里没有这个文件") from error
        if code in TAKEN | UNCONDITIONAL:
            raise Conditional(code) from error
        raise StoreFault(sentence(place, code)) from error
    except BotoCoreError as error:
        raise StoreFault(
            f"暂时连不上文件存储服务 {place.endpoint}，请稍后再试；一直这样的，请系统管理员检查存储服务和网络"
        ) from error


def sentence(place: Place, code: str) -> str:
    """Why the store says no, and who cures it."""
    if code in REFUSED:
        return (
            f"文件存储服务 {place.endpoint} 不认可本系统的密钥（{code}），请系统管理员核对 SANXIANG_S3_ACCESS_KEY、"
            "SANXIANG_S3_SECRET_KEY 和存储桶的授权"
        )
    if code == "NoSuchBucket":
        return f"文件存储服务上没有存储桶 {place.bucket}，请系统管理员建立它，或核对 SANXIANG_S3_BUCKET"
    return f"文件存储服务 {place.endpoint} 没有完成请求（{code}），请稍后再试；一直这样的，请系统管理员查看存储服务的日志"


def md5_of(fresh: Path) -> str:
    """What the store compares with what it received. No evidence of anything: only against a broken line."""
    with fresh.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return base64.b64encode(digest.digest()).decode()
