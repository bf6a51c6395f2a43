"""The OpenSSL command line as a stranger's program, and where it is missing the reason for not asking it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None,
    reason="the openssl command line is not installed (apt-get install openssl)",
)

# RFC 5915 and RFC 5480 around a bare key, on curve 1.2.156.10197.1.301.
_CURVE = bytes.fromhex("06082a811ccf5501822d")
_PRIVATE = bytes.fromhex("30770201010420")
_PUBLIC = bytes.fromhex("3059301306072a8648ce3d0201") + _CURVE + bytes.fromhex("034200")


def openssl(*words: str | Path, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    """`openssl WORDS`; its exit code must be `code`, None for any."""
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)
    assert code is None or done.returncode == code, f"{words}: exit {done.returncode}\n{done.stderr}"
    return done


def sm2_private_file(place: Path, private: bytes, public: bytes) -> Path:
    """The private key as a file that OpenSSL reads (DER)."""
    place.write_bytes(
        _PRIVATE + private + b"\xa0\x0a" + _CURVE + b"\xa1\x44" + bytes.fromhex("034200") + public
    )
    return place


def sm2_public_file(place: Path, public: bytes) -> Path:
    """The public key as a file that OpenSSL reads (DER)."""
    place.write_bytes(_PUBLIC + public)
    return place


def sm2_signs(folder: Path, private: Path, message: bytes, distid: str) -> bytes:
    """r ‖ s by OpenSSL."""
    (folder / "message").write_bytes(message)
    openssl(
        "pkeyutl",
        "-sign",
        "-keyform",
        "DER",
        "-inkey",
        private,
        *_how(folder, distid),
        "-out",
        folder / "sig",
    )
    r, s = decode_dss_signature((folder / "sig").read_bytes())
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def sm2_accepts(folder: Path, public: Path, message: bytes, signature: bytes, distid: str) -> bool:
    """Whether OpenSSL accepts r ‖ s."""
    (folder / "message").write_bytes(message)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    (folder / "sig").write_bytes(encode_dss_signature(r, s))
    key = ("-pubin", "-keyform", "DER", "-inkey", public)
    words = ("pkeyutl", "-verify", *key, *_how(folder, distid), "-sigfile", folder / "sig")
    return openssl(*words, code=None).returncode == 0


def _how(folder: Path, distid: str) -> tuple[str | Path, ...]:
    return "-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{distid}", "-in", folder / "message"
