"""What officers read for mediation's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked
from shared.wordings import ENDS

KINDS: Mapping[str, str] = {"mediation": marked("Mediasi"), "guidance": marked("Pembinaan")}
LISTS: Mapping[str, str] = {
    "all": marked("Semua kasus Polres"),
    "unassigned": marked("Belum ada petugas"),
    "mine": marked("Kasus saya"),
    "villages": marked("Desa/kelurahan saya"),
    "approvals": marked("Menunggu persetujuan PPA"),
}
STATUSES: Mapping[str, str] = {
    "unclassified": marked("Belum diklasifikasi"),
    "elsewhere": marked("Ditangani jalur lain"),
    "joined": marked("Digabung dengan laporan lain"),
    "open": marked("Berjalan"),
    "settled": marked("Disepakati, sedang dipantau"),
    "closed": marked("Selesai"),
    "failed": marked("Dikembalikan ke klasifikasi"),
    **ENDS,
}
POSITIONS: Mapping[str, str] = {
    "preparing": marked("Persiapan"),
    "scheduled": marked("Sudah dijadwalkan"),
    "met": marked("Sudah bertemu"),
    "agreeing": marked("Menunggu tanda tangan"),
    "settled": marked("Disepakati, sedang dipantau"),
    "kept": marked("Kesepakatan dipenuhi"),
    "failed": marked("Tidak berhasil"),
    "planning": marked("Menunggu rencana"),
    "planned": marked("Rencana sudah ada"),
    "visited": marked("Sudah dikunjungi"),
    "completed": marked("Pembinaan selesai"),
}
SIDES: Mapping[str, str] = {"complainant": marked("Pihak pelapor"), "respondent": marked("Pihak terlapor")}
CONSENTS: Mapping[str, str] = {
    "invited": marked("Belum menjawab"),
    "agreed": marked("Bersedia"),
    "refused": marked("Menolak"),
}
SESSION_STATES: Mapping[str, str] = {
    "scheduled": marked("Dijadwalkan"),
    "held": marked("Terlaksana"),
    "cancelled": marked("Dibatalkan"),
}
CANCELLATIONS: Mapping[str, str] = {
    "party_absent": marked("Salah satu pihak tidak hadir"),
    "party_asked": marked("Diminta salah satu pihak"),
    "officer_absent": marked("Petugas berhalangan"),
    "other": marked("Sebab lain"),
}
LET_GO: Mapping[str, str] = {"let_go": marked("Kasus tidak lagi di sini")}  # nobody chooses this
COMPLIANCES: Mapping[str, str] = {
    "open": marked("Belum dinilai"),
    "kept": marked("Dipenuhi"),
    "broken": marked("Dilanggar"),
}
RULES: Mapping[str, str] = {
    "never": marked("Perkara jenis ini tidak boleh diselesaikan antara para pihak."),
    "ppa_approval": marked("Para pihak boleh dipertemukan setelah Unit PPA menyetujui."),
    "restorative_only": marked("Hanya keadilan restoratif: setiap syarat di bawah harus dipastikan dulu."),
    "allowed": marked("Perkara jenis ini boleh diselesaikan antara para pihak."),
}
CONDITIONS: Mapping[str, str] = {
    "penalty_within_limit": marked("Ancaman hukuman paling tinggi denda kategori III atau penjara 5 tahun"),
    "first_offence": marked("Baru pertama kali melakukan tindak pidana"),
    "victim_consents": marked("Korban setuju"),
}
DUES: Mapping[str, str] = {
    "nobody_acted": marked("Tindakan pertama petugas"),
    "session_unrecorded": marked("Catatan hasil pertemuan"),
    "point_due": marked("Pemenuhan butir kesepakatan"),
    "unassigned": marked("Petugas ditunjuk"),
    "approval": marked("Persetujuan Unit PPA"),
    "session": marked("Pertemuan"),
}
FAILURES: Mapping[str, str] = {
    "consent_refused": marked("Salah satu pihak menolak"),
    "party_absent": marked("Salah satu pihak tidak hadir"),
    "no_agreement": marked("Tidak tercapai kesepakatan"),
    "agreement_broken": marked("Kesepakatan dilanggar"),
    "not_suitable": marked("Tidak layak diselesaikan dengan cara ini"),
    "guidance_refused": marked("Pembinaan ditolak"),
}
# By what decided or said it, as the audit of the case names it.
STEPS: Mapping[str, str] = {
    "complaint.classified.v1": marked("Laporan diklasifikasi"),
    "complaint.reclassified.v1": marked("Klasifikasi diubah"),
    "complaint.linked.v1": marked("Laporan digabung"),
    "complaint.supplemented.v1": marked("Pelapor menambahkan keterangan"),
    "complaint.withdrawn.v1": marked("Dicabut pelapor"),
    "complaint.rejected.v1": marked("Laporan ditolak"),
    "internal_affairs.conflict_found.v1": marked("Konflik kepentingan dicatat"),
    "wake": marked("Tenggat terlewati"),
    "approve": marked("Unit PPA memutuskan"),
    "confirm": marked("Syarat dipastikan"),
    "reassign": marked("Petugas ditunjuk"),
    "invite": marked("Pihak diundang"),
    "answer": marked("Jawaban pihak dicatat"),
    "schedule": marked("Pertemuan dijadwalkan"),
    "move": marked("Jadwal diubah"),
    "cancel": marked("Pertemuan dibatalkan"),
    "hold": marked("Pertemuan terlaksana"),
    "write_down": marked("Catatan hasil ditulis"),
    "draft": marked("Kesepakatan ditulis"),
    "sign": marked("Tanda tangan dicatat"),
    "judge": marked("Pemenuhan butir dinilai"),
    "plan": marked("Rencana pembinaan ditulis"),
    "complete": marked("Pembinaan diselesaikan"),
    "fail": marked("Dikembalikan ke klasifikasi"),
}
OTHER_STEP = marked("Perubahan lain")
# What an entry of the roster holds.
ENTRY_FIELDS: Mapping[str, str] = {
    "name": marked("Nama"),
    "phone": marked("Telepon dinas"),
    "villages": marked("Desa/kelurahan"),
    "units": marked("Unit"),
    "absent": marked("Keadaan"),
    "stand_in": marked("Pengganti bila tidak bertugas"),
}
REFUSALS: Mapping[str, str] = {
    "absent": marked("Petugas itu sedang tidak bertugas."),
    "answered_already": marked("Jawaban itu sudah dicatat."),
    "approval_needed": marked("Unit PPA harus menyetujui dulu."),
    "condition_missing": marked("Masih ada syarat yang belum dipastikan."),
    "confirmed_already": marked("Syarat ini sudah dipastikan."),
    "conflict": marked("Laporan ini menyangkut petugas itu atau kesatuannya."),
    "consent_missing": marked("Dari tiap pihak harus ada yang bersedia."),
    "due_missing": marked("Tulis sampai kapan butir ini dipenuhi."),
    "has_matters": marked(
        "Petugas itu masih memegang kasus. Tandai tidak bertugas, lalu minta kepala mediasi menyerahkan kasusnya."
    ),
    "has_it_already": marked("Petugas itu sudah memegang kasus ini."),
    "in_the_past": marked("Waktu itu sudah lewat."),
    "judged_already": marked("Butir ini sudah dinilai."),
    "move_not_allowed": marked("Keadaan kasus ini sudah berubah; langkah itu tidak lagi mungkin."),
    "never_settled": marked("Perkara jenis ini tidak boleh diselesaikan antara para pihak."),
    "no_agreement": marked("Belum ada kesepakatan."),
    "no_mediator": marked("Belum ada petugas yang memegang kasus ini."),
    "no_minutes": marked("Catatan hasil itu belum ditulis."),
    "no_points": marked("Tulis paling sedikit satu butir."),
    "no_such_party": marked("Pihak itu tidak ada."),
    "no_such_point": marked("Butir itu tidak ada."),
    "no_such_session": marked("Pertemuan itu tidak ada."),
    "not_borne_out": marked("Alasan itu tidak didukung catatan kasus ini."),
    "not_held": marked("Pertemuan itu tidak terlaksana, jadi tidak ada yang dicatat."),
    "not_met": marked("Para pihak belum bertemu."),
    "not_open": marked("Kasus ini tidak lagi berjalan di sini."),
    "not_taking_part": marked("Pihak itu tidak ikut serta."),
    "not_yet": marked("Waktunya belum tiba; ubah dulu jadwalnya ke saat terlaksana."),
    "nothing_to_confirm": marked("Kasus ini tidak bergantung pada syarat."),
    "other_kind": marked("Kasus ini diselesaikan dengan cara lain."),
    "nothing_written": marked("Di sana belum ada yang tertulis."),
    "other_polres": marked("Anda bukan dari Polres ini."),
    "record_missing": marked("Masih ada kunjungan yang belum dicatat hasilnya."),
    "same_track": marked("Usulkan jalur lain daripada yang tidak berhasil."),
    "session_over": marked("Pertemuan itu sudah berlalu atau dibatalkan."),
    "signed_already": marked("Pihak itu sudah menandatangani."),
    "stands_in": marked("Petugas itu pengganti petugas lain. Tunjuk dulu pengganti yang lain di sana."),
    "stands_in_for_self": marked("Tidak ada yang menggantikan dirinya sendiri."),
    "text_missing": marked("Tulis apa yang disepakati."),
    "too_far_off": marked("Waktu itu terlalu jauh."),
    "too_many_parties": marked("Paling banyak 50 pihak."),
    "too_many_sessions": marked("Paling banyak 50 pertemuan."),
    "unknown": marked("Petugas itu tidak ada di daftar."),
    "unknown_condition": marked("Syarat itu tidak diminta."),
    "unknown_reason": marked("Alasan itu tidak berlaku di sini."),
    "unsealable": marked("Isinya tidak dapat dibuka dengan kunci yang ada."),
}
