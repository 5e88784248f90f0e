"""Intake: takes reports in from the web, the app, the counter, 110, SMS, Open311 and partner channels, with receipts.

It decides what is fit to be stored, that a repeated request has one effect, what a tracking code may still change, and
what the public may see of requests by Open311, and when a complaint may be erased. Hears the submit commands of partner
channels, complaint.rejected (which may be appealed), its own complaint.erased, internal_affairs.conflict_found and, to
know whose work a complaint is and whether it has ended, complaint.linked, complaint.classified, complaint.reclassified,
investigation.assigned, investigation.concluded, mediation.settled, mediation.failed, guidance.completed,
referral.completed, referral.declined, internal_affairs.concluded and internal_affairs.returned. Says
complaint.submitted, complaint.supplemented, complaint.withdrawn, complaint.appealed, complaint.contact_code_issued,
complaint.contact_confirmed, complaint.erased and call.logged.
"""
