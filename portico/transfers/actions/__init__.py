"""Bringing a file in: `imports` starts and steers it, `slices` takes its rows 500 at a time,
`plans` decides what becomes of each row, `saving` does it.
"""
