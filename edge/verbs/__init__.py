"""What the command can do, one verb a file."""
