"""Pages of agreements: lists, drafting, one agreement, its settlement and its papers."""
