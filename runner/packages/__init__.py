"""Challenge packages: the folder format, its reader, its checks."""
