"""Pure stages: no I/O, the clock handed in."""
