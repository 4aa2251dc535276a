"""The platform's seal on PDFs: a PAdES signature (B-B, or B-T with a timestamp authority) over every byte of the file.

The key is made at the first need, lies in a table sealed with the platform's secret key, and can be replaced (:func:`replace_key`). The
signer is kept loaded. Whether a file still is what was sealed is asked of :mod:`dip.registry.seal_check`.
"""

import asyncio
import io
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import IntegrityError, transaction

from dip.registry import sealed
from dip.registry.models import SealKey
from dip.registry.terms import Refusal

log = logging.getLogger(__name__)
_PURPOSE = "seal-key"
_FIELD = "DIPSeal"
_YEARS = 15
_LEAST_RSA_BITS = 2048


class UnableToSeal(Refusal):
    """The key cannot be read, or does not fit its certificate."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What the seal says beside the signature, and the tooltip by which people without sight find it."""

    reason: str
    tooltip: str


def current_key(at: datetime) -> SealKey:
    """The key in use; made now when there is none yet. One query once it is there."""
    found = SealKey.objects.filter(replaced_at=None).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _keep(*_made(at), at=at, by="DIP")
    except IntegrityError:  # another process made one meanwhile
        return SealKey.objects.get(replaced_at=None)


def replace_key(*, certificate: bytes, key: bytes, password: bytes | None, at: datetime, by: str) -> SealKey:
    """Seal with this certificate (PEM, its chain after it) and key (PEM) from now on. The certificate before it is kept.

    Raises :class:`UnableToSeal` when they cannot be read, do not belong together, are of no use for seals, or are in use already.
    """
    chain, private = _read(certificate, key, password)
    leaf = chain[0]
    _check(leaf, private, at)
    pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
    return _replaced(pem, leaf, private, at, by)


def renew_key(*, at: datetime, by: str) -> SealKey:
    """Seal with a new key of the platform's own from now on."""
    return _replaced(*_made(at), at, by)


def _replaced(pem: bytes, leaf: x509.Certificate, private: Any, at: datetime, by: str) -> SealKey:
    with transaction.atomic():
        if SealKey.objects.filter(digest=_digest(leaf)).exists():
            raise UnableToSeal("This certificate was brought before. Give another, or leave things as they are.", "certificate")
        SealKey.objects.select_for_update().filter(replaced_at=None).update(replaced_at=at, sealed_key="")
        return _keep(pem, leaf, private, at=at, by=by)


def _keep(pem: bytes, leaf: x509.Certificate, private: Any, *, at: datetime, by: str) -> SealKey:
    plain = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return SealKey.objects.create(
        certificate=pem.decode(),
        digest=_digest(leaf),
        subject=leaf.subject.rfc4514_string()[:200],
        valid_until=leaf.not_valid_after_utc,
        sealed_key=sealed.seal(plain, _PURPOSE),
        made_at=at,
        made_by=by[:160],
    )


def _digest(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def _made(at: datetime) -> tuple[bytes, x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A new key (P-256) and a certificate by itself, which names the platform and its address."""
    private = ec.generate_private_key(ec.SECP256R1())
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    name = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "DIP"), x509.NameAttribute(NameOID.COMMON_NAME, f"DIP, {host}"[:64])]
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM), made, private


def _read(certificate: bytes, key: bytes, password: bytes | None) -> tuple[list[x509.Certificate], Any]:
    try:
        chain = x509.load_pem_x509_certificates(certificate)
    except ValueError as error:
        raise UnableToSeal(
            "The certificate is no PEM file with certificates. Give the certificate, its chain after it.", "certificate"
        ) from error
    try:
        return chain, serialization.load_pem_private_key(key, password)
    except (ValueError, TypeError) as error:
        raise UnableToSeal("The key is no PEM file with a private key, or its password is wrong.", "key") from error


def _check(leaf: x509.Certificate, private: Any, at: datetime) -> None:
    if not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise UnableToSeal("The key is neither RSA nor on an elliptic curve. Give one that is.", "key")
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size < _LEAST_RSA_BITS:
        raise UnableToSeal(f"The key has {private.key_size} bits. Give one of {_LEAST_RSA_BITS} bits or more.", "key")
    if private.public_key() != leaf.public_key():
        raise UnableToSeal("The key does not belong to the first certificate of the file.", "key")
    if not leaf.not_valid_before_utc <= at < leaf.not_valid_after_utc:
        span = f"{leaf.not_valid_before_utc:%Y-%m-%d} to {leaf.not_valid_after_utc:%Y-%m-%d}"
        raise UnableToSeal(f"The certificate is valid from {span} only. Give one that is valid now.", "certificate")


def seal_pdf(content: bytes, seal: Seal, *, at: datetime) -> bytes:
    """The PDF with the platform's seal after it: the bytes of ``content`` stay as they are, the seal is appended.

    The signature field is invisible, on the first page, outside the page's box, with a tooltip: as PDF/A-3 and PDF/UA-1 both ask. The
    file is certified: no change is allowed. A timestamp authority that does not answer holds nothing up. Raises :class:`UnableToSeal`.
    """
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError

    signer = _signer(current_key(at).pk)
    if settings.SEAL_TIMESTAMPS:
        try:
            return _signed(content, seal, signer, _authority(settings.SEAL_TIMESTAMPS))
        except (httpx.HTTPError, TimestampRequestError) as error:
            log.warning("no timestamp from %s (%s): sealed without", settings.SEAL_TIMESTAMPS, error)
    return _signed(content, seal, signer, None)


def _signed(content: bytes, seal: Seal, signer: Any, authority: Any) -> bytes:
    from pyhanko.pdf_utils.generic import NameObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

    class Untouched(IncrementalPdfFileWriter):  # type: ignore[misc]
        """Leaves the metadata as they are: rewritten ones would no longer be an archive's."""

        def _update_meta(self) -> None:
            return

    writer = Untouched(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    while page["/Type"] == "/Pages":
        page = page["/Kids"][0]
    page[NameObject("/Tabs")] = NameObject("/S")
    writer.update_container(page)
    spec = fields.SigFieldSpec(
        _FIELD, on_page=0, readable_field_name=seal.tooltip, invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True)
    )
    meta = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        reason=seal.reason,
        name="DIP",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    made = _finished(PdfSigner(meta, signer, timestamper=authority, new_field_spec=spec).async_sign_pdf(writer))
    return bytes(made.getbuffer())


def _finished(signing: Coroutine[Any, Any, io.BytesIO]) -> io.BytesIO:
    """pyHanko signs in a loop of its own; where one runs already in this thread, in another thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(signing)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, signing).result()


@lru_cache(maxsize=2)
def _signer(key_id: int) -> Any:
    """The signer of a key, loaded once a process."""
    from asn1crypto import keys, pem
    from asn1crypto import x509 as asn1
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    row = SealKey.objects.get(pk=key_id)
    try:
        plain = sealed.unseal(row.sealed_key, _PURPOSE)
    except sealed.UnableToUnseal as error:
        told = "The platform's sealing key cannot be read with its secret key. Bring or make another with `dip seal`."
        raise UnableToSeal(told) from error
    chain = [asn1.Certificate.load(der) for _kind, _headers, der in pem.unarmor(row.certificate.encode(), multiple=True)]
    store = SimpleCertificateStore()
    store.register_multiple(chain)
    private = keys.PrivateKeyInfo.load(pem.unarmor(plain.encode())[2])
    return SimpleSigner(chain[0], private, store)


@lru_cache(maxsize=1)
def _authority(address: str) -> Any:
    from dip.registry.timestamps import Authority

    return Authority(address)
