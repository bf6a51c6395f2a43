"""A transparency log by the C2SP formats (trust.md §1.3): trees, notes, tiles, proofs, witnesses, and the check of a whole log.

Knows neither database nor case: whoever wants to check us without trusting us reads this folder and nothing else.
"""
