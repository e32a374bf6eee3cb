"""Cash: donation boxes, and counts that two people make of boxes, events and the office's box."""
