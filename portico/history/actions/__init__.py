"""What history writes: events, acts, and what undoes them."""

from portico.history.actions.recording import Changes, count_act, record

__all__ = ["Changes", "count_act", "record"]
