"""Verification: identity, place, completeness, police business and earlier reports of the same incident.

Hears complaint.submitted, complaint.supplemented, complaint.withdrawn and complaint.appealed. Says complaint.verified,
complaint.clarification_requested, complaint.rejected and complaint.linked.
"""
