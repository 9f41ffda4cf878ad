"""What results are made of, as data: tables, cost items, metrics, statuses; no solver, no instance."""
