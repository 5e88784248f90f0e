"""Intake: takes reports in from the web, the app, the counter, 110, SMS, Open311 and partner channels, with receipts.

It decides what is fit to be stored, that a repeated request has one effect, what a tracking code may still change, and
what the public may see of requests by Open311. Hears the submit commands of partner channels, complaint.rejected (which
may be appealed) and, for the public list, complaint.linked, complaint.classified, complaint.reclassified,
investigation.concluded, mediation.settled, guidance.completed and referral.completed. Says complaint.submitted,
complaint.supplemented, complaint.withdrawn, complaint.appealed, complaint.contact_code_issued,
complaint.contact_confirmed and call.logged.
"""
