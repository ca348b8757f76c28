"""The agents' pages of organizations and people."""
