"""What `bottlebank bench` measures."""
