"""Evaluation: what the reporters say of the service, what the events say of it, and what is done about it.

Hears every event of the other services except notification's, and projects the course of each complaint from them.
Says feedback.received (a survey was answered), complaint.reopen_requested and finding.raised.
"""
