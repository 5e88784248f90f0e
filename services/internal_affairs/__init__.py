"""Internal affairs (Propam, Siwas): the sealed desk for complaints about the police, by Perpol 2/2024's steps.

Hears complaint.classified, complaint.reclassified, complaint.linked, complaint.supplemented, complaint.withdrawn and
complaint.rejected. Says internal_affairs.registered, internal_affairs.letter_sent, internal_affairs.concluded,
internal_affairs.returned and internal_affairs.overdue, none of which tells whom the complaint is about, and
internal_affairs.conflict_found, by which every service hides it from whom it turned out to be about.
"""
