"""Things to test with, made through the application's own operations."""
