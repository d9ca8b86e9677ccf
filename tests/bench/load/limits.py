"""Fifty thousand clients of a few accounts and addresses are a flood anywhere but here."""

OPEN = "1000000"
LIMITS = dict.fromkeys(
    ("connections", "address_connections", "account_connections", "strangers", "knocks", "knocks_burst", "events", "events_burst"), OPEN)
AS_SETTING = ",".join(f"{name}={value}" for name, value in LIMITS.items())
