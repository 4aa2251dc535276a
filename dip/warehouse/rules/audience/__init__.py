"""Methods of the Audience Monitor: fixed, documented rules over columns of integer codes; explained in docs/algorithms/audience.md.

Every function takes arrays of one length, one entry per buyer, order, ticket or area, and gives such an array or a small table back.
"""
