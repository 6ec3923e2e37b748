"""SQLite databases and files that survive a power cut."""
