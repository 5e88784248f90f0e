"""Mediation: gives disputes to the officer of their village, leads the parties to an agreement, and keeps guidance.

Hears complaint.classified, complaint.reclassified, complaint.linked, complaint.supplemented, complaint.withdrawn,
complaint.rejected and internal_affairs.conflict_found. Says mediation.assigned, mediation.scheduled,
mediation.cancelled, mediation.settled, mediation.failed and guidance.completed.
"""
