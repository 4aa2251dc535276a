"""Template tags and filters of the house style. A builtin library: no load tag needed.

Filters write numbers and moments; tags draw the components of the interface guide. What takes text takes it translated already.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms, template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dip.web import formats, glossary, icons, marks, words
from dip.web.charts.figure import Figure
from dip.web.charts.key import swatch

register = template.Library()

register.filter("tickets", formats.tickets)
register.filter("pct", formats.percent)
register.filter("points", formats.points)
register.filter("signed", formats.signed)
register.filter("day", formats.day)
register.filter("shortday", formats.short_day)
register.filter("fullday", formats.full_day)
register.filter("plainday", formats.plain_day)
register.filter("longday", formats.long_day)
register.filter("textday", formats.text_day)
register.filter("moment", formats.moment)
register.filter("fullmoment", formats.full_moment)
register.filter("clock", formats.clock_time)
register.filter("role_name", words.role_name)
register.filter("place_name", words.place_name)
register.filter("since", words.since)


@register.filter
def eur(cents: int | None) -> str:
    """Cents as euros with cents: € 12.345,60."""
    return formats.money(cents)


@register.filter
def eur0(cents: int | None) -> str:
    """Cents as whole euros, for a KPI: € 478.905."""
    return formats.money(cents, 0)


@register.filter
def signed_eur(cents: int | None) -> str:
    """A difference in cents: + € 5.812,00."""
    return formats.signed_money(cents)


@register.filter
def signed_eur0(cents: int | None) -> str:
    """A difference in cents, in whole euros: + € 5.812."""
    return formats.signed_money(cents, 0)


@register.filter
def decimal(value: float | None, places: int = 1) -> str:
    """A plain number with decimals: 2,3."""
    return formats.number(value, places)


@register.filter
def localstamp(moment: Any) -> str:
    """A moment as the value of a datetime-local field."""
    return words.local_stamp(moment)


@register.filter
def limit(value: float) -> str:
    """A number with decimals only when it has them: 30, 0,85."""
    return formats.number(value, 0 if value == int(value) else 2)


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """A lucide icon: ``{% icon "chevron-down" %}``; give ``label`` only when no words stand beside it."""
    return icons.icon(name, css, str(label))


@register.simple_tag
def maybe_url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, or "" when this installation has no page of that name."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag
def pill(status: str, word: str = "", count: int | None = None) -> SafeString:
    """A status as shape and word: ``{% pill "ahead" %}``; the statuses are the keys of ``dip.web.marks.PILLS``."""
    return marks.pill(status, str(word), count)


@register.simple_tag
def suppressed(reason: str = "", bare: bool = False) -> SafeString:
    """A figure that is not shown; ``reason`` may be "not_shared" or "no_figures"."""
    return marks.suppressed(reason, bare)


@register.simple_tag
def bar(value: float | None, tick: float | None = None, expected: float | None = None) -> SafeString:
    """Bar with tick, all 0..1: ``{% bar 0.78 tick=0.66 %}``; value None hatches it."""
    return marks.bar(value, tick, expected)


@register.simple_tag
def sold_bar(sold: int | None, for_sale: int | None, tick: float | None = None, expected: int | None = None) -> SafeString:
    """Bar with both numbers, from counts (``tick`` 0..1): ``{% sold_bar p.sold p.for_sale tick=p.colleagues %}``."""
    return marks.sold_of(sold, for_sale, tick, expected)


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str | None = None) -> SafeString:
    """Tickets per day, yesterday last, followed by yesterday's number (or ``label``)."""
    last = formats.signed(values[-1]) if label is None and values else label or ""
    return format_html('<div class="spk">{}<span>{}</span></div>', marks.sparkline(values), last)


@register.simple_tag
def key(shape: str) -> SafeString:
    """A small shape for a key: line, reference, band, column, tick, dot, upright, bar, suppressed, seq-1 … seq-4."""
    return swatch(shape)


@register.simple_tag
def strip(value: float, p10: float, median: float, p90: float) -> SafeString:
    """The strip of a KPI: p10–p90, median tick, own dot."""
    return marks.strip(value, p10, median, p90)


@register.inclusion_tag("dip/parts/dots.html")
def dots(
    rows: Iterable[marks.DotRow], low: float, high: float, head: str = "", ends: Sequence[str] | None = None, numbers: str = ""
) -> dict[str, Any]:
    """Dot-and-tick rows. ``low``/``high``: ends of the axis; ``ends``: how they are written (percentages without it)."""
    written = ends or (formats.percent(low, 0), formats.percent(high, 0))
    return {"rows": [(row, marks.dot_track(row, low, high)) for row in rows], "head": head, "ends": written, "numbers": numbers}


