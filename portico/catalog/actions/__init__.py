"""Every change of services and subscriptions."""
