"""A tour as a provider's own sheet has it: what the columns are called, what a row says, which hall it means. Plain Python."""
