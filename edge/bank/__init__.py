"""What is enrolled."""
