"""Half a configuration of the store stops the start, in Chinese; the disk needs none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sanxiang.cases.store_place import Place, chosen

WHOLE = {
    "SANXIANG_STORE": "s3",
    "SANXIANG_S3_ENDPOINT": "https://s3.example.test:9000/",
    "SANXIANG_S3_BUCKET": "evidence",
    "SANXIANG_S3_ACCESS_KEY": "county",
    "SANXIANG_S3_SECRET_KEY": "secret",
}


def test_the_disk_is_chosen_where_nothing_is_said() -> None:
    assert chosen({}) is None
    assert chosen({"SANXIANG_STORE": "disk"}) is None


def test_a_whole_configuration_is_a_place() -> None:
    place = chosen({**WHOLE, "SANXIANG_S3_PREFIX": "/county/"})
    assert place == Place(
        "https://s3.example.test:9000", "evidence", "county/", "us-east-1", "county", "secret"
    )
    assert "secret" not in repr(place).replace("secret_key", "")


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "SANXIANG_STORE"])
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=f"还缺少 {name}"):
        chosen({key: value for key, value in WHOLE.items() if key != name})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"SANXIANG_STORE": "ftp"}, "只能是 disk 或 s3"),
        ({"SANXIANG_STORE": "disk"}, "SANXIANG_STORE 不是 s3"),
        ({"SANXIANG_S3_ENDPOINT": "s3.example.test"}, "应为 https://主机:端口"),
        ({"SANXIANG_S3_KEYS": "/nowhere/keys"}, "只能用一种"),
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        chosen({**WHOLE, **change})


def test_the_keys_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    rest = {key: value for key, value in WHOLE.items() if not key.endswith("_KEY")} | {
        "SANXIANG_S3_KEYS": str(file)
    }
    with pytest.raises(ValueError, match="打不开"):
        chosen(rest)
    file.write_text("county\n")
    with pytest.raises(ValueError, match="应有两行"):
        chosen(rest)
    file.write_text("county\nsecret\n")
    place = chosen(rest)
    assert place is not None and (place.access_key, place.secret_key) == ("county", "secret")


def test_half_a_configuration_stops_every_command_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("x" * 50)
    half = {**os.environ, "SANXIANG_STORE": "s3", "SANXIANG_S3_ENDPOINT": "https://s3.example.test"}
    done = subprocess.run(
        [sys.executable, "-m", "sanxiang", "doctor", "--data", str(tmp_path)],
        env=half, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "设置有误：SANXIANG_STORE=s3 还缺少 SANXIANG_S3_BUCKET\n"


def test_who_stays_on_the_disk_does_not_wait_for_boto3() -> None:
    code = (
        "import django; django.setup(); from sanxiang.cases import recording, papers; import sys; "
        "assert not {'boto3', 'botocore'} & set(sys.modules)"
    )
    here = {**os.environ, "DJANGO_SETTINGS_MODULE": "sanxiang.settings"}
    assert subprocess.run([sys.executable, "-c", code], env=here, check=False).returncode == 0
