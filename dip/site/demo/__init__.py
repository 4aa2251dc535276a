"""The demo sector: an invented country of theatres, producers and agencies, with two seasons of sales that look like real ones and four earlier ones told
coarsely.

In: a scale and a moment. Out: rows in every table, the warehouse built from them, and a report with logins. ``freshen`` and
``trickle`` keep it alive through the normal way in.
"""

from dip.site.demo.building import UnableToBuild, build, plan_seasons, read_report
from dip.site.demo.keeping import freshen, trickle
from dip.site.demo.terms import SCALES, DemoReport, Scale

__all__ = ["SCALES", "DemoReport", "Scale", "UnableToBuild", "build", "freshen", "plan_seasons", "read_report", "trickle"]
