"""What is checked of a production before it is entered or changed."""

from dip.programme.terms import Finding, FindingCode, ProductionEntry

#: First season that can be entered; the platform takes in history.
FIRST_SEASON, LAST_SEASON = 1980, 2079


def production_findings(entry: ProductionEntry) -> list[Finding]:
    """Problems in the entry itself, without looking at what else is known."""
    found = []
    if not entry.title.strip():
        found.append(Finding(FindingCode.TITLE_MISSING, "title", entry.title))
    if not FIRST_SEASON <= entry.season_year <= LAST_SEASON:
        found.append(Finding(FindingCode.SEASON_OUT_OF_RANGE, "season_year", str(entry.season_year)))
    return found
