"""What an auditor reads for the codes of the audit, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

SERVICES: Mapping[str, str] = {
    "intake": marked("Penerimaan"),
    "verification": marked("Verifikasi"),
    "classification": marked("Klasifikasi"),
    "investigation": marked("Penyidikan"),
    "mediation": marked("Mediasi"),
    "referral": marked("Rujukan"),
    "internal_affairs": marked("Propam"),
    "notification": marked("Kabar untuk pelapor"),
    "evaluation": marked("Evaluasi"),
}

# Who acts where no person does.
OTHERS: Mapping[str, str] = {
    **SERVICES,
    "clock": marked("Sistem, menurut jadwal"),
    "emergency": marked("Jalur darurat"),
    "reporter": marked("Pelapor"),
    "sms gateway": marked("Layanan SMS"),
}

EVENTS: Mapping[str, str] = {
    "complaint.submitted.v1": marked("Laporan masuk"),
    "complaint.supplemented.v1": marked("Pelapor menambahkan keterangan"),
    "complaint.withdrawn.v1": marked("Dicabut pelapor"),
    "complaint.appealed.v1": marked("Pelapor berkeberatan"),
    "complaint.erased.v1": marked("Data pribadi dihapus"),
    "complaint.contact_code_issued.v1": marked("Kode untuk memastikan kontak dibuat"),
    "complaint.contact_confirmed.v1": marked("Kontak pelapor dipastikan"),
    "call.logged.v1": marked("Telepon 110 dicatat"),
    "complaint.verified.v1": marked("Dinyatakan terverifikasi"),
    "complaint.clarification_requested.v1": marked("Pelapor ditanya"),
    "complaint.rejected.v1": marked("Ditolak"),
    "complaint.linked.v1": marked("Digabung dengan laporan lain"),
    "complaint.classified.v1": marked("Diklasifikasikan"),
    "complaint.reclassified.v1": marked("Klasifikasi diubah"),
    "patrol.dispatched.v1": marked("Patroli dikirim"),
    "patrol.arrived.v1": marked("Patroli tiba"),
    "investigation.assigned.v1": marked("Penyidik ditunjuk"),
    "investigation.progressed.v1": marked("Penyidikan maju"),
    "investigation.escalated.v1": marked("Penyidikan terlambat, dinaikkan"),
    "investigation.concluded.v1": marked("Penyidikan selesai"),
    "mediation.assigned.v1": marked("Petugas mediasi ditunjuk"),
    "mediation.scheduled.v1": marked("Pertemuan dijadwalkan"),
    "mediation.cancelled.v1": marked("Pertemuan dibatalkan"),
    "mediation.settled.v1": marked("Kesepakatan ditandatangani"),
    "mediation.failed.v1": marked("Mediasi tidak berhasil"),
    "guidance.completed.v1": marked("Pembinaan selesai"),
    "referral.offered.v1": marked("Instansi diminta mengambil alih"),
    "referral.accepted.v1": marked("Instansi mengambil alih"),
    "referral.declined.v1": marked("Tidak ada instansi yang mengambil alih"),
    "referral.updated.v1": marked("Kabar dari instansi"),
    "referral.completed.v1": marked("Instansi selesai"),
    "referral.overdue.v1": marked("Instansi terlambat"),
    "internal_affairs.registered.v1": marked("Dicatat di Propam"),
    "internal_affairs.letter_sent.v1": marked("Surat SP3D dikirim"),
    "internal_affairs.concluded.v1": marked("Pemeriksaan Propam selesai"),
    "internal_affairs.returned.v1": marked("Dikembalikan Propam"),
    "internal_affairs.conflict_found.v1": marked("Konflik kepentingan dicatat"),
    "internal_affairs.overdue.v1": marked("Propam terlambat"),
    "notification.sent.v1": marked("Kabar terkirim kepada pelapor"),
    "notification.failed.v1": marked("Kabar kepada pelapor gagal"),
    "feedback.received.v1": marked("Pelapor menilai penanganan"),
    "complaint.reopen_requested.v1": marked("Pelapor minta dibuka kembali"),
    "finding.raised.v1": marked("Temuan dicatat"),
}

# What was decided without telling any other service of it.
ACTS: Mapping[str, str] = {
    "acknowledge": marked("Perintah patroli diterima"),
    "answer": marked("Jawaban pelapor dicatat"),
    "approve": marked("Persetujuan Unit PPA diputuskan"),
    "claim": marked("Pengiriman kabar dimulai"),
    "clear": marked("Patroli selesai di tempat"),
    "correct_witness": marked("Data saksi diperbaiki"),
    "grade": marked("Tingkat kesulitan ditetapkan"),
    "handle": marked("Barang bukti berpindah tangan"),
    "hold": marked("Penahanan hukum dipasang"),
    "issue": marked("Kode untuk memastikan kontak dibuat"),
    "lift": marked("Penahanan hukum dicabut"),
    "name_witness": marked("Saksi dicatat"),
    "prefer": marked("Pelapor memilih cara dikabari"),
    "reached": marked("Pelapor dihubungi dengan cara lain"),
    "read": marked("Isi berkas dibaca"),
    "receive_receipt": marked("Tanda terima SMS masuk"),
    "report": marked("Hasil pengiriman kabar dicatat"),
    "stand_down": marked("Patroli ditarik"),
    "state": marked("Keterangan saksi dicatat"),
    "take": marked("Barang bukti dicatat"),
}
OTHERWISE = marked("Catatan kasus diubah")

PARTS: Mapping[str, str] = {
    "agency": marked("surat-menyurat dengan instansi"),
    "attachment": marked("lampiran"),
    "audit": marked("alasan para pembaca"),
    "conduct": marked("berkas Propam"),
    "contact": marked("kontak pelapor"),
    "feedback": marked("penilaian pelapor"),
    "identity": marked("identitas pelapor"),
    "narrative": marked("isi laporan"),
    "notice": marked("kata-kata untuk pelapor"),
    "settlement": marked("berkas mediasi"),
}
