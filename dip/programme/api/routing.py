"""The one router of the programme: the methods of a path must be declared together, wherever their functions stand."""

from ninja import Router

router = Router(tags=["Programme"])
