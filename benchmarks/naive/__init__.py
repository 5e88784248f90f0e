"""The same journey on a straightforward shell: the baseline that the real one is measured against.

The services, their decisions, their checks and their routes are the very same. What differs is what a careful developer
would write first: one message at a time, a transaction over state, inbox and outbox, and publishing through FastStream.
"""
