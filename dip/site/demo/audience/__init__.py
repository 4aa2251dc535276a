"""The audience of the demo season: areas where its buyers live, who they are, and the orders that make up the sales of the coupled theatres.

Everything is invented and the same for the same seed. Orders land, are applied and are published as any theatre's orders are.
"""

from dip.site.demo.audience.atlas import load_example_areas
from dip.site.demo.audience.filling import add_audience, visible
from dip.site.demo.audience.sales import Listener

__all__ = ["Listener", "add_audience", "load_example_areas", "visible"]
