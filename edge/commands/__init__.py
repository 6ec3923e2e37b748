"""The commands of `bottlebank`, one a file."""
