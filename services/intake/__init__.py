"""Intake: takes reports in from the web, the app, the counter, 110, SMS, Open311 and partner channels, with receipts.

It decides what is fit to be stored, that a repeated request has one effect, what a tracking code may still change, and
what the public may see of requests by Open311. Hears the submit commands of partner channels, complaint.rejected (which
may be appealed), internal_affairs.conflict_found and, for the public list, complaint.linked, complaint.classified,
complaint.reclassified, investigation.concluded, mediation.settled, guidance.completed and referral.completed; and
investigation.assigned, since a report's files are for the units that work on it. Says complaint.submitted,
complaint.supplemented, complaint.withdrawn, complaint.appealed and call.logged.
"""
