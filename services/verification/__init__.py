"""Verification: identity, place, completeness, police business and earlier reports of the same incident.

Hears complaint.submitted, complaint.supplemented, complaint.withdrawn, complaint.appealed and
internal_affairs.conflict_found and complaint.contact_confirmed. Says complaint.verified,
complaint.clarification_requested, complaint.rejected and
complaint.linked.
"""
