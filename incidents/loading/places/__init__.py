"""Where a file says that an incident was: gazetteers, and which place of ours a name or a point means."""
