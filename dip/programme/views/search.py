"""The search field of every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from dip.programme import queries
from dip.programme.views.parts import render
from dip.registry.guard import member
from dip.registry.terms import Access


@member
@require_GET
def search(request: HttpRequest, access: Access) -> HttpResponse:
    """What a text finds; a DIP-id goes straight to its page. For htmx the suggestions only."""
    text = request.GET.get("q", "").strip()[:100]
    is_part = bool(getattr(request, "htmx", False))
    result = queries.search_everything(access, text, limit=5 if is_part else 25)
    if result.exact is not None and not is_part:
        kind, key = result.exact
        return redirect(f"programme-{kind}", key)
    template = "parts/found" if is_part else "search"
    return render(request, access, template, {"result": result, "text": text})
