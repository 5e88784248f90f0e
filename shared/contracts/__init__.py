"""What services may say to each other: the envelope, the events, and the words both use.

One module per producing service. A domain imports only these and the standard library.
"""