@register.simple_tag
def definition(code: str, label: str = "", formula: str = "", coverage: str = "", key: str = "") -> SafeString:
    """The name of a metric with its definition in a popover. ``formula``: with the actual numbers; ``coverage``: over what."""
    meaning = glossary.meaning(code)
    if meaning is None:
        return format_html("{}", label or code)
    context = {
        "meaning": meaning,
        "label": label or meaning.name,
        "formula": formula,
        "coverage": coverage,
        "id": f"def-{key or code}",
    }
    return SafeString(render_to_string("dip/parts/definition.html", context).strip())


@register.simple_tag
def kpi(code: str, value: str, **more: Any) -> SafeString:
    """One figure of the KPI strip, inside ``<dl class="kpis">``.

    ``code``: metric; ``value``: written number. Optional: ``label``, ``note`` (small, beside the value), ``change`` (number, since
    yesterday) with ``change_text`` (how it is written; without it a signed count), ``reference`` (the national median in words, or
    :func:`suppressed`), ``you``, ``p10``, ``median``, ``p90`` (numbers, for the strip), ``formula``, ``coverage``, ``key`` (unique, when a
    code stands on the page twice).
    """
    meaning = glossary.meaning(code)
    change = more.get("change")
    written = more.get("change_text") or (formats.signed(change) if change is not None else "")
    better = meaning.more_is_better if meaning else None
    tone = "flat"
    if change and better is not None:
        tone = "up" if (change > 0) == better else "down"
    bounds = [more.get(name) for name in ("you", "p10", "median", "p90")]
    context = {
        **more,
        "code": code,
        "value": value,
        "written": written,
        "tone": tone,
        "has_change": "change" in more and change is not None,
        "strip": marks.strip(*bounds) if all(bound is not None for bound in bounds) else "",  # type: ignore[arg-type]
    }
    return SafeString(render_to_string("dip/parts/kpi.html", context))


@register.inclusion_tag("dip/parts/chart.html", takes_context=True)
def chart(context: template.Context, figure: Figure, export: str = "", level: int = 2) -> dict[str, Any]:
    """A figure with its finding as heading, the drawing, the walk along its line, the table twin and its export.

    ``export``: address of the same numbers as a file; without it the browser makes a CSV of the twin. ``level``: 2 or 3.
    """
    return {"figure": figure, "export": export, "level": level, "request": context.get("request")}


@register.inclusion_tag("dip/parts/asof.html", takes_context=True)
def asof(context: template.Context, at: Any, *, earlier: bool = False, param: str = "at", label: str = "") -> dict[str, Any]:
    """ "As known on" in the head of a page of figures: a GET form for ``param`` (local time), and "One day back".

    ``at``: the moment shown (aware); ``earlier``: whether it is not the present state.
    """
    now_url = urlquery(context, **{param: None}) or "?"
    fields = {"param": param, "hidden": _other_params(context, param), "back": words.day_back(at)}
    return {"at": at, "earlier": earlier, "label": label, "now_url": now_url, **fields}


@register.inclusion_tag("dip/parts/asof_note.html", takes_context=True)
def asof_note(context: template.Context, at: Any, earlier: bool = True, param: str = "at") -> dict[str, Any]:
    """The line over the KPI strip when an earlier state is shown."""
    query = urlquery(context, **{param: None})
    return {"at": at, "earlier": earlier, "now_url": query or "?"}


def _other_params(context: template.Context, *without: str) -> list[tuple[str, str]]:
    request = context.get("request")
    if request is None:
        return []
    return [(key, value) for key, values in request.GET.lists() if key not in without for value in values]


