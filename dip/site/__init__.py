"""Wires every floor together: configuration, settings, urls, command line, home page. Decides nothing itself."""
