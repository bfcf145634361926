"""Recipes of the word tables; run in a checkout, not installed."""
