"""The recipe of the reader of pairs: how what two clauses count relates.

``rows`` are the pairs, ``network`` the body of the passage reader with a head of its own, ``__main__`` the command.
"""
