"""Makes at set-up what the stylesheet, the charts and the documents need and no repository should hold: fonts and the Vega bundle.

``python -m dip.web.assets`` (``--force`` to make them again). Call :func:`build` before ``collectstatic``.
"""

import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

BUILT = Path(__file__).resolve().parent / "static" / "dip" / "built"
#: Whole cuts for documents, apart from the web's: what people typed may hold any letter that the font has.
PAPER = Path(__file__).resolve().parent / "paper" / "built"
#: Latin and Latin Extended-A/B, punctuation, arrows, and the signs that figures use.
CHARACTERS = "U+0020-007E,U+00A0-024F,U+02BB-02DC,U+1E00-1EFF,U+2000-206F,U+20AC,U+2122,U+2190-2199,U+2212,U+2215,U+2248,U+2260,U+2264-2265,U+00D7,U+00F7"
CUTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}


def build(force: bool = False) -> list[Path]:
    """Make what is missing or was made from another version; the files written. Safe to call from several processes."""
    for folder in (BUILT, PAPER):
        folder.mkdir(parents=True, exist_ok=True)
    sources = {
        "fontpkg-ibm-plex-sans": version("fontpkg-ibm-plex-sans"),
        "vl-convert-python": version("vl-convert-python"),
        "cut": "2",
    }
    stamp = BUILT / "made-from.txt"
    mark = "\n".join(f"{name} {number}" for name, number in sources.items())
    makers: dict[Path, Callable[[Path], None]] = {BUILT / "plex.woff2": _web_font, BUILT / "vega.js": _vega_bundle}
    makers |= {BUILT / f"IBMPlexSans-{style}.ttf": _cutter(weight) for weight, style in CUTS.items()}
    makers |= {PAPER / f"IBMPlexSans-{style}.ttf": _cutter(weight, whole=True) for weight, style in CUTS.items()}
    current = stamp.exists() and stamp.read_text() == mark and not force
    written = []
    for target, make in makers.items():
        if current and target.exists():
            continue
        draft = target.with_name(f".{target.name}.{os.getpid()}")
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


def _cutter(weight: int, whole: bool = False) -> Callable[[Path], None]:
    def cut(target: Path) -> None:
        """A static weight as TTF: with the platform's characters for charts drawn on the server, whole for documents."""
        from fontTools.ttLib import TTFont
        from fontTools.varLib.instancer import instantiateVariableFont

        # a font stamps itself with the moment of saving: documents must be the same on every machine
        source = TTFont(_source(), recalcTimestamp=False) if whole else _subset()
        instantiateVariableFont(source, {"wdth": 100, "wght": weight}, updateFontNames=True).save(target)

    return cut


def _vega_bundle(target: Path) -> None:
    """Vega, Vega-Lite and Vega-Embed as one module whose default export is ``vegaEmbed``."""
    import vl_convert

    bundle = vl_convert.javascript_bundle("window.dipVegaEmbed = vegaEmbed;")
    target.write_text(f"{bundle}\nexport default window.dipVegaEmbed;\n", encoding="utf-8")


if __name__ == "__main__":
    for path in build(force="--force" in sys.argv[1:]):
        print(f"{path.name}: {path.stat().st_size // 1024} kB")
