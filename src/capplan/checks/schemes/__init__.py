"""Schemes: when they may go live, what they change, and which of their effects meet on one number."""
