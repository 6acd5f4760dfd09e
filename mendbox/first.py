"""Imported before all else by the command line; what is imported after it may take its time."""

from mendbox.interrupts import end_quietly

end_quietly()
