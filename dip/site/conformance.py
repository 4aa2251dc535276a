"""``dip conformance``: the suite for one account at one ticketing system, told at the terminal and kept in files."""

import json
import sys
from pathlib import Path

from dip.kernel import clock
from dip.ticketing.conformance.reading import try_connector
from dip.ticketing.conformance.reading_words import READING
from dip.ticketing.conformance.terms import Verdict
from dip.ticketing.connector import Account
from dip.ticketing.connectors import CONNECTORS


def run_suite(
    name: str, *, address: str, account: str, token: str, json_file: Path | None, html_file: Path | None, sample: int
) -> int:
    """Run every check, print the table, write the files. 0: conforms, remarks or not; 1: a must failed; 2: no such system."""
    vendor = CONNECTORS.get(name)
    if vendor is None:
        print(f"There is no connector {name!r}. Choose one of: {', '.join(sorted(CONNECTORS))}.", file=sys.stderr)
        return 2
    asked = Account(address=address.rstrip("/"), account=account, secret=token)
    report = try_connector(name, vendor.opened, asked, clock=clock.now, sample=sample)
    print(report.as_text())
    if json_file:
        json_file.write_text(json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if html_file:
        html_file.write_text(report.as_html(), encoding="utf-8")
    return 1 if report.verdict is Verdict.FAILS else 0


def list_checks() -> str:
    """Every check with what it asks, for whoever writes a connector."""
    return "\n".join(f"{check.code:<24} {check.severity.value:<7} {check.title}" for check in READING.values())
