"""Lines in the audit trail, for tests of reading it."""

from dip.registry.trail import write_line
from tests.factories.registry import NOW, make_access


def add_line(organisation, at=NOW, verb="grant_rights", actor="Noor Dijkema", label="Sanne", changes=None):
    from dataclasses import replace

    access = replace(make_access(organisation), actor=actor)
    write_line(access=access, at=at, verb=verb, subject="membership", subject_id=1, label=label, changes=changes)
