"""People: who starts, waits and goes without, and queues for beds that are full by chance."""
