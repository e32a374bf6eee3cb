"""Card processors: the values that giving knows (`values`), and one module for each processor."""
