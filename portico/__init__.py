"""Portico: client management and a client portal for businesses that serve clients."""

__version__ = "0.1.0"
