"""How a PDF is signed with a certificate (PAdES, ETSI EN 319 142), the seal drawn on its last page, and how that is checked.

`sealing` is what others call. A person signs likewise with a certificate of the person's own, and a paper that was signed by hand is
shut by the agency's.

Who holds the keys is a provider, asked for the agency by its id and for a person by `person-` and the person's id. The one that comes
along keeps keys of its own authority in the data folder: good for trying out, and for a place that has nothing yet. `SANXIANG_SEAL_URL`
names a seal platform instead: it is sent a digest and answers with the signature and its certificates, so that neither the text nor the
key leaves its house (电子签名法 第十三条: the key is under the signer's sole control, and any later change can be found out).
"""

import io
import json
import os
import tempfile
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pypdfium2
import typst
from asn1crypto import algos
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import load_private_key_from_pemder_data
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sanxiang.cases.papers.fonts import fonts_folder
from sanxiang.cases.papers.seals import Seal, SealFault

FOLDER = "seals"
TEMPLATE = Path(__file__).parent / "typst" / "seal.typ"
PERSONAL = Path(__file__).parent / "typst" / "personal.typ"
FIELD, LOCK = "Seal", "Lock"
YEARS = 10
SIDE = 119
"""Points: 42 mm."""
PLACE = (330, 96, 330 + SIDE, 96 + SIDE)
"""Points from the lower left of the last page, where the paper names its agency nowhere."""
PERSONAL_PLACE = (330, 60, 470, 90)
"""Where a person's signature is seen when its place is not found on the page."""
WAIT = 20
"""Seconds that a seal platform may take."""


