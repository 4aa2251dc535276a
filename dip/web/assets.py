"""Makes at set-up what the stylesheet and the charts need and no repository should hold: the font's subset and the Vega bundle.

``python -m dip.web.assets`` (``--force`` to make them again). Call :func:`build` before ``collectstatic``.
"""

import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

BUILT = Path(__file__).resolve().parent / "static" / "dip" / "built"
#: Latin and Latin Extended-A/B, punctuation, arrows, and the signs that figures use.
CHARACTERS = "U+0020-007E,U+00A0-024F,U+02BB-02DC,U+1E00-1EFF,U+2000-206F,U+20AC,U+2122,U+2190-2199,U+2212,U+2215,U+2248,U+2260,U+2264-2265,U+00D7,U+00F7"
CUTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}


def build(force: bool = False) -> list[Path]:
    """Make what is missing or was made from another version; the files written. Safe to call from several processes."""
    BUILT.mkdir(parents=True, exist_ok=True)
    sources = {
        "fontpkg-ibm-plex-sans": version("fontpkg-ibm-plex-sans"),
        "vl-convert-python": version("vl-convert-python"),
        "cut": "2",
    }
    stamp = BUILT / "made-from.txt"
    mark = "\n".join(f"{name} {number}" for name, number in sources.items())
    makers: dict[str, Callable[[Path], None]] = {"plex.woff2": _web_font, "vega.js": _vega_bundle}
    makers |= {f"IBMPlexSans-{style}.ttf": _cutter(weight) for weight, style in CUTS.items()}
    current = stamp.exists() and stamp.read_text() == mark and not force
    written = []
    for name, make in makers.items():
        target = BUILT / name
        if current and target.exists():
            continue
        draft = target.with_name(f".{name}.{os.getpid()}")
        make(draft)
        draft.replace(target)
        written.append(target)
    if written:
        stamp.write_text(mark)
    return written


def _source() -> Path:
    import fontpkg_ibm_plex_sans

    return Path(fontpkg_ibm_plex_sans.ROOT) / "files" / "IBMPlexSans[wdth,wght].ttf"


def _subset() -> Any:
    """The variable font with the platform's characters only."""
    from fontTools.subset import Options, Subsetter, parse_unicodes
    from fontTools.ttLib import TTFont

    font = TTFont(_source())
    subsetter = Subsetter(Options(layout_features=["*"], notdef_outline=True, name_IDs=["*"]))
    subsetter.populate(unicodes=parse_unicodes(CHARACTERS))
    subsetter.subset(font)
    return font


def _web_font(target: Path) -> None:
    """One variable file, normal width, weights 400 to 600, as woff2."""
    from fontTools.varLib.instancer import instantiateVariableFont

    font = instantiateVariableFont(_subset(), {"wdth": 100, "wght": (400, 600)})
    font.flavor = "woff2"
    font.save(target)


def _cutter(weight: int) -> Callable[[Path], None]:
    def cut(target: Path) -> None:
        """A static weight as TTF, for charts drawn on the server and for PDF."""
        from fontTools.varLib.instancer import instantiateVariableFont

        instantiateVariableFont(_subset(), {"wdth": 100, "wght": weight}, updateFontNames=True).save(target)

    return cut


def _vega_bundle(target: Path) -> None:
    """Vega, Vega-Lite and Vega-Embed as one module whose default export is ``vegaEmbed``."""
    import vl_convert

    bundle = vl_convert.javascript_bundle("window.dipVegaEmbed = vegaEmbed;")
    target.write_text(f"{bundle}\nexport default window.dipVegaEmbed;\n", encoding="utf-8")


if __name__ == "__main__":
    for path in build(force="--force" in sys.argv[1:]):
        print(f"{path.name}: {path.stat().st_size // 1024} kB")
