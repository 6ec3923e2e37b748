"""From frames or images to answers. Pure, no I/O, the clock handed in."""
