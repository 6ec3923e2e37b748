"""Builds the daemon, a replay and a capture from a configuration: the only place that wires real parts together."""
