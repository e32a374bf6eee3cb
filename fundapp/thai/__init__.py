"""Thai conventions that no standard library knows: calendar, folding, names, words, identity.

Everything here is pure: text and numbers in, text and numbers out. It imports only the standard
library, `fundapp.markers` and the number libraries (num2words, python-stdnum). Errors are
``ValueError`` whose text is one untranslated English sentence a person can act on.
"""
