"""Photos, made-up products and their alterations."""
