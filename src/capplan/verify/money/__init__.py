"""Money: what everything costs, item by item, who pays, and the budgets."""
