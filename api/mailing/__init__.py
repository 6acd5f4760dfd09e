"""Mail: what it says, how it is written, and how it is handed in."""
