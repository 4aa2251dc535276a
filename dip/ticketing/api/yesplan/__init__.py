"""The generic ticketing API of Yesplan, our side: planning systems register events and read what stands in the halls."""
