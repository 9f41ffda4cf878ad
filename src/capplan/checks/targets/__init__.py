"""Targets: what they ask for, whom their filters leave, and which of them cannot be reached."""
