"""Python's garbage collector, told that what is loaded stays."""

import gc


def spare_what_is_loaded() -> None:
    """Keep the collector from looking through modules and settings again and again.

    Nor does it look at each few objects of a page (a twentieth of every page). In an import of
    10,000 people 26 looks through everything took a quarter of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
