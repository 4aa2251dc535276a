"""What a suite found, as people and systems read it: text for a terminal, JSON, and one HTML file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from dip.ticketing.conformance.terms import Check, Evidence, Outcome, Result, Verdict, verdict

_VERDICTS = {
    Verdict.CONFORMS: "Conforms",
    Verdict.REMARKS: "Conforms, with remarks",
    Verdict.INCOMPLETE: "Not complete",
    Verdict.FAILS: "Does not conform",
}
_MARKS = {Outcome.PASSED: "ok", Outcome.FAILED: "FAILED", Outcome.WAITING: "waiting", Outcome.NOT_APPLICABLE: "–"}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;"
    "border-bottom:1px solid #ccc}small,.why{color:#555}li{overflow-wrap:anywhere}.failed{color:#a3241b;font-weight:600}"
)


@dataclass(frozen=True, slots=True)
class Report:
    """The results of one suite on one system. ``subject``: what was tried, without secrets."""

    suite: str
    subject: str
    system: str
    version: str
    at: datetime
    checks: Mapping[str, Check]
    results: Sequence[Result]

    @property
    def verdict(self) -> Verdict:
        """What the whole says."""
        return verdict(self.results, self.checks)

    def as_json(self) -> dict[str, Any]:
        """As plain values, texts in English."""
        return {
            "suite": self.suite,
            "subject": self.subject,
            "system": self.system,
            "version": self.version,
            "at": self.at.isoformat(timespec="seconds"),
            "verdict": self.verdict.value,
            "checks": [self._line(result) for result in self.results],
        }

    def _line(self, result: Result) -> dict[str, Any]:
        check = self.checks[result.code]
        return {
            "code": check.code,
            "severity": check.severity.value,
            "outcome": result.outcome.value,
            "title": check.title,
            "why": check.why,
            "mend": check.mend,
            "seen": told(result),
        }

    def as_text(self) -> str:
        """As a table for a terminal; evidence and remedy under each check that failed."""
        lines = [f"{self.suite}: {self.system} {self.version}, {self.subject}", ""]
        for result in self.results:
            check = self.checks[result.code]
            lines.append(f"  {_MARKS[result.outcome]:<8} {check.severity.value:<7} {check.title}")
            if result.outcome in (Outcome.FAILED, Outcome.WAITING):
                lines += [f"{'':>19}{text}" for text in told(result)]
                lines.append(f"{'':>19}→ {check.mend}")
        return "\n".join([*lines, "", f"{_VERDICTS[self.verdict]}. {self._counts()}"])

    def _counts(self) -> str:
        counts = [(sum(result.outcome is outcome for result in self.results), outcome) for outcome in Outcome]
        return ", ".join(f"{count} {outcome.value.replace('_', ' ')}" for count, outcome in counts if count) + "."

    def as_html(self) -> str:
        """As one file that opens anywhere and prints."""
        rows = "".join(self._row(result) for result in self.results)
        head = f"{escape(self.suite)}: {escape(self.system)} {escape(self.version)}"
        facts = f"{escape(self.subject)}, {self.at:%Y-%m-%d %H:%M} UTC. {escape(self._counts())}"
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{head}</title>'
            f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><h1>{head}</h1>'
            f"<p>{facts}</p><p><strong>{_VERDICTS[self.verdict]}</strong></p><table><thead><tr><th>Check</th><th>Asked</th>"
            f"<th>Outcome</th></tr></thead><tbody>{rows}</tbody></table></body></html>\n"
        )

    def _row(self, result: Result) -> str:
        check = self.checks[result.code]
        evidence = "".join(f"<li>{escape(text)}</li>" for text in told(result))
        if result.outcome in (Outcome.FAILED, Outcome.WAITING):
            evidence += f"<li><strong>To mend it:</strong> {escape(check.mend)}</li>"
        listed = f"<ul>{evidence}</ul>" if evidence else ""
        outcome = f'<span class="{result.outcome.value}">{_MARKS[result.outcome]}</span>'
        title = f'<strong>{escape(check.title)}</strong> <small>{check.code}</small><div class="why">{escape(check.why)}</div>'
        return f"<tr><td>{title}{listed}</td><td>{check.severity.value}</td><td>{outcome}</td></tr>"


def told(result: Result) -> list[str]:
    """What was seen, in English, and how much more of it there is."""
    texts = [evidence.text for evidence in result.seen]
    return [*texts, f"… and {result.more} more"] if result.more else texts


def kept(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Results as a table keeps them; :func:`read_kept` reads them back."""
    return [
        {
            "code": result.code,
            "outcome": result.outcome.value,
            "seen": [{"pattern": one.pattern, "values": dict(one.values)} for one in result.seen],
            "more": result.more,
        }
        for result in results
    ]


def read_kept(rows: Sequence[Mapping[str, Any]], checks: Mapping[str, Check]) -> list[Result]:
    """Results that :func:`kept` made; of checks that are gone nothing is left."""
    return [
        Result(
            row["code"],
            Outcome(row["outcome"]),
            tuple(Evidence(one["pattern"], one["values"]) for one in row["seen"]),
            row["more"],
        )
        for row in rows
        if row["code"] in checks
    ]
