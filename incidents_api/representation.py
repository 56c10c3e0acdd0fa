"""What ETags are made of besides the data: a name for the bytes that this code makes of it."""

PUBLIC_BYTES = "dabb8032a66d728e452d"
"""A digest of the golden files of the tests, written by `make schema`. A commit that changes the bytes of answers
changes a golden file, so it changes this too, and no cache takes an old answer for the new one."""
