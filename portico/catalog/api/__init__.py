"""The API of services and subscriptions."""
