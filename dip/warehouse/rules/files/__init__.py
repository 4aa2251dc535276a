"""Files of tickets as ticketing systems export them: what their columns hold, and rows of the standard format made from them."""
