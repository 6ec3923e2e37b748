"""Image files in and out, and the geometry of crops."""
