"""Background subtraction: which objects stand in the scene. Pure, no I/O, the clock handed in."""
