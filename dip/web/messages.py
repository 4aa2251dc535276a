"""Keeps the translations whole: finds every text of every domain, updates its Dutch and French files, and compiles them.

``python -m dip.web.messages [DOMAIN …]`` updates ``dip/<domain>/locale/{nl,fr}/LC_MESSAGES/django.po`` (translations kept, texts that are
gone removed) and prints what still wants a translation. ``--check`` changes nothing and fails when something is missing. ``--fill
FILE`` first takes translations from a JSON file ``{domain: {msgid: {"nl": …, "fr": …}}}``; a plural's msgid is its singular, and its
translations are pairs; one with a context has the msgid ``context|msgid``.
"""

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGES = {"nl": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w+\}")
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
_PAIR, _CONTEXT, _CONTEXT_PAIR = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PAIR),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PAIR),
}
Key = tuple[str | None, Any]


def domains() -> list[str]:
    """Names of the domains: folders of the package with a Python file in them."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def po_file(domain: str, language: str) -> Path:
    """Where a domain's translations into a language stand."""
    return PACKAGE / domain / "locale" / language / "LC_MESSAGES" / "django.po"


def texts(domain: str) -> set[Key]:
    """Every text of a domain that people see, as (context, msgid); a plural's msgid is a pair."""
    found: set[Key] = set()
    for path in sorted((PACKAGE / domain).rglob("*.py")):
        if "migrations" not in path.parts:
            found.update(_extracted(path.read_bytes(), path))
    for pattern in ("*.html", "*.txt"):
        for path in sorted((PACKAGE / domain / "templates").rglob(pattern)):
            found.update(_extracted(_as_python(path), path))
    return found


def _as_python(path: Path) -> bytes:
    """A template as Django's own tools hand it to an extractor; lines without indent, or the tokenizer stumbles."""
    from django.utils.translation.template import templatize

    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in source.splitlines()).encode()


def _extracted(source: bytes, path: Path) -> Iterator[Key]:
    from babel.messages.extract import extract

    try:
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(source), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            if message and message != "":
                yield context, tuple(message) if isinstance(message, tuple | list) else message
    except (SyntaxError, ValueError) as error:
        raise SystemExit(f"{path}: its texts cannot be read ({error}).") from error


def update(domain: str, given: dict[str, Any] | None = None) -> int:
    """Bring a domain's files up to its texts, with the translations given; the number of texts that want a translation."""
    wanted = texts(domain)
    return sum(_update_language(domain, language, wanted, given) for language in LANGUAGES) if wanted else 0


def _name(key: Key) -> str:
    context, msgid = key
    single = msgid[0] if isinstance(msgid, tuple) else msgid
    return f"{context}|{single}" if context else single


def _update_language(domain: str, language: str, wanted: set[Key], given: dict[str, Any] | None = None) -> int:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    known = _translations(domain, language)
    for key in wanted:
        if told := (given or {}).get(_name(key), {}).get(language):
            known[key] = tuple(told) if isinstance(told, list) else told
    catalog = Catalog(locale=language, charset="utf-8")
    missing = 0
    for context, msgid in sorted(wanted, key=lambda key: (str(key[1]), key[0] or "")):
        translated = known.get((context, msgid)) or (("", "") if isinstance(msgid, tuple) else "")
        missing += not _whole(translated)
        catalog.add(msgid, translated, context=context)
    out = io.BytesIO()
    write_po(out, catalog, no_location=True, omit_header=True, width=140)
    text = HEADER.format(language=language, plural=LANGUAGES[language]) + out.getvalue().decode()
    target = po_file(domain, language)
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return missing


def _whole(translated: Any) -> bool:
    return all(translated) if isinstance(translated, tuple | list) else bool(translated)


def _translations(domain: str, language: str) -> dict[Key, Any]:
    """What a file says now: (context, msgid) → translation; a fuzzy one counts as none."""
    from babel.messages.pofile import read_po

    path = po_file(domain, language)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return {
        (message.context, tuple(message.id) if isinstance(message.id, tuple | list) else message.id): message.string
        for message in catalog
        if message.id and not message.fuzzy
    }


def problems(domain: str) -> list[str]:
    """What is wrong with a domain's translations, one sentence each: missing, left over, or with other placeholders."""
    wanted, found = texts(domain), []
    for language in LANGUAGES:
        known = _translations(domain, language)
        where = f"{domain}/{language}"
        for key in sorted(wanted, key=str):
            if not _whole(known.get(key)):
                found.append(f"{where}: {key[1]!r} has no translation")
            elif not _same_placeholders(key[1], known[key]):
                found.append(f"{where}: {key[1]!r} is translated with other placeholders: {known[key]!r}")
        found += [f"{where}: {key[1]!r} is no longer used" for key in sorted(known.keys() - wanted, key=str)]
    return found


def _same_placeholders(msgid: Any, translated: Any) -> bool:
    sources = msgid if isinstance(msgid, tuple) else (msgid,)
    targets = translated if isinstance(translated, tuple | list) else (translated,)
    allowed = set(PLACEHOLDER.findall(sources[-1]))
    last = set(PLACEHOLDER.findall(targets[-1]))
    return last == allowed and all(set(PLACEHOLDER.findall(target)) <= allowed for target in targets)


def compile_all(force: bool = False) -> int:
    """Compile every file that was changed since it was compiled last; how many. Fast when nothing changed, safe side by side."""
    count = 0
    for source in sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if force or not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)
            count += 1
    return count


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with draft.open("wb") as out:
        write_mo(out, catalog)
    draft.replace(target)


def main(arguments: list[str]) -> int:
    """The command: exit code 1 when ``--check`` finds something."""
    given: dict[str, Any] = {}
    if "--fill" in arguments:
        place = arguments.index("--fill")
        given = json.loads(Path(arguments[place + 1]).read_text(encoding="utf-8"))
        arguments = arguments[:place] + arguments[place + 2 :]
    chosen = [name for name in arguments if not name.startswith("-")] or list(given) or domains()
    unknown = set(chosen) - set(domains())
    if unknown:
        print(f"There is no domain {', '.join(sorted(unknown))}. Choose from: {', '.join(domains())}.")
        return 2
    if "--check" in arguments:
        found = [problem for domain in chosen for problem in problems(domain)]
        print("\n".join(found) or "Every text is translated.")
        return 1 if found else 0
    for domain in chosen:
        if missing := update(domain, given.get(domain)):
            print(f"{domain}: {missing} texts want a translation")
    print(f"{compile_all()} files compiled")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
