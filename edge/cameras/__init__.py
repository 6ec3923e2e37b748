"""Where frames come from, one vendor import a file."""
