"""What has to be dealt with before a month is closed, and the desk of closed months."""
