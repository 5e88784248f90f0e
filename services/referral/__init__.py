"""Referral: offers a complaint to the agency in charge, follows it to its end there, and asks the next if one declines.

Hears complaint.classified, complaint.reclassified, complaint.linked, complaint.withdrawn, complaint.rejected,
complaint.supplemented and internal_affairs.conflict_found, and the answers of agencies. Says referral.offered,
referral.accepted, referral.declined, referral.updated, referral.completed and referral.overdue.
"""
