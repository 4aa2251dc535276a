"""Shape of what people fill in about the programme."""
