"""Bringing a file in: `imports` starts and steers it, `slices` takes its rows chunk by chunk,
`plans` decides what becomes of each row, `saving` does it.
"""
