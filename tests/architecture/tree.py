"""What the architecture tests look at: the package's files and floors."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dip"
FLOORS = [
    "kernel",
    "web",
    "definitions",
    "registry",
    "programme",
    "ticketing",
    "warehouse",
    "sales",
    "audience",
    "benchmark",
    "exchange",
    "contracts",
    "reports",
    "site",
]


def sources() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
