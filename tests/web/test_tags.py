from datetime import UTC, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

WHEN = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)


def render(source, path="/sales/?genre=2&page=3", **context):
    return Template(source).render(Context({"request": RequestFactory().get(path), **context}))


@pytest.mark.django_db
def test_a_kpi_says_what_it_counts_and_compares():
    html = render(
        '{% kpi "tickets_sold" "17.812" change=214 you=60 p10=20 median=50 p90=100 reference="mediaan 16.240" formula="1 + 2" coverage="48 van 48." %}'
    )
    assert "Verkochte kaarten" in html
    assert 'class="up"' in html
    assert "sinds gisteren" in html
    assert "--v:50%;--m:37.5%" in html
    assert "popover=" in html
    assert "= 1 + 2" in html
    assert "48 van 48." in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "change", "tone"), [("tickets_sold", -3, "down"), ("average_price", 3, "flat"), ("blocked", -3, "flat")]
)
def test_only_where_more_is_better_a_change_is_coloured(code, change, tone):
    assert f'class="{tone}"' in render('{% kpi code "1" change=change %}', code=code, change=change)


@pytest.mark.django_db
def test_a_definition_stands_in_the_language_of_the_reader():
    with translation.override("fr"):
        assert "Billets vendus" in render('{% definition "tickets_sold" %}')
    assert "Tickets" in render('{% definition "no_such" "Tickets" %}')


def test_as_known_on_keeps_the_other_choices():
    html = render("{% asof when earlier=True %}", when=WHEN)
    assert "ma\u00a023-11-2026, 07:10" in html
    assert '<input type="hidden" name="genre" value="2">' in html
    assert 'value="2026-11-22T07:10"' in html
    assert "earlier" in html
    assert "ziet de stand" in render("{% asof_note when %}", when=WHEN)
    assert "ziet de stand" not in render("{% asof_note when earlier=False %}", when=WHEN)


def test_the_query_string_is_changed_in_one_place():
    assert render("{% urlquery page=None genre=4 %}") == "?genre=4"
    assert render("{% urlquery page=None genre=None %}") == ""
    html = render('{% seg "genre" choices 2 label="Genre" %}', choices=[(1, "Theatre"), (2, "Music", 1042)])
    assert 'href="?genre=2" aria-current="true"' in html
    assert "1.042" in html


def test_an_address_that_is_not_there_is_nothing():
    assert render('{% maybe_url "no-such-page" %}{% maybe_url "home" %}') == "/"


def test_breadcrumbs_end_with_the_page_itself():
    html = render('{% crumbs "Season" "/sales/" "Vloed" %}')
    assert '<a href="/sales/">Season</a>' in html
    assert '<span aria-current="page">Vloed</span>' in html


class Form(forms.Form):
    title = forms.CharField(label="Title", help_text="As on the poster")
    note = forms.CharField(required=False, widget=forms.Textarea)
    sure = forms.BooleanField(label="Sure")
    level = forms.ChoiceField(choices=[("1", "View")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_field_has_its_hint_and_errors_beside_it():
    html = render("{% form_fields form %}", form=Form({"title": ""}))
    assert 'aria-describedby="id_title-hint id_title-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title-error"' in html
    assert '<span class="optional">' in html
    assert "<legend>Level</legend>" in html
    assert 'type="hidden"' in html
    assert 'role="alert"' in html, "an error of a hidden field is told too"


def test_what_people_typed_is_escaped():
    html = render(
        "{% empty text %}{% copy_button text %}{% todo 'link' text text %}{% endtodo %}{% tabs tabs %}",
        text='<b>"',
        tabs=[("<i>", "/", True)],
    )
    assert "<b>" not in html
    assert "<i>" not in html


def test_pages_keep_the_filters():
    page = Paginator(range(100), 10).page(3)
    html = render("{% pager page %}", page=page)
    assert "genre=2&amp;page=2" in html
    assert "genre=2&amp;page=4" in html
    assert render("{% pager page %}", page=Paginator(range(3), 10).page(1)).strip() == ""


def test_numbers_through_filters():
    html = render(
        "{{ 1042|tickets }} {{ 1234560|eur }} {{ 1234560|eur0 }} {{ rate|pct }} {{ rate|pct:0 }} {{ 2.25|decimal }} {{ 30.0|limit }} {{ 0.85|limit }}",
        rate=0.614,
    )
    assert html.replace("\u00a0", " ") == "1.042 € 12.345,60 € 12.346 61,4 % 61 % 2,2 30 0,85"


def test_roles_and_places_have_names():
    assert render('{{ "agency"|role_name }} {{ "sales"|place_name }}') == "impresariaat Verkoopmonitor"
