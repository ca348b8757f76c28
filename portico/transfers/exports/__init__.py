"""Writing lists of organizations and people to files: `columns` says what stands in them, `writers`
how each format is written, `running` does it in slices, `pages` is the door for agents.
"""
