"""The exported model: its card, its runtime, and crops to vectors."""
