"""What an auditor found, what the office answers, and whether it was put right."""
