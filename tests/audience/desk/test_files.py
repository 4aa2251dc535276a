"""The wizard of files: looked at, mapped, landed; nothing of it is kept between the steps."""

import re

from django.test import Client

from dip.warehouse.models import FileMapping, LandedBatch
from tests.audience.desk.conftest import ALL
from tests.warehouse.files.conftest import HEAD, csv, line


def text(response) -> str:
    return response.content.decode()


def hidden(page: str) -> dict[str, str]:
    """What the browser sends again with the file: hidden fields, and what is selected."""
    found = dict(re.findall(r'<input type="hidden" name="(digest|headings)" value="([^"]*)"', page))
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def good(desk):
    return csv(line("o-1", "t-1", desk.evenings[0].number), line("o-2", "t-2", 999_999))


def test_a_file_is_looked_at_and_landed(desk):
    page = text(desk.send(good(desk)))
    for said in (
        "1 ticket would be kept",
        "1 refused",
        "Nothing is written yet",
        "Land 1 ticket",
        "Naam klant, Straat",
        "€ 22,50",
        "xxxx",
    ):
        assert said in page.replace("\xa0", " "), said
    for kept_out in ("Zwaluwstaart", "Kwikstaartpad", "@vlonder", "3811 AB", "1957"):
        assert kept_out not in page
    assert not LandedBatch.objects.across_tenants(ALL).exists()
    answer = desk.send(good(desk), act="land", **hidden(page) | {"consent": "statistics"})
    batch = LandedBatch.objects.across_tenants(ALL).get()
    assert answer["Location"] == f"/audience/orders/deliveries/{batch.pk}/"
    assert (batch.accepted_count, batch.rejected_count) == (1, 1)
    again = text(desk.send(good(desk)))
    assert "The headings are known" in again
    assert hidden(again)["consent"] == "statistics"
    assert desk.send(good(desk), act="land", **hidden(again))["Location"] == answer["Location"]
    assert FileMapping.objects.across_tenants(ALL).count() == 1


def test_htmx_goes_on_by_itself(desk):
    page = text(desk.send(good(desk)))
    client = desk.owner
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = {"file": SimpleUploadedFile("k.csv", good(desk)), "act": "land"} | hidden(page)
    answer = client.post(f"/audience/orders/files/{desk.source.pk}/", given, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/audience/orders/deliveries/")
    wrong = client.post(f"/audience/orders/files/{desk.source.pk}/", {"act": "look"}, headers={"HX-Request": "true"})
    assert (wrong.status_code, "it was not kept" in text(wrong)) == (200, True)


def test_another_file_than_was_looked_at_is_looked_at_first(desk):
    page = text(desk.send(good(desk)))
    other = csv(line("o-9", "t-9", desk.evenings[0].number))
    answer = desk.send(other, act="land", **hidden(page))
    assert (answer.status_code, "Nothing is written yet" in text(answer)) == (200, True)
    assert not LandedBatch.objects.across_tenants(ALL).exists()


def test_columns_are_chosen_by_hand(desk):
    strange = csv(line("o-1", "t-1", desk.evenings[0].number), head=HEAD.replace("Verkocht op", "Wanneer"))
    page = text(desk.send(strange))
    assert "Say where these are:" in page
    assert "moment of sale" in page
    chosen = hidden(page) | {"column-4": "sold_at"}
    assert "1 ticket would be kept" in text(desk.send(strange, **chosen))
    assert desk.send(strange, act="land", **chosen).status_code == 302
    assert "The headings are known" in text(desk.send(strange))


def test_files_that_cannot_be_read(desk):
    for content, said in (
        (b"%PDF-1.7\x00\x01", "no workbook and no text"),
        (b"Geertruida;Zwaluwstaart\nWouter;Kade\n", "no row with headings"),
        (HEAD.encode(), "There is nothing below the headings"),
    ):
        answer = desk.send(content)
        assert (answer.status_code, said in text(answer)) == (400, True), said
    large = desk.send(b"x" * (20 * 2**20 + 1))
    assert (large.status_code, "larger than 20 MB" in text(large)) == (400, True)


def test_uploads_never_become_temporary_files(desk, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nowhere")
    rows = [line(f"o-{n}", f"t-{n}", desk.evenings[0].number) + ";" + "x" * 900 for n in range(3_000)]
    content = csv(*rows)
    assert len(content) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    answer = desk.send(content)
    assert (answer.status_code, "3,000 tickets would be kept" in text(answer)) == (200, True)


def test_who_may_send(desk):
    assert desk.send(good(desk), client=desk.colleague).status_code == 403
    assert desk.send(good(desk), client=desk.stranger).status_code == 404
    assert desk.send(good(desk), client=desk.provider).status_code == 403
    assert desk.send(good(desk), client=Client()).status_code == 302


def test_a_source_is_made_by_its_name(desk):
    answer = desk.owner.post("/audience/orders/files/", {"name": "Zomerkassa"})
    assert answer["Location"].startswith("/audience/orders/files/")
    assert desk.owner.post("/audience/orders/files/", {"name": " "}).status_code == 400
    assert desk.colleague.post("/audience/orders/files/", {"name": "Zomerkassa"}).status_code == 403
    assert "Zomerkassa" in text(desk.owner.get("/audience/orders/files/"))
