"""Schemes: when they go live, what they change, and the people who start under them."""
