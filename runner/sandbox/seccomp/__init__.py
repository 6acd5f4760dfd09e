"""Which system calls a container may make: an allow-list for each role, derived by watching what they do call."""