BROKEN = (
    PdfError,
    SignatureValidationError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What reading and judging a broken file may raise."""


class Provider(Protocol):
    """Who holds seals. `signer` gives what signs in the name of one agency. Raises SealFault."""

    def signer(self, agency: str, name: str) -> signers.Signer: ...


def provider() -> Provider:
    """The seal platform that is set, else the authority of this installation."""
    return Platform(settings.SEAL_URL) if settings.SEAL_URL else OwnAuthority(Path(settings.DATA) / FOLDER)


def seal(pdf: bytes, agency: str, name: str, reason: str, at: datetime) -> tuple[bytes, str]:
    """The PDF with the agency's seal, and the SHA-256 of the certificate. Raises SealFault."""
    number, box = place_of(pdf, name)
    told = {"name": name, "line": f"电子签章 {at.date().isoformat()}"}
    return _put(
        pdf, agency, name, reason, fields.SigFieldSpec(FIELD, on_page=number, box=box), TEMPLATE, told
    )


def lock(pdf: bytes, agency: str, name: str, reason: str) -> tuple[bytes, str]:
    """The PDF shut by the agency's certificate, without a picture: any later change is found out. Raises SealFault."""
    return _put(pdf, agency, name, reason, fields.SigFieldSpec(LOCK), None, {})


def personal(pdf: bytes, person: str, name: str, reason: str, at: datetime, spot: Any) -> tuple[bytes, str]:
    """The PDF signed with a person's own certificate, to be seen at that place; after the last page's text where there is none."""
    box = PERSONAL_PLACE
    number = -1
    if spot is not None:
        number, (left, top, right, bottom), high = spot.page, spot.box, spot.high
        box = (round(left), round(high - bottom), round(right), round(high - top))
    told = {"name": name, "line": at.isoformat(sep=" ", timespec="minutes")[:16]}
    spec = fields.SigFieldSpec(f"Sign-{person}-{at:%Y%m%d%H%M%S%f}", on_page=number, box=box)
    return _put(pdf, f"person-{person}", name, reason, spec, PERSONAL, told)


def _put(
    pdf: bytes, key: str, name: str, reason: str, spec: fields.SigFieldSpec, template: Path | None, told: Any
) -> tuple[bytes, str]:
    """One signature in a field of its own, with whoever holds the key; the SHA-256 of the certificate beside it."""
    signer = provider().signer(key, name)
    data = signers.PdfSignatureMetadata(
        field_name=spec.sig_field_name,
        reason=reason,
        name=name,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    with tempfile.TemporaryDirectory() as folder:
        style = None
        if template is not None:
            drawn = picture(template, told, Path(folder))
            style = StaticStampStyle(background=drawn, border_width=0, background_opacity=0.85)
        made = signers.PdfSigner(data, signer, stamp_style=style, new_field_spec=spec).sign_pdf(writer)
    certificate = signer.signing_cert
    assert certificate is not None
    return made.getvalue(), certificate.sha256.hex()


def place_of(pdf: bytes, name: str) -> tuple[int, tuple[int, int, int, int]]:
    """Page and box of the seal: over the agency's name as it stands last, above the date (GB/T 9704 7.3.5)."""
    read = pypdfium2.PdfDocument(pdf)
    for number in range(len(read) - 1, -1, -1):
        page = read[number]
        text, right = page.get_textpage(), page.get_width() / 2
        found, last = text.search(name), None
        while spot := found.get_next():
            left, bottom, _, top = text.get_charbox(spot[0])
            *_, far, _ = text.get_charbox(spot[0] + spot[1] - 1)
            if (left + far) / 2 > right:
                last = ((left + far) / 2, (bottom + top) / 2)
        if last is not None:
            x, y = round(last[0] - SIDE / 2), round(last[1] - SIDE * 0.62)
            x, y = min(max(x, 0), round(page.get_width()) - SIDE), max(y, 0)
            return number, (x, y, x + SIDE, y + SIDE)
    return -1, PLACE


def picture(template: Path, told: dict[str, str], folder: Path) -> ImportedPdfPage:
    """What is seen of a signature: the seal with its ring, or a person's name with the moment."""
    compiler = typst.Compiler(
        str(template), root=str(template.parent), font_paths=[str(fonts_folder())], ignore_system_fonts=True
    )
    drawn = compiler.compile(sys_inputs=told, format="pdf")
    assert isinstance(drawn, bytes)
    file = folder / "seal.pdf"
    file.write_bytes(drawn)
    return ImportedPdfPage(str(file))


# Keys of one's own.


@dataclass(frozen=True)
class OwnAuthority:
    """An authority in the data folder: one root, one certificate an agency, made when first needed."""

    folder: Path

    def signer(self, agency: str, name: str) -> signers.Signer:
        """The agency's key with its certificate."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        root_key, root = self._pair("ca", "三项电子签章根证书", None)
        key, own = self._pair(agency, name, (root_key, root))
        return signers.SimpleSigner(
            signing_cert=asn1.Certificate.load(own.public_bytes(serialization.Encoding.DER)),
            signing_key=load_private_key_from_pemder_data(_pem(key), passphrase=None),
            cert_registry=SimpleCertificateStore.from_certs(
                [asn1.Certificate.load(root.public_bytes(serialization.Encoding.DER))]
            ),
        )

    def _pair(
        self, called: str, name: str, above: Any
    ) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        key_file, own_file = self.folder / f"{called}.key", self.folder / f"{called}.pem"
        if (
            own_file.exists() and not key_file.exists()
        ):  # a copy without its keys: what it sealed is still checked
            own_file.rename(own_file.with_stem(f"{called}-{own_file.stat().st_mtime_ns:x}"))
        if own_file.exists():
            key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
            assert isinstance(key, ec.EllipticCurvePrivateKey)
            return key, x509.load_pem_x509_certificate(own_file.read_bytes())
        key = ec.generate_private_key(ec.SECP256R1())
        own = _certificate(key, name, above)
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(_pem(key))
        own_file.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        return key, own


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(key: ec.EllipticCurvePrivateKey, name: str, above: Any) -> x509.Certificate:
    """A certificate for sealing documents, or the root above them all."""
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    upper_key, upper = above or (key, None)
    now, root = datetime.now(UTC) - timedelta(minutes=5), above is None
    usage = x509.KeyUsage(
        digital_signature=not root, content_commitment=not root, key_cert_sign=root, crl_sign=root,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(upper.subject if upper else own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(usage, critical=True)
        .sign(upper_key, hashes.SHA256())
    )


# A platform elsewhere.


class Remote(signers.Signer):
    """Signs by asking a seal platform for the signature over a digest."""

    def __init__(self, url: str, agency: str, certificates: list[asn1.Certificate]) -> None:
        super().__init__(
            signing_cert=certificates[0], cert_registry=SimpleCertificateStore.from_certs(certificates[1:])
        )
        self.url, self.agency = url, agency

    def get_signature_mechanism_for_digest(self, digest_algorithm: str | None) -> algos.SignedDigestAlgorithm:
        """RSA or ECDSA over SHA-256, by the key of the certificate."""
        kind = self.signing_cert.public_key.algorithm if self.signing_cert else "rsa"
        name = "sha256_ecdsa" if kind == "ec" else "sha256_rsa"
        return algos.SignedDigestAlgorithm({"algorithm": name})

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The platform's signature over the digest of `data`."""
        if dry_run:
            return bytes(512)
        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        told = {"seal": self.agency, "digest": digest.finalize().hex(), "digest_algorithm": "sha256"}
        answer = _asked(self.url.rstrip("/") + "/sign", told)
        try:
            return bytes.fromhex(str(answer["signature"]))
        except (KeyError, ValueError):
            raise SealFault("签章平台的应答里没有签名，请联系签章平台核对接口") from None


@dataclass(frozen=True)
class Platform:
    """A seal platform behind an address: `POST /certificates` {seal} and `POST /sign` {seal, digest, digest_algorithm}."""

    url: str

    def signer(self, agency: str, name: str) -> signers.Signer:
        """The agency's seal there, with its certificates."""
        answer = _asked(self.url.rstrip("/") + "/certificates", {"seal": agency, "name": name})
        try:
            found = list(load_certs_from_pemder_data(str(answer["certificates"]).encode()))
        except (KeyError, ValueError):
            found = []
        if not found:
            raise SealFault(f"签章平台没有给出“{name}”的证书，请先在签章平台登记本机关的印章")
        return Remote(self.url, agency, found)


def _asked(url: str, told: dict[str, str]) -> dict[str, Any]:
    """The platform's answer. Raises SealFault."""
    body = json.dumps(told).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            found = json.loads(answer.read(1 << 20))
    except (OSError, ValueError) as error:
        raise SealFault(f"签章平台没有应答（{error}），文书没有用印，请稍后再办理") from error
    return found if isinstance(found, dict) else {}


# Checking.


def roots() -> list[asn1.Certificate]:
    """Whom this installation trusts: its own authority, and those of the folder that is set."""
    own = sorted((Path(settings.DATA) / FOLDER).glob("ca*.pem"))
    more = sorted(Path(settings.SEAL_ROOTS).glob("*.pem")) if settings.SEAL_ROOTS else []
    return [one for file in (*own, *more) for one in load_certs_from_pemder_data(file.read_bytes())]


def check(pdf: bytes) -> list[Seal]:
    """Every seal of a PDF; none where it bears none, or is no PDF that can be read."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        found = list(reader.embedded_regular_signatures)
    except BROKEN:  # a stranger's file: whatever it does to the reader, it bears no seal
        return []
    context = ValidationContext(trust_roots=roots(), allow_fetching=False)
    return [_seal(one, context) for one in found]


def _seal(one: Any, context: ValidationContext) -> Seal:
    try:
        status = validate_pdf_signature(one, context)
    except BROKEN:  # likewise: a seal that cannot be read does not hold
        return Seal(False, False, "", None, "", False)
    certificate = status.signing_cert
    return Seal(
        bool(status.intact and status.valid),
        bool(status.trusted),
        str(certificate.subject.native.get("common_name", "")),
        status.signer_reported_dt,
        certificate.sha256.hex(),
        _whole(status),
    )


def _whole(status: Any) -> bool:
    """Is all of the file under this signature, or has nothing come after it but further signatures?"""
    if status.coverage is None:
        return False
    later = status.modification_level
    signed_on = later is not None and later in (ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
    return status.coverage.name == "ENTIRE_FILE" or (status.coverage.name == "ENTIRE_REVISION" and signed_on)


# Drawing over pages.


def laid_over(pdf: bytes, above: bytes, count: int) -> bytes:
    """Each page with what lies over it, and the pages that come after, by an incremental update (ISO 32000-2, 7.5.6)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    over = PdfFileReader(io.BytesIO(above))
    for number in range(int(over.root["/Pages"]["/Count"])):
        form = writer.import_page_as_xobject(over, page_ix=number)
        use = generic.DictionaryObject(
            {generic.pdf_name("/XObject"): generic.DictionaryObject({generic.pdf_name("/Signed"): form})}
        )
        if number < count:
            # What the page drew may have moved its axes: it is shut in before something is laid over it.
            for data, first in ((b"q\n", True), (b"\nQ q /Signed Do Q\n", False)):
                stream = writer.add_object(generic.StreamObject(stream_data=data))
                writer.add_stream_to_page(number, stream, None if first else use, prepend=first)
        else:
            content = writer.add_object(generic.StreamObject(stream_data=b"q /Signed Do Q"))
            box = form.get_object()["/BBox"]
            writer.insert_page(PageObject(contents=content, media_box=box, resources=use))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
