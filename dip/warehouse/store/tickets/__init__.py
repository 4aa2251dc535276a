"""Facts of tickets: one row per ticket, its newest version, in a file of their own; and the marts made of them."""
