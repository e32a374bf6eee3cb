"""The demo: an invented province with three years of history, and people to sign in as.

The story is written first, by pure functions of a seed and of the present day (`story`), and then
told through the operations that the pages use (`teller`), so whatever holds for real data holds for
it. Nobody in it exists. It may import every package; nothing imports it.
"""
