"""The service: its loop, its clock, and what it shares with systemd and other processes."""
