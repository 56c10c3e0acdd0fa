"""Releases: a publication under a name, with files that anybody can cite, check and read again."""
