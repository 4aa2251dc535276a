"""The platform's seal: made, checked, broken in every way, and its key replaced."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from dip.registry import seals
from dip.registry.models import SealKey
from dip.registry.seal_check import MOST_BYTES, Verdict, check_seal
from dip.registry.seals import Seal, UnableToSeal, current_key, renew_key, replace_key, seal_pdf
from dip.web import paper

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SEAL = Seal("Agreement A26-01193", "Seal of the platform")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_signers():
    """A signer is kept by the key's number, and tests give numbers out again."""
    seals._signer.cache_clear()
    yield
    seals._signer.cache_clear()


@pytest.fixture(scope="session")
def plain() -> bytes:
    """A document without a seal."""
    data = {
        "title": "Zeven Dagen Vloed", "author": "Impresariaat Van Halderen", "subject": "Approved", "keywords": ["A26-01193"],
        "kind": "Agreement", "head": "Agreement", "reference": "A26-01193", "foot": "A26-01193", "page": "page {page} of {pages}",
        "watermark": "", "heading": "Zeven Dagen Vloed", "facts": ["Partage"],
        "standing": {"binds": True, "title": "Approved", "sentence": "It binds both."},
        "sections": [], "annexes": [], "seal": {"title": "Sealed", "sentence": "", "address": "", "fingerprint-name": "", "fingerprint": ""},
    }  # fmt: skip
    return paper.render("web/paper/document.typ", data, language="en", at=NOW)


def pair(*, bits: int = 0, days: int = 365, start: datetime = NOW - timedelta(days=1)):
    """A certificate of some other authority's making, and its key, both PEM."""
    private = rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Podium, sealing")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .sign(private, hashes.SHA256())
    )
    key = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.public_bytes(serialization.Encoding.PEM), key


def test_a_sealed_file_is_intact_and_begins_with_what_was_rendered(plain):
    sealed = seal_pdf(plain, SEAL, at=NOW)
    assert sealed.startswith(plain)
    found = check_seal(sealed)
    assert (found.verdict, found.is_replaced_key) == (Verdict.INTACT, False)
    assert abs(found.sealed_at - datetime.now(UTC)) < timedelta(minutes=5)
    from hashlib import sha256

    assert sha256(plain).hexdigest() in found.origins


def test_it_seals_where_a_loop_runs_already(plain):
    import asyncio

    signer = seals._signer(current_key(NOW).pk)  # within the loop Django would open another connection

    async def within() -> bytes:
        return seals._signed(plain, SEAL, signer, None)

    assert check_seal(asyncio.run(within())).verdict is Verdict.INTACT


def test_another_reader_agrees_that_the_seal_covers_the_whole_file(plain):
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    sealed = seal_pdf(plain, SEAL, at=NOW)
    trusted = list(load_certs_from_pemder_data(SealKey.objects.get().certificate.encode()))
    reader = PdfFileReader(io.BytesIO(sealed))
    signature = reader.embedded_signatures[0]
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=trusted, allow_fetching=False))
    assert status.bottom_line, status.pretty_print_details()
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.sig_object["/Reason"] == SEAL.reason
    assert signature.docmdp_level.name == "NO_CHANGES"


