"""What the pages of the audience read themselves."""
