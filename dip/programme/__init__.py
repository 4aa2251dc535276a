"""What is played: theatres, halls, productions, performances with national DIP-ids, and connection requests.

In: what providers enter and theatres correct. Out: shared facts that every figure hangs on.
"""
