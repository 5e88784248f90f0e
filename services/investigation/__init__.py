"""Investigation: sends patrols, finds detectives, follows a case from the inquiry to its end and keeps the letters due.

Hears complaint.classified, complaint.reclassified, complaint.linked, complaint.supplemented, complaint.withdrawn,
complaint.rejected and internal_affairs.conflict_found. Says patrol.dispatched, patrol.arrived, investigation.assigned,
investigation.progressed, investigation.escalated and investigation.concluded.
"""
