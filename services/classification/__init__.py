"""Classification decides what kind of matter a complaint is, how soon it must be met and who settles it.

Hears `complaint.verified`, `complaint.rejected`, `complaint.linked`, `mediation.failed`, `referral.declined`,
`internal_affairs.returned`, `internal_affairs.conflict_found` and `complaint.reopen_requested`; says
`complaint.classified` and `complaint.reclassified`. It alone owns the track of a complaint.
"""
