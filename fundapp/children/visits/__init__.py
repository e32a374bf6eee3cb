"""Home visits that are written without a signal, kept encrypted on the phone, and sent later."""
