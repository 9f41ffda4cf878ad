"""Schemes: when they go live, and what is in force then."""
