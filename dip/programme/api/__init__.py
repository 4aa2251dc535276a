"""Programme on the external API: reference lists, productions and performances, read and written."""