def test_the_seal_leaves_an_archive_and_its_accessibility_whole(plain):
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(seal_pdf(plain, SEAL, at=NOW)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    field = root["/AcroForm"]["/Fields"][0].get_object()
    assert field["/TU"] == SEAL.tooltip
    left, bottom, right, top = (float(side) for side in field["/Rect"])
    assert (left, bottom) == (right, top)
    assert left < 0  # outside the page, so that PDF/UA asks for no tag
    flags = int(field["/F"])
    assert flags & 4  # printed, as PDF/A asks
    assert not flags & 2  # and not hidden
    assert reader.pages[0]["/Tabs"] == "/S"
    assert "NeedAppearances" not in root["/AcroForm"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


@pytest.mark.parametrize("place", [20, 2_000, 6_000, -200])
def test_one_other_byte_is_seen(plain, place):
    sealed = bytearray(seal_pdf(plain, SEAL, at=NOW))
    sealed[place] ^= 1
    assert check_seal(bytes(sealed)).verdict in {Verdict.CHANGED, Verdict.NOT_OURS}
    if place > 0:
        assert check_seal(bytes(sealed)).verdict is Verdict.CHANGED


def test_what_is_put_in_is_seen(plain):
    sealed = seal_pdf(plain, SEAL, at=NOW)
    assert check_seal(sealed[:500] + b"more" + sealed[500:]).verdict is Verdict.CHANGED


def test_what_is_hidden_in_the_seals_own_gap_is_seen(plain):
    sealed = seal_pdf(plain, SEAL, at=NOW)
    end = sealed.rindex(b"0000>")
    assert check_seal(sealed[: end + 1] + b">/X" + sealed[end + 4 :]).verdict is not Verdict.INTACT
    assert check_seal(sealed[:end] + b">" + b" " * 3 + sealed[end + 4 :]).verdict is not Verdict.INTACT


def test_what_is_added_after_the_seal_is_told_apart_from_a_change(plain):
    sealed = seal_pdf(plain, SEAL, at=NOW)
    assert check_seal(sealed + b"\n% a note\n").verdict is Verdict.ADDED_TO


def test_the_seal_of_another_file_does_not_fit_this_one(plain):
    sealed = seal_pdf(plain, SEAL, at=NOW)
    other = paper_like(plain)
    assert check_seal(other + sealed[len(plain) :]).verdict is Verdict.CHANGED


def paper_like(plain: bytes) -> bytes:
    return plain.replace(b"/Type", b"/Tipe", 1)


def test_a_signature_by_a_stranger_is_not_ours(plain):
    sealed = seal_pdf(plain, SEAL, at=NOW)
    SealKey.objects.all().delete()
    assert check_seal(sealed).verdict is Verdict.NOT_OURS


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"", Verdict.EMPTY),
        (b"just text", Verdict.NOT_A_PDF),
        (b"PK\x03\x04" + b"0" * 2000 + b"%PDF-1.7", Verdict.NOT_A_PDF),
        (b"%PDF-1.7\nnothing", Verdict.NOT_OURS),
        (b"%PDF-1.7\n/Encrypt 4 0 R", Verdict.ENCRYPTED),
        (b"%PDF-1.7" + b"0" * MOST_BYTES, Verdict.TOO_LARGE),
        (b"%PDF-1.7 /ByteRange [0 10 20 30] <zz>", Verdict.NOT_OURS),
        (b"%PDF-1.7 /ByteRange [0 9999999999 9999999999 9999999999]", Verdict.NOT_OURS),
        (b"%PDF-1.7 /ByteRange [0 31 45 0]<3000300030>" * 50, Verdict.NOT_OURS),
        (b"%PDF-1.7 /Contents <308006092a864886f70d010702> /ByteRange [0 19 47 9]", Verdict.NOT_OURS),
    ],
)
def test_other_files_get_a_clear_answer(content, verdict):
    assert check_seal(content).verdict is verdict


def test_the_key_is_made_once_and_lies_sealed():
    first = current_key(NOW)
    assert current_key(NOW) == first
    assert SealKey.objects.count() == 1
    assert "PRIVATE KEY" not in first.sealed_key
    assert first.valid_until > NOW + timedelta(days=3650)


def test_a_replaced_key_keeps_its_certificate_and_loses_its_private_part(plain):
    old = seal_pdf(plain, SEAL, at=NOW)
    renew_key(at=NOW + timedelta(days=1), by="Noor Dijkema")
    new = seal_pdf(plain, SEAL, at=NOW + timedelta(days=2))
    assert check_seal(new).is_replaced_key is False
    assert (check_seal(old).verdict, check_seal(old).is_replaced_key) == (Verdict.INTACT, True)
    assert SealKey.objects.get(replaced_at__isnull=False).sealed_key == ""


