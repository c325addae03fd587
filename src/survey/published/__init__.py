"""FIGURES: what was printed, what it fixes, which claims hold, and data rebuilt from it.

::

    findings -> bounds -> audit -> reconstruction

Each room is imported where it is used: a report needs `findings` only.
"""
