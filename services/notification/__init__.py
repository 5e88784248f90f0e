"""Notification decides what the reporter of a complaint may see and is told, and tells it: by SMS, by e-mail, and on
the public timeline that a tracking code opens.

Hears what a reporter may know of: submitted, supplemented, withdrawn, verified, clarification_requested, rejected,
linked, classified, reclassified, appealed, patrol.*, investigation.assigned, .progressed, .concluded, mediation.*,
guidance.completed, referral.* and internal_affairs.* except what is overdue, feedback.received, reopen_requested,
contact_code_issued, whose one-time code it sends, and internal_affairs.conflict_found, of which nobody is told.
Says notification.sent and notification.failed.
"""