@register.simple_tag(takes_context=True)
def urlquery(context: template.Context, **changes: Any) -> str:
    """This page's query string with some parameters changed; None takes one out: ``{% urlquery page=2 %}`` → ``?q=x&page=2``."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else ""


@register.inclusion_tag("dip/parts/seg.html", takes_context=True)
def seg(context: template.Context, param: str, choices: Iterable[Sequence[Any]], current: Any, label: str = "") -> dict[str, Any]:
    """Segmented choice that sets ``param``: ``choices`` are (value, words) or (value, words, count)."""
    items = [
        (
            urlquery(context, **{param: choice[0], "page": None}) or "?",
            choice[1],
            choice[2] if len(choice) > 2 else None,
            str(choice[0]) == str(current),
        )
        for choice in choices
    ]
    return {"items": items, "label": label}


@register.inclusion_tag("dip/parts/tabs.html")
def tabs(items: Iterable[Sequence[Any]], label: str = "") -> dict[str, Any]:
    """Tabs under the page head: ``items`` are (words, address, current) or (words, address, current, count)."""
    return {"items": [(item[0], item[1], item[2], item[3] if len(item) > 3 else None) for item in items], "label": label}


@register.inclusion_tag("dip/parts/crumbs.html")
def crumbs(*parts: Any) -> dict[str, Any]:
    """Breadcrumbs: words and address in turn, the last words alone: ``{% crumbs _("Sales Monitor") season_url production.title %}``."""
    pairs = [(parts[index], parts[index + 1] if index + 1 < len(parts) else "") for index in range(0, len(parts), 2)]
    return {"pairs": pairs}


@register.inclusion_tag("dip/parts/empty.html")
def empty(text: str, icon: str = "circle-check", url: str = "", action: str = "") -> dict[str, Any]:
    """Empty state: what is done, and what comes next; ``url`` with ``action`` is the one next step."""
    return {"text": text, "icon": icon, "url": url, "action": action}


@register.simple_block_tag
def note(content: str, icon: str = "info", tone: str = "") -> SafeString:
    """A note: ``{% note icon="history" %}…{% endnote %}``; tone "bad" for something broken."""
    return format_html('<div class="note {}">{}<div>{}</div></div>', tone, icons.icon(icon), SafeString(content))


@register.simple_block_tag
def todo(content: str, icon: str, title: str, text: str = "", tone: str = "", url: str = "") -> SafeString:
    """One line of the attention list, its content the one action: tone "bad", "warn" or none; ``url`` makes the title a link."""
    css = {"bad": "bad", "warn": "warnc"}.get(tone, "")
    head = format_html('<a class="plain" href="{}">{}</a>', url, title) if url else format_html("{}", title)
    return format_html(
        '<li>{}<p><strong>{}</strong><br>{}</p><div class="row">{}</div></li>',
        icons.icon(icon, css),
        head,
        text,
        SafeString(content),
    )


@register.simple_block_tag
def log_row(content: str, when: str, iso: str = "") -> SafeString:
    """One line of a history: date left, sentence right; old values in ``<del>``, new ones in ``<ins>``."""
    stamp = format_html('<time datetime="{}">{}</time>', iso, when) if iso else format_html("<time>{}</time>", when)
    return format_html("<li>{}<div>{}</div></li>", stamp, SafeString(content))


@register.simple_tag
def copy_button(text: str, label: str = "", css: str = "") -> SafeString:
    """A button that copies ``text``; with ``label`` a button with words, without it an icon."""
    from django.utils.translation import gettext as _

    spoken = label or _("Copy")
    if label:
        return format_html('<button type="button" class="btn small {}" data-copy="{}">{}</button>', css, text, spoken)
    return format_html(
        '<button type="button" class="copy {}" data-copy="{}" aria-label="{}">{}</button>',
        css,
        text,
        f"{spoken}: {text}",
        icons.icon("copy"),
    )


@register.inclusion_tag("dip/parts/field.html")
def field(bound: forms.BoundField, label: str = "", hint: str = "", css: str = "", hide_label: bool = False) -> dict[str, Any]:
    """One form field: label, control, hint and errors beside it."""
    widget = bound.field.widget
    kind = (
        "check"
        if isinstance(widget, forms.CheckboxInput)
        else "many"
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
        else ""
    )
    described = " ".join(
        name
        for name, used in ((f"{bound.auto_id}-hint", hint or bound.help_text), (f"{bound.auto_id}-error", bound.errors))
        if used
    )
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if kind == "":
        attrs["class"] = f"{widget.attrs.get('class', '')} input".strip()
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "kind": kind,
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "css": css,
        "hide_label": hide_label,
    }


@register.inclusion_tag("dip/parts/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What is wrong with the form as a whole."""
    return {"errors": form.non_field_errors(), "hidden": [error for bound in form.hidden_fields() for error in bound.errors]}


@register.inclusion_tag("dip/parts/form_fields.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """All fields of a form, errors of the whole first."""
    return {"form": form}


@register.inclusion_tag("dip/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """Earlier and later pages of a Django ``Page``."""
    return {
        "page": page,
        "before": urlquery(context, page=page.previous_page_number()) if page.has_previous() else "",
        "after": urlquery(context, page=page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("dip/parts/show_more.html")
def show_more(url: str, text: str, target: str = "", note: str = "") -> dict[str, Any]:
    """ "Show 22 more": a link that htmx turns into more rows of ``target`` (a CSS selector)."""
    return {"url": url, "text": text, "target": target, "note": note}


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value under ``key``, or None."""
    return mapping.get(key) if mapping else None
