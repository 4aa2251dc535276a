"""pretix, own installations and hosted: read with a team's token that may read orders, and nothing else."""
