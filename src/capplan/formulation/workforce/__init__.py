"""Hours that people need, and the staff and crews who give them."""
