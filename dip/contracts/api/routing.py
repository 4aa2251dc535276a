"""The one router of agreements: the methods of a path must be declared together, wherever their functions stand."""

from ninja import Router

router = Router(tags=["Contracts"])
