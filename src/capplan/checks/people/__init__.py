"""People: who is referred when, what packages there are, who could start what where, and whom nothing reaches."""
