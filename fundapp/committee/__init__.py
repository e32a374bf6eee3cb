"""The committee: who sits on it, its meetings, votes and resolutions on requests for help."""
