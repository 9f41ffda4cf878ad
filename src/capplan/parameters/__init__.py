"""Numbers of the model that need no solver: what an instance says of stays, beds, teams and people."""
