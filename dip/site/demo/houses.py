"""What theatres and pairs of parties bring into the demo's agreements: tariffs per hall, framework agreements, settings."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from dip.contracts.models import ContractSettings, Framework
from dip.kernel.clock import local
from dip.kernel.periods import season_year
from dip.programme.models import Surcharge
from dip.registry.models import Membership
from dip.site.demo.stops import Stop

CODES = ("theatre", "consumption", "service", "wardrobe")
#: The login whose organisation asks for two people.
_FOUR_EYES = "uncoupled"
_PAIRS = 24


def raise_tariffs(stops: Iterable[Stop], at: datetime) -> None:
    """Every hall has a tariff of this season, most a little above the one before; some have next season's already."""
    year = season_year(local(at).date())
    halls = sorted({evening.hall_id for stop in stops for evening in stop.evenings})
    newest: dict[int, Surcharge] = {}
    for row in Surcharge.objects.filter(hall_id__in=halls).order_by("hall_id", "valid_from"):
        newest[row.hall_id] = row
    rows = []
    for place, hall in enumerate(halls):
        known = newest.get(hall)
        cents = {
            f"{code}_cents": getattr(known, f"{code}_cents") if known else (150, 100, 0, 50)[n] for n, code in enumerate(CODES)
        }
        if not known:
            rows.append(Surcharge(hall_id=hall, valid_from=date(year - 2, 8, 1), **cents))
        for later in (0, 1) if place % 4 == 0 else (0,):
            raised = cents | {"theatre_cents": min(cents["theatre_cents"] + 25 * (later + (place % 3 > 0)), 425)}
            if known is None or known.valid_from < date(year + later, 8, 1):
                rows.append(Surcharge(hall_id=hall, valid_from=date(year + later, 8, 1), **raised))
    Surcharge.objects.bulk_create(rows)


def tariffs_of(stops: Iterable[Stop]) -> dict[int, list[Surcharge]]:
    """Surcharges by hall, newest first."""
    found: dict[int, list[Surcharge]] = defaultdict(list)
    halls = {stop.evenings[0].hall_id for stop in stops}
    for row in Surcharge.objects.filter(hall_id__in=halls).order_by("-valid_from"):
        found[row.hall_id].append(row)
    return found


def make_frameworks(stops: Iterable[Stop], names: dict[int, str], at: datetime) -> list[Framework]:
    """Between pairs that meet often, one that ended in between: a page of invented text."""
    meetings: dict[tuple[int, int], int] = defaultdict(int)
    for stop in stops:
        meetings[stop.provider_id, stop.house_id] += 1 + bool(stop.shown)
    often = sorted(meetings, key=lambda pair: (-meetings[pair], pair))[:_PAIRS]
    year = season_year(local(at).date())
    rows = []
    for place, (provider, house) in enumerate(often):
        title = f"Mantelovereenkomst {year - place % 3}"
        content = _page(f"{title}. Tussen {names[provider]} en {names[house]}. Verzonnen, voor de demo.")
        rows.append(
            Framework(
                provider_id=provider, taker_id=house, title=title, valid_from=date(year - place % 3, 8, 1),
                valid_until=None if place % 4 else date(year + 1, 7, 31), file_name=f"mantel-{year - place % 3}.pdf",
                media_type="application/pdf", content=content, digest=hashlib.sha256(content).hexdigest(),
                uploaded_at=at - timedelta(days=100 + place), uploaded_by=names[provider], uploader_id=provider,
            )
        )  # fmt: skip
    return rows


def _page(text: str) -> bytes:
    """A PDF of one page with one line of text."""
    shown = text.encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
    stream = b"BT /F1 11 Tf 56 770 Td (" + shown + b") Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        count, table, count, len(out),
    )  # fmt: skip


def add_settings() -> None:
    """Four eyes at the theatre without a coupling; an agency that begins its drafts with its own terms."""
    for email, values in (
        (f"{_FOUR_EYES}@demo.example", {"four_eyes": True, "answer_days": 10, "reminder_days": [3, 1]}),
        ("agency@demo.example", {"draft_terms": {"partage": {"royalties_percentage": "12", "royalties_add_part": True}}}),
    ):
        found = Membership.objects.filter(person__email=email).values_list("organisation_id", flat=True).first()
        if found is not None:
            ContractSettings.objects.create(organisation_id=found, **values)