@pytest.mark.parametrize("bits", [0, 2048])
def test_a_key_of_an_authority_takes_over(plain, bits):
    certificate, key = pair(bits=bits)
    made = replace_key(certificate=certificate, key=key, password=None, at=NOW, by="Noor Dijkema")
    assert made.subject == "CN=Podium\\, sealing"
    assert check_seal(seal_pdf(plain, SEAL, at=NOW)).key == made


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        (lambda c, k: (b"nothing", k), "certificate", "no PEM file with certificates"),
        (lambda c, k: (c, b"nothing"), "key", "no PEM file with a private key"),
        (lambda c, k: (c, pair()[1]), "key", "does not belong"),
        (lambda c, k: pair(start=NOW - timedelta(days=400)), "certificate", "valid from 2025-10-19 to 2026-10-19 only"),
        (lambda c, k: pair(bits=1024), "key", "1024 bits"),
    ],
)
def test_a_key_that_does_not_fit_is_refused_and_nothing_changes(change, field, said):
    before = current_key(NOW)
    certificate, key = change(*pair())
    with pytest.raises(UnableToSeal, match=said) as refused:
        replace_key(certificate=certificate, key=key, password=None, at=NOW, by="Noor Dijkema")
    assert refused.value.field == field
    assert current_key(NOW) == before


def test_the_same_certificate_is_not_brought_twice():
    certificate, key = pair()
    replace_key(certificate=certificate, key=key, password=None, at=NOW, by="Noor Dijkema")
    with pytest.raises(UnableToSeal, match="brought before"):
        replace_key(certificate=certificate, key=key, password=None, at=NOW, by="Noor Dijkema")
    assert SealKey.objects.filter(replaced_at=None).count() == 1


def test_a_key_that_cannot_be_read_seals_nothing(plain, settings):
    current_key(NOW)
    settings.SECRET_KEY = "another key altogether " * 3
    with pytest.raises(UnableToSeal, match="dip seal"):
        seal_pdf(plain, SEAL, at=NOW)


class _Authority:
    """A timestamp authority on this machine, with a certificate of its own."""

    def __init__(self, status: int = 200) -> None:
        import threading
        from http.server import BaseHTTPRequestHandler, HTTPServer

        from asn1crypto import tsp
        from asn1crypto import x509 as asn1
        from asn1crypto.keys import PrivateKeyInfo
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
        from pyhanko.sign.timestamps import DummyTimeStamper

        certificate, key = pair(bits=2048)
        der = x509.load_pem_x509_certificate(certificate).public_bytes(serialization.Encoding.DER)
        plain = load_pem_private_key(key, None).private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        stamper = DummyTimeStamper(asn1.Certificate.load(der), PrivateKeyInfo.load(plain))
        asked: list[bytes] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(self.rfile.read(int(self.headers["Content-Length"])))
                answer = stamper.request_tsa_response(tsp.TimeStampReq.load(asked[-1])).dump()
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_args: object) -> None:
                return

        self.asked, self.server = asked, HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.mark.parametrize(("status", "stamped"), [(200, True), (503, False)])
def test_a_timestamp_is_asked_where_configured_and_holds_nothing_up(plain, settings, status, stamped):
    from pyhanko.pdf_utils.reader import PdfFileReader

    authority = _Authority(status)
    settings.SEAL_TIMESTAMPS = authority.address
    try:
        sealed = seal_pdf(plain, SEAL, at=NOW)
    finally:
        authority.server.shutdown()
        authority.server.server_close()
    assert authority.asked
    extra = PdfFileReader(io.BytesIO(sealed)).embedded_signatures[0].signer_info["unsigned_attrs"].native or []
    assert ("signature_time_stamp_token" in {attribute["type"] for attribute in extra}) is stamped
    assert check_seal(sealed).verdict is Verdict.INTACT


def test_an_authority_that_is_not_there_holds_nothing_up(plain, settings):
    settings.SEAL_TIMESTAMPS = "http://127.0.0.1:9/"
    assert check_seal(seal_pdf(plain, SEAL, at=NOW)).verdict is Verdict.INTACT


def test_the_command_shows_and_replaces_the_key(tmp_path):
    from dip.site.sealing import replace, tell

    assert "No key yet" in tell()
    current_key(NOW)
    assert "in use: CN=DIP\\, localhost,O=DIP" in tell()
    certificate, key = pair(start=datetime.now(UTC) - timedelta(days=1))
    (tmp_path / "c.pem").write_bytes(certificate)
    (tmp_path / "k.pem").write_bytes(key)
    assert "in use: CN=Podium\\, sealing" in replace(tmp_path / "c.pem", tmp_path / "k.pem")
    assert tell().count("in use") == 1
    assert "in use: CN=DIP" in replace()
    assert tell().count("replaced ") == 2
