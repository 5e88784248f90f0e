"""Verification: identity, place, completeness, police business and earlier reports of the same incident.

Hears complaint.submitted, complaint.supplemented and complaint.withdrawn. Says complaint.verified,
complaint.clarification_requested, complaint.rejected and complaint.linked.
"""
