"""People: who is referred and waits, who could start what where, who starts, and who is in care."""
