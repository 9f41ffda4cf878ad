"""The search for a plan: relaxations, dives, lazy rows, queues; the solver itself is in `capplan.solver`."""
