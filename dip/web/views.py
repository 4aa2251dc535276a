"""The gallery: every component and chart on one page, with invented numbers; only while developing and in tests."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from dip.web import marks, sample
from dip.web.doors import open_to_all
from dip.web.forms import SampleForm


@open_to_all
def gallery(request: HttpRequest) -> HttpResponse:
    """Everything at once, to look at and to check."""
    if not settings.DEBUG:
        raise Http404("the gallery is for developing")
    form = (
        SampleForm({"title": "", "seats": "-4", "genre": "2"})
        if "wrong" in request.GET
        else SampleForm(initial={"title": "Zeven Dagen Vloed", "seats": 702})
    )
    figures = {figure.name.replace("-", "_"): figure for figure in sample.figures()}
    context = {
        "module": "sales",
        "form": form,
        "figures": figures,
        "pills": list(marks.PILLS),
        "now": sample.NOW,
        "dot_rows": sample.dot_rows(),
        "days": [3, 5, 2, 0, 6, 9, 4, 2, 3, 8, 12, 7, 5, 4, None, None, 6, 8, 11, 7, 5, -2, 4, 9, 13, 8, 6, 9],
        "seg": [("to_come", "To come", 34), ("played", "Played", 14), ("all", "All")],
        "tabs": [("Sales", "#", True), ("Audience", "#", False), ("Performances", "#", False, 48)],
        "rows": [
            ("Wed 25-11", "Leiden", 402, 514, 0.66, 431, "ahead"),
            ("Tue 08-12", "Assen", None, 620, 0.5, None, "no_figures"),
            ("Fri 11-12", "Nijmegen", 301, 920, 0.49, 417, "behind"),
            ("Sat 19-12", "Groningen", 811, 811, 0.46, 811, "sold_out"),
        ],
    }
    return render(request, "dip/gallery.html", context)
