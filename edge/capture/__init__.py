"""Enrollment photos of one object that stands before the camera."""
