"""A page as a visitor of a link gets it: what stays, what becomes text, what goes."""

import pytest

from dip.sales.views.lean import lean


def allowed(address: str) -> str | None:
    return f"/shared/x/{address}" if address.startswith("?") else address if address.startswith("#") else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="/sales/">Season</a>', "<span>Season</span>"),
        ('<a class="btn plain" href="https://elders.example/">x</a>', '<span class="plain">x</span>'),
        ('<a href="?rows=50&amp;a=1" hx-get="?rows=50" hx-push-url="true">x</a>',
         '<a href="/shared/x/?rows=50&amp;a=1" hx-push-url="true" hx-get="/shared/x/?rows=50" rel="nofollow">x</a>'),
        ('<a href="?x" hx-get="/sales/alerts/" target="_blank">x</a>', '<a href="/shared/x/?x" rel="nofollow">x</a>'),
        ("<a href='#main'>x</a>", '<a href="#main" rel="nofollow">x</a>'),
        ("<a>x</a>", "<span>x</span>"),
        ('<p>a<form method="post"><button>Delete</button></form>b</p>', "<p>ab</p>"),
        ('<nav class="tabs" aria-label="x"><a href="/y">z</a></nav><p>b</p>', "<p>b</p>"),
        ("<body hx-headers='{\"X-CSRFToken\": \"abc\"}'>", "<body>"),
        ('<button hx-post="/sales/x" type="button">x</button>', '<button type="button">x</button>'),
        ('<svg viewBox="0 0 1 1"><path d="M0 0h1"/></svg>', '<svg viewBox="0 0 1 1"><path d="M0 0h1" /></svg>'),
        ('<script type="application/json">{"a": "<a href=\'/x\'>"}</script>', '<script type="application/json">{"a": "<a href=\'/x\'>"}</script>'),
        ('<span title="a > b">3 &lt; 4</span>', '<span title="a &gt; b">3 &lt; 4</span>'),
        ("<details open><summary>x</summary></details>", "<details open><summary>x</summary></details>"),
    ],
)  # fmt: skip
def test_what_a_visitor_gets(before, after):
    assert lean(before, allowed) == after


def test_links_inside_each_other_close_in_order():
    assert lean('<a href="?b">x <b>y</b></a><a href="/c">z</a>', allowed) == (
        '<a href="/shared/x/?b" rel="nofollow">x <b>y</b></a><span>z</span>'
    )


def test_a_stray_end_is_harmless():
    assert lean("x</a>y", allowed) == "x</span>y"
