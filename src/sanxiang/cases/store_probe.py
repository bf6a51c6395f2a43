"""What `sanxiang doctor` tries on the store, with scratch objects of its own: nothing else here is written, read or removed.

Whether object lock holds can only be tried. OpenStack Swift answers a retention call with OK, puts the retention's XML in place of the
object, and afterwards even repeats the retention when asked for it. So: the object's bytes must be the same after the call, and its
version must refuse to be deleted. The product itself never sends a retention, whatever comes out.
"""

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sanxiang.cases.shelves import StoreFault
from sanxiang.cases.store_place import Place
from sanxiang.cases.store_s3 import client_of, told

HELD, LOOSE, NONE = "held", "loose", "none"
KEPT = timedelta(minutes=2)


@dataclass(frozen=True)
class Lock:
    """Does object lock hold in this bucket: held, loose (promised, not kept), none (the store says it has none)."""

    state: str
    told: str


def works(place: Place) -> str:
    """What is wrong with the store, as a Chinese sentence; empty where an object comes back as it was put."""
    body = secrets.token_bytes(1024)
    try:
        with told(place), scratch(place, body) as (client, one):
            answer = client.get_object(**named(one), Range="bytes=24-1023")
            back = answer["Body"].read()
    except StoreFault as fault:
        return str(fault)
    except FileNotFoundError:
        return f"文件存储服务 {place.endpoint} 没有给出刚刚存入的文件，请系统管理员检查存储桶 {place.bucket}"
    return "" if back == body[24:] else f"文件存储服务 {place.endpoint} 给出的内容与刚刚存入的不同，不能使用"


def lock(place: Place) -> Lock:
    """Try object lock on a scratch object. Raises StoreFault where the store is away."""
    body = secrets.token_bytes(1024)
    until = datetime.now(UTC) + KEPT
    with told(place), scratch(place, body) as (client, one):
        try:
            client.put_object_retention(**one, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until})
        except ClientError:
            return Lock(NONE, "存储桶没有启用对象锁定")
        if client.get_object(**one)["Body"].read() != body:
            return Lock(LOOSE, "存储服务把锁定请求当作内容写进了文件：不支持对象锁定，不要对它设置保留期")
        try:
            client.delete_object(**one)
        except ClientError:
            return Lock(HELD, "对象锁定有效：锁定期内的文件删不掉")
        return Lock(LOOSE, "存储服务答应了锁定，文件仍能删除：不能依靠它的对象锁定")


@contextmanager
def scratch(place: Place, body: bytes) -> Iterator[tuple[Any, dict[str, str]]]:
    """A client and an object of our own, gone afterwards as far as the store lets it go."""
    client = client_of(place)
    one = {"Bucket": place.bucket, "Key": f"{place.prefix}probe/{uuid.uuid4()}"}
    made = client.put_object(**one, Body=body)
    if version := made.get("VersionId"):
        one["VersionId"] = version
    try:
        yield client, one
    finally:
        with suppress(ClientError, BotoCoreError):
            client.delete_object(**one)
        with suppress(ClientError, BotoCoreError):
            client.delete_object(**one, BypassGovernanceRetention=True)


def named(one: dict[str, str]) -> dict[str, str]:
    """The object by its name, whatever version stands there."""
    return {"Bucket": one["Bucket"], "Key": one["Key"]}
