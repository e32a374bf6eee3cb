"""Stand-ins for what lies outside."""
