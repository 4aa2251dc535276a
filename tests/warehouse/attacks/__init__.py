"""Attacks on what the one door tells: independent of the rules under test. ``docs/algorithms/disclosure.md`` says what each tries."""
