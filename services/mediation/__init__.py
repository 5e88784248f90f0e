"""Mediation: gives disputes to the officer of their village, leads the parties to an agreement, and keeps guidance.

Hears complaint.classified, complaint.reclassified, complaint.linked, complaint.supplemented, complaint.withdrawn and
complaint.rejected. Says mediation.assigned, mediation.scheduled, mediation.cancelled, mediation.settled,
mediation.failed and guidance.completed.
"""
