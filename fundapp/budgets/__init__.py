"""What a fund may spend in a fiscal year against what it spent, and money moved between funds."""
