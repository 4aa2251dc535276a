"""DIP: an open digital information platform for the performing arts.

Floors and rooms are drawn in ``docs/map.md``; a folder directly below this one is a domain.
"""
