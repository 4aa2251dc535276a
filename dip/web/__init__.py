"""Page frame, components, charts and formats: how everything looks, knowing nothing of what it shows."""
