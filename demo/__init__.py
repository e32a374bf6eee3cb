"""The demo: an invented province with three years of history, and users to sign in as.

The history is planned first, by pure functions of a seed and of the present day (`plan`), and then
carried out by the operations that the pages use (`replay`), so every rule for real data holds for
it. Nobody in it exists. It may import every package; nothing imports it.
"""
