"""The arithmetic of agreements: formats, steps of settlement, checks of terms, pay-out curves. Exact, without I/O."""
