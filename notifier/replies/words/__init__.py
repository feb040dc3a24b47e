"""The words of replies as patterns, by what they say; docs/decisions/0080 says why so."""
