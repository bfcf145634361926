"""Recipe of the models of the layout; run in a checkout."""
