"""Benches: what is measured, each beside what could be used instead."""
