"""Groups of incidents and what they add up to; see docs/aggregates.md for the rules."""
