"""Targets: what the other tables say is achieved, and what the table `targets` requires."""
