"""Facts of rows: plain values, and the temporary file in which they wait between the two passes of a load."""
