"""What a query may be asked: typed values, sets of declared parameters, and what is wrong with one. No HTTP."""
