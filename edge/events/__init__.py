"""What happened, as it is recorded and reported."""
