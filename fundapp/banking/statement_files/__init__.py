"""Statement files of banks: decoded, parsed, checked, and imported with their lines."""
