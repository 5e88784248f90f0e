"""Notification decides what the reporter of a complaint may see and is told, and tells it: by SMS, by e-mail, and on
the public timeline that a tracking code opens.

Hears what a reporter may know of: submitted, supplemented, withdrawn, verified, clarification_requested, rejected,
linked, classified, reclassified, patrol.*, investigation.assigned, .progressed, .concluded.
Says notification.sent and notification.failed.
"""
