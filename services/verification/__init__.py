"""Verification: identity, place, completeness, police business and earlier reports of the same incident.

Hears complaint.submitted, complaint.supplemented, complaint.withdrawn, complaint.appealed, complaint.contact_confirmed
and internal_affairs.conflict_found. Says complaint.verified, complaint.clarification_requested, complaint.rejected and
complaint.linked.
"""
