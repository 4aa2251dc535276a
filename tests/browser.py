"""A real Chromium, and axe, for every test that asks: one browser in a run."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = shutil.which("chromium")
    assert path, "the journeys need Chromium: `make test` installs it as root, or run: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a person's own browser window: ``new_context(width=390)``."""
    opened: list[BrowserContext] = []

    def make(width: int = 1440, height: int = 900, locale: str = "en-GB", **options: object) -> BrowserContext:
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale, **options)
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield make
    for number, context in enumerate(opened):
        for page in context.pages:
            if folder := os.environ.get("DIP_SCREENSHOTS"):  # what each person saw last, to look at after a failure
                page.screenshot(path=f"{folder}/journey-{number}.png", full_page=True)
        context.close()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails with the findings of axe on the page as it stands."""

    def look(page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(Axe().axe_script)
        # Only what is wrong crosses over: what is right is the larger part, and takes as long to tell as to find.
        wrong = page.evaluate("rules => axe.run(document, rules).then(({violations, ...rest}) => ({...rest, violations, passes: [], incomplete: [], inapplicable: []}))", AXE_RULES)  # fmt: skip
        found = AxeResults(wrong)
        assert found.violations_count == 0, found.generate_report()

    return look


#: Wide by day, narrow by night.
LOOKS = ((1440, "light"), (360, "dark"))


@pytest.fixture
def readable(axe: Callable[[Page], None]) -> Callable[[Page], None]:
    """Fails with what axe finds on the page as it stands, wide and narrow, light and dark, or when it must be scrolled sideways."""

    def look(page: Page) -> None:
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # drawn anew
            try:  # charts are drawn anew for another width
                page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth", timeout=5_000)
            except TimeoutError as error:
                raise AssertionError(f"{page.url} is wider than {width}") from error
            axe(page)

    return look
