from pathlib import Path

from django.contrib.staticfiles import finders

from dip.web import assets


def test_set_up_makes_font_and_bundle_once():
    assets.build()
    assert assets.build() == []
    font = (assets.BUILT / "plex.woff2").read_bytes()
    assert font[:4] == b"wOF2"
    assert len(font) < 80_000
    assert "export default" in (assets.BUILT / "vega.js").read_text()[-80:]


def test_the_font_has_the_letters_and_signs_of_the_sector():
    from fontTools.ttLib import TTFont

    assets.build()
    letters = TTFont(assets.BUILT / "plex.woff2").getBestCmap()
    assert [sign for sign in "ĳéïÿœçŁőšž€−–·→÷×≤ " if ord(sign) not in letters] == []


def test_every_file_that_pages_name_is_there():
    assets.build()
    for name in (
        "dip/dip.css",
        "dip/dip.js",
        "dip/charts.js",
        "dip/theme.js",
        "dip/mark.svg",
        "dip/built/vega.js",
        "django_htmx/htmx-2.min.js",
    ):
        found = finders.find(name)
        assert found, name
        assert Path(found).exists()
