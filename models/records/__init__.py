"""Reports, completions and what deviates from the rules."""
