"""Which store an installation has chosen, from the environment: the disk, or a bucket of an S3-compatible store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

ASKED = ("SANXIANG_S3_ENDPOINT", "SANXIANG_S3_BUCKET")
KEYS = ("SANXIANG_S3_ACCESS_KEY", "SANXIANG_S3_SECRET_KEY")
KEY_FILE = "SANXIANG_S3_KEYS"
OPTIONAL = ("SANXIANG_S3_PREFIX", "SANXIANG_S3_REGION", KEY_FILE)
DEFAULT_REGION = "us-east-1"
"""What S3-compatible stores that know no regions expect in a signature."""


@dataclass(frozen=True)
class Place:
    """A bucket and who may enter it."""

    endpoint: str
    bucket: str
    prefix: str
    region: str
    access_key: str
    # An error report or a log must never show it.
    secret_key: str = field(repr=False)


def chosen(environment: Mapping[str, str]) -> Place | None:
    """The bucket of SANXIANG_STORE=s3; None for the disk. Raises ValueError, in Chinese, for half a configuration."""
    kind = environment.get("SANXIANG_STORE", "disk")
    given = [name for name in (*ASKED, *KEYS, *OPTIONAL) if environment.get(name)]
    if kind == "disk":
        if given:
            raise ValueError(
                f"设置了 {'、'.join(given)}，但 SANXIANG_STORE 不是 s3；请设为 s3，或去掉这些设置"
            )
        return None
    if kind != "s3":
        raise ValueError(f"SANXIANG_STORE 只能是 disk 或 s3，现在是 {kind!r}")
    if lacking := [name for name in ASKED if not environment.get(name)]:
        raise ValueError(f"SANXIANG_STORE=s3 还缺少 {'、'.join(lacking)}")
    endpoint = environment["SANXIANG_S3_ENDPOINT"].rstrip("/")
    if urlparse(endpoint).scheme not in ("http", "https") or not urlparse(endpoint).hostname:
        raise ValueError(f"SANXIANG_S3_ENDPOINT 应为 https://主机:端口，现在是 {endpoint!r}")
    access, secret = keys(environment)
    return Place(
        endpoint=endpoint,
        bucket=environment["SANXIANG_S3_BUCKET"],
        prefix=folder(environment.get("SANXIANG_S3_PREFIX", "")),
        region=environment.get("SANXIANG_S3_REGION") or DEFAULT_REGION,
        access_key=access,
        secret_key=secret,
    )


def folder(prefix: str) -> str:
    """A prefix as it stands before each key: nothing, or with one slash behind it."""
    inner = prefix.strip("/")
    return f"{inner}/" if inner else ""


def keys(environment: Mapping[str, str]) -> tuple[str, str]:
    """Access key and secret: two variables, or the two lines of a file that only the server's account reads. Raises ValueError."""
    file, given = environment.get(KEY_FILE, ""), [environment.get(name, "") for name in KEYS]
    if file and any(given):
        raise ValueError(f"{KEY_FILE} 与 {'、'.join(KEYS)} 只能用一种")
    if not file:
        if lacking := [name for name, value in zip(KEYS, given, strict=True) if not value]:
            raise ValueError(
                f"SANXIANG_STORE=s3 还缺少 {'、'.join(lacking)}（或者用 {KEY_FILE} 指定密钥文件）"
            )
        return given[0], given[1]
    try:
        lines = Path(file).read_text(encoding="utf-8").split()
    except OSError:
        raise ValueError(f"{KEY_FILE} 指定的密钥文件 {file} 打不开，请核对路径和权限") from None
    if len(lines) != 2:
        raise ValueError(f"密钥文件 {file} 应有两行：第一行访问密钥，第二行保密密钥")
    return lines[0], lines[1]
