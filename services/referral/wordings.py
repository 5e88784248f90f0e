"""What officers read for referral's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked
from shared.wordings import ENDS

STATUSES: Mapping[str, str] = {
    "unclassified": marked("Belum terklasifikasi"),
    "elsewhere": marked("Tidak lagi dirujuk"),
    "offered": marked("Menunggu jawaban instansi"),
    "accepted": marked("Dikerjakan instansi"),
    "completed": marked("Selesai di instansi"),
    "declined": marked("Tidak ada instansi yang menerima"),
    "linked": marked("Digabung dengan laporan lain"),
    **ENDS,
}
LISTS: Mapping[str, str] = {
    "open": marked("semua yang berjalan"),
    "offered": marked("menunggu jawaban"),
    "accepted": marked("dikerjakan instansi"),
    "overdue": marked("terlambat"),
    "undelivered": marked("belum sampai ke instansi"),
    "declined": marked("tidak ada yang menerima"),
}
OFFERS: Mapping[str, str] = {
    "open": marked("menunggu jawaban"),
    "accepted": marked("diterima"),
    "declined": marked("ditolak"),
    "lapsed": marked("tidak dijawab"),
    "withdrawn": marked("ditarik kembali"),
    "completed": marked("selesai"),
}
# Why an offer ended: what the agency said, or what we did.
REASONS: Mapping[str, str] = {
    "not_ours": marked("bukan urusannya"),
    "outside_area": marked("di luar wilayahnya"),
    "no_capacity": marked("tidak ada petugas"),
    "insufficient": marked("keterangan kurang"),
    "duplicate": marked("sudah ditangani"),
    "other": marked("alasan lain"),
    "officer_decision": marked("keputusan petugas"),
    "unanswered": marked("instansi berikutnya ditanya"),
    "reclassified": marked("klasifikasi berubah"),
    "completed": marked("sudah selesai"),
    "declined": marked("dikembalikan ke klasifikasi"),
    "withdrawn": marked("laporan dicabut"),
    "rejected": marked("laporan ditolak"),
    "linked": marked("laporan digabung"),
}
STEPS: Mapping[str, str] = {
    "scheduled": marked("Dijadwalkan"),
    "in_progress": marked("Sedang dikerjakan"),
    "waiting": marked("Menunggu sesuatu"),
}
OUTCOMES: Mapping[str, str] = {
    "resolved": marked("Tertangani"),
    "partly_resolved": marked("Tertangani sebagian"),
    "not_resolvable": marked("Tidak dapat ditangani"),
}
NOTICES: Mapping[str, str] = {
    "offer": marked("Permintaan"),
    "collaboration": marked("Permintaan bantuan"),
    "supplement": marked("Tambahan dari pelapor"),
    "reminder": marked("Pengingat"),
    "withdrawn": marked("Penarikan"),
}
# What sealed words belong to.
ABOUT: Mapping[str, str] = {
    "supplement": marked("tambahan pelapor"),
    "decline": marked("alasan menolak"),
    "update": marked("kabar untuk pelapor"),
    "update note": marked("catatan untuk petugas"),
    "completion": marked("penutup untuk pelapor"),
    "completion note": marked("catatan penutup untuk petugas"),
}
REFUSALS: Mapping[str, str] = {
    "same_agency": marked("Instansi itu sudah memegang laporan ini."),
    "owner": marked("Instansi itu sendiri yang memegang laporan ini."),
    "unknown_agency": marked("Instansi itu tidak terdaftar."),
    "not_helping": marked("Instansi itu tidak membantu laporan ini."),
    "not_open": marked("Rujukan ini sudah tidak berjalan; langkah itu tidak lagi mungkin."),
    "unsealable": marked("Isi laporan tidak dapat dibuka dengan kunci yang ada di sini."),
}
