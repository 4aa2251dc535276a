import pytest

from dip.web import icons, marks


def test_a_bar_without_figures_is_hatched_and_keeps_its_tick():
    html = marks.sold_of(None, 620, tick=0.5)
    assert "bar none" in html
    assert "--m:50%" in html
    assert "– <em>/ 620</em>" in html


def test_a_bar_never_leaves_its_ground():
    assert "--v:100%" in marks.bar(1.4)
    assert "--v:0%" in marks.bar(-0.2)


def test_a_hall_without_seats_for_sale_has_no_rate():
    assert "none" in marks.sold_of(0, 0)


@pytest.mark.parametrize(("value", "place"), [(50, 50.0), (0, 0.0), (100, 100.0), (900, 103.0), (-50, -3.0)])
def test_the_strip_shows_a_value_just_beyond_its_end(value, place):
    assert marks.place(value, 0, 100) == place


def test_a_strip_without_width_puts_all_in_the_middle():
    assert marks.place(5, 7, 7) == 50.0


def test_a_suppressed_cell_has_one_wording():
    assert "te weinig, of te geconcentreerd" in marks.suppressed()
    assert "vh" in marks.suppressed(bare=True)


def test_a_status_is_a_shape_and_a_word():
    html = marks.pill("behind")
    assert "<svg" in html
    assert "Loopt achter" in html
    assert "bad" in html


def test_an_unknown_status_is_printed_escaped():
    assert "&lt;b&gt;" in marks.pill("<b>")


def test_a_sparkline_leaves_a_gap_where_figures_miss():
    html = marks.sparkline([3, None, 0, -2, 5])
    assert html.count("<rect") == 4
    assert "var(--neg)" in html
    assert html.count("var(--accent)") == 1


def test_dots_without_a_reference_draw_no_tick():
    html = marks.dot_track(marks.DotRow("Dance", 0.4, None, "40 %"), 0, 1)
    assert "<b>" in html
    assert "<i>" not in html


def test_an_unknown_icon_says_so():
    with pytest.raises(icons.UnknownIcon, match="no-such-icon"):
        icons.icon("no-such-icon")


def test_an_icon_with_a_label_speaks():
    assert 'aria-label="Search"' in icons.icon("search", label="Search")
    assert 'aria-hidden="true"' in icons.icon("search")
