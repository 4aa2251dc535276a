import re
from types import NoneType
from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec
import pytest
from msgspec import NODEFAULT

from dip.definitions.rules import order_format
from dip.definitions.rules.order_format import UnableToReadFormat
from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.rules import landed

ADDRESS = "https://dip.example/definitions/orders/v1.schema.json"


def wire():
    """Field → (JSON type, is required, may be null, bounds) of the decoder."""
    hints = get_type_hints(TicketRow, include_extras=True)
    found = {}
    for field in msgspec.structs.fields(TicketRow):
        hint = hints[field.name]
        nullable = NoneType in get_args(hint)
        kinds = [one for one in get_args(hint) if one is not NoneType] if get_origin(hint) is not Annotated and nullable else [hint]
        (kind,) = kinds
        meta = [one for one in getattr(kind, "__metadata__", ()) if isinstance(one, msgspec.Meta)]
        plain = get_args(kind)[0] if meta else kind
        low = next((one.min_length if plain is str else one.ge for one in meta), None)
        high = next((one.max_length if plain is str else one.le for one in meta), None)
        name = {str: "string", int: "integer", bool: "boolean"}[plain]
        found[field.name] = (name, field.default is NODEFAULT, nullable, low, high)
    return found


def schema():
    stated = order_format.json_schema(order_format.order_format(), ADDRESS)
    found = {}
    for name, one in stated["properties"].items():
        kinds = one["type"] if isinstance(one["type"], list) else [one["type"]]
        low = one.get("minLength", one.get("minimum"))
        high = one.get("maxLength", one.get("maximum"))
        found[name] = (kinds[0], name in stated["required"], "null" in kinds, low, high)
    return found


def test_the_decoder_the_schema_and_the_format_agree_field_for_field():
    decoder, published = wire(), schema()
    closed = {"state"}  # a list of values bounds its length by itself
    assert decoder.keys() == published.keys()
    for name in decoder.keys() - closed:
        assert decoder[name] == published[name], name
    for name in closed:
        assert decoder[name][:3] == published[name][:3]


def test_the_lists_of_the_format_are_those_of_the_landed_files():
    lists = {field.name: list(field.values) for field in order_format.order_format().fields if field.values}
    assert lists == {
        "state": list(landed.STATES),
        "kind": list(landed.KINDS),
        "channel": list(landed.CHANNELS),
        "gender": list(landed.GENDERS),
        "consent": list(landed.CONSENTS),
    }


def test_the_schema_is_one_and_takes_what_the_decoder_takes():
    jsonschema = pytest.importorskip("jsonschema")
    stated = order_format.json_schema(order_format.order_format(), ADDRESS)
    jsonschema.Draft202012Validator.check_schema(stated)
    check = jsonschema.Draft202012Validator(stated)
    row = {field.name: field.example for field in order_format.order_format().fields}
    assert not list(check.iter_errors(row))
    assert msgspec.json.decode(msgspec.json.encode(row), type=TicketRow).ticket == row["ticket"]
    assert list(check.iter_errors({name: row[name] for name in row if name not in {"performance", "event"}}))
    assert list(check.iter_errors(row | {"price_cents": "22.50"}))


def test_everything_of_a_buyer_that_could_tell_who_it_is_is_treated():
    treatments = {field.name: field.treatment for field in order_format.order_format().fields if field.part == "buyer"}
    kept = {name for name, treatment in treatments.items() if treatment == "none"}
    assert kept == {"country", "birth_band", "consent"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('type = "moment"', 'type = "time"'), "changed_at"),
        (('treatment = "hash"', 'treatment = "secret"'), "Choose one of none"),
        (("meaning.fr", "meaning.de"), "meaning.fr"),
        (("[format]", "[formats]"), "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_is_told(tmp_path, change, told):
    file = tmp_path / "format.toml"
    file.write_text(order_format.FILE.read_text().replace(*change, 1))
    with pytest.raises(UnableToReadFormat, match=re.escape(told)):
        order_format.order_format(file)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "text"), [("nl", "Standaardformaat"), ("en", "becomes a pseudonym"), ("fr", "Format standard")]
)
def test_everybody_may_read_the_format(client, language, text):
    page = client.get("/definitions/orders/", headers={"accept-language": language})
    assert page.status_code == 200
    assert text in page.content.decode()
    assert page.content.decode().count("<tr id=") == len(order_format.order_format().fields)


@pytest.mark.django_db
def test_the_schema_has_an_address_that_stays(client):
    answer = client.get("/definitions/orders/v1.schema.json")
    assert answer["Content-Type"] == "application/schema+json"
    assert answer.json()["$id"].endswith("/definitions/orders/v1.schema.json")
    assert client.get("/definitions/orders/v2.schema.json").status_code == 404
