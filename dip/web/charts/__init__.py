"""Charts as pure functions: numbers in, Vega-Lite specification and table twin out. Colours are the tokens of the stylesheet."""
