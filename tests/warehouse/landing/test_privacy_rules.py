import hmac
from datetime import date, datetime

import numpy as np
import pytest

from dip.warehouse.rules import coarsening, normalising
from dip.warehouse.rules.pseudonyms import Keys, Pseudonymiser, keyed_hashes, p1_of_email, read_p1

KEYS = Keys(b"s" * 32, b"p" * 32)
BOUGHT = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Noor@Vlonder.Example ", "noor@vlonder.example"),
        ("ｎｏｏｒ＠vlonder.example", "noor@vlonder.example"),
        ("NOOR@VLONDER.EXAMPLE\n", "noor@vlonder.example"),
        ("noor", ""),
        ("noor@vlonder", ""),
        ("a b@vlonder.example", ""),
        ("", ""),
    ],
)
def test_addresses_are_compared_in_one_form(text, plain):
    assert normalising.email(text) == plain


@pytest.mark.parametrize(
    ("text", "country", "found"),
    [
        ("1017 PT", 0, (1017, 528)),
        ("1018AB", 528, (1018, 528)),
        (" 1018  ab ", 528, (1018, 528)),
        ("NL-1018AB", 0, (1018, 528)),
        ("B-2000", 0, (2000, 56)),
        ("2000", 56, (2000, 56)),
        ("1234", 528, (1234, 528)),
        ("2000", 0, (0, 0)),
        ("", 528, (0, 528)),
        ("0123 AB", 528, (0, 528)),
        ("1017 SS", 528, (0, 528)),
        ("10115", 276, (0, 276)),
        ("1017 PT", 56, (0, 56)),
        ("Kadestraat 1", 528, (0, 528)),
        ("1017 PT Kadestraat", 528, (0, 528)),
    ],
)
def test_postcodes_become_areas(text, country, found):
    assert coarsening.area(text, country) == found


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("1987-05-12", 1985),
        ("1985-01-01", 1985),
        ("1984-12-31", 1980),
        ("2008-11-01", 2005),
        ("2008-11-02", coarsening.MINOR),
        ("2026-11-01", coarsening.MINOR),
        ("2026-11-02", 0),
        ("1909-12-31", 0),
        ("1910-01-01", 1910),
        ("12-05-1987", 0),
        ("", 0),
    ],
)
def test_dates_of_birth_become_bands(born, band):
    assert coarsening.band_of_date(born, BOUGHT) == band


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("1985-1989", 1985),
        ("1985", 1985),
        ("minor", coarsening.MINOR),
        ("2005-2009", coarsening.MINOR),
        ("2000-2004", 2000),
        ("1986-1990", 0),
        ("1900-1904", 0),
        ("jong", 0),
        ("2030-2034", 0),
    ],
)
def test_bands_that_may_hold_minors_are_theirs(text, band):
    assert coarsening.band_of_text(text, BOUGHT) == band


def test_years_of_birth_become_bands():
    years = {1987: 1985, 2008: 1, 2007: 2005, 1909: 0, 2027: 0}
    assert {year: coarsening.band_of_year(year, BOUGHT) for year in years} == years


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25T20:15:00Z",
        "2026-11-25T20:15:00+01:00",
        "2024-02-29T23:59:59.123456-05:30",
        "2000-02-29T00:00:00.5+14:00",
        "1970-01-01T00:00:00+00:00",
        "2026-12-31 23:59:59.12+01:00",
    ],
)
def test_moments_are_read_as_the_standard_library_does(text):
    assert normalising.moment(text) == normalising.microseconds(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-25", "2026-11-25T20:15:00", "2026-02-29T20:15:00Z", "1900-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "x" * 20,
     "2026-11-25T24:00:00Z", "2026-11-25T20:15:00+1:000", "é026-11-25T20:15:00Z", "2026-11-25T20:15:00.Z", "2026-11-31T20:15:00Z"],
)  # fmt: skip
def test_what_is_no_moment_is_none(text):
    assert normalising.moment(text) == normalising.NO_MOMENT


def test_moments_of_many_lengths_keep_their_places():
    texts = ["2026-11-25T20:15:00Z", None, "2026-11-25T20:15:00.000001Z", "no", "2026-11-25T21:15:00+01:00"]
    found = normalising.moments(texts)
    assert found[0] == found[4] == found[2] - 1
    assert found[1] == found[3] == normalising.NO_MOMENT


def test_keys_of_tickets_follow_the_published_vectors_of_siphash():
    found = keyed_hashes([bytes(range(n)).decode("latin-1") for n in (0, 1, 8, 15)], bytes(range(16))).view(np.uint64)
    assert [hex(int(one)) for one in found] == [
        "0x726fdb47dd0e0e31",
        "0x74f839c593dc67fd",
        "0x93f5f5799a932462",
        "0xa129ca6149be45e5",
    ]


def test_an_address_is_the_same_buyer_wherever_it_comes_in():
    maker = Pseudonymiser(KEYS)
    p1 = p1_of_email("noor@vlonder.example", KEYS.sector)
    assert p1 == hmac.digest(KEYS.sector, b"v1:noor@vlonder.example", "sha256")
    assert maker.of_email(" NOOR@vlonder.example") == maker.of_p1(p1) == maker.of_p1(read_p1(p1.hex())[0])
    assert maker.of_email("noor@vlonder") == 0


def test_purposes_are_kept_apart():
    maker = Pseudonymiser(KEYS)
    assert maker.of_customer("7", b"a" * 16) != maker.of_customer("7", b"b" * 16)
    p1 = p1_of_email("noor@vlonder.example", KEYS.sector)
    assert maker.of_customer(p1.decode("latin-1"), b"") != maker.of_p1(p1)
    assert Pseudonymiser(Keys(KEYS.sector, b"q" * 32)).of_p1(p1) != maker.of_p1(p1)


@pytest.mark.parametrize("text", ["", "abc", "0" * 63, "g" * 64, "0" * 64 + " " + "0" * 63])
def test_pseudonyms_of_venues_have_one_shape(text):
    assert read_p1(text) is None


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  CJP \t pas ", "CJP pas"),
        ("noor@vlonder.example", ""),
        ("06 1234 5678", ""),
        ("0612345678", ""),
        ("3811 AB", ""),
        ("65+", "65+"),
    ],
)
def test_codes_that_look_like_a_persons_are_not_kept(raw, kept):
    assert normalising.code(raw) == kept


@pytest.mark.parametrize(
    "texts",
    [
        ["a@b.nl", "C@D.example", "x.y@z-1.example"],
        ["a@b.nl", "ab.nl"],
        ["a@@b.nl", "ab.nl"],
        ["@b.nl", "a@b.nl"],
        ["a@.nl"],
        ["a@b."],
        ["a@b"],
        ["a@b..nl"],
        ["a..b@c.nl"],
        ["a.b@c"],
        ["a b@c.nl", "a@b.nl"],
        [" a@b.nl"],
        ["a@b.nl\nc@d.nl"],
        ["a@", "b@c.nl"],
        ["ｎ@b.nl", "a@b.nl"],
        [],
    ],
)
def test_many_addresses_are_read_as_one_by_one(texts):
    assert normalising.emails(texts) == [normalising.email(text) for text in texts]
