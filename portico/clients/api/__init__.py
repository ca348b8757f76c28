"""Organizations and people in the API; one router per noun."""
