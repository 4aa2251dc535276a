"""Words of agreements: fields and their kinds, states, and the statement that settles them."""
