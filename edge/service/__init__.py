"""The daemon's loop, signals and watchdog."""
