"""What officers read for investigation's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked
from shared.wordings import ENDS

STATUSES: Mapping[str, str] = {
    "unclassified": marked("Belum diklasifikasi"),
    "elsewhere": marked("Ditangani di tempat lain"),
    "open": marked("Berjalan"),
    "attended": marked("Patroli sudah selesai"),
    "concluded": marked("Selesai"),
    **ENDS,
}
POSITIONS: Mapping[str, str] = {
    "waiting": marked("Penyelidikan belum dimulai"),
    "inquiry": marked("Penyelidikan"),
    "inquiry_reviewed": marked("Penyelidikan, sudah gelar perkara"),
    "investigation": marked("Penyidikan"),
    "prosecutor_informed": marked("Penyidikan, SPDP terkirim"),
    "file_sent": marked("Berkas di penuntut umum"),
    "file_returned": marked("Berkas dikembalikan (P-19)"),
    "file_complete": marked("Berkas lengkap (P-21)"),
}
MILESTONES: Mapping[str, str] = {
    "inquiry_opened": marked("Penyelidikan dimulai"),
    "case_conference": marked("Gelar perkara"),
    "investigation_opened": marked("Penyidikan dimulai"),
    "prosecutor_notified": marked("SPDP dikirim ke penuntut umum"),
    "file_sent": marked("Berkas dikirim ke penuntut umum"),
    "file_returned": marked("Berkas dikembalikan (P-19)"),
    "file_complete": marked("Berkas dinyatakan lengkap (P-21)"),
}
LETTERS: Mapping[str, str] = {
    "A1": marked("A1: hasil penelitian laporan"),
    "A2": marked("A2: tidak dapat ditindaklanjuti"),
    "A3": marked("A3: akan disidik"),
    "A4": marked("A4: perkembangan"),
    "A5": marked("A5: penyidikan dihentikan"),
}
DIFFICULTIES: Mapping[str, str] = {
    "easy": marked("Mudah"),
    "medium": marked("Sedang"),
    "hard": marked("Sulit"),
    "very_hard": marked("Sangat sulit"),
}
OUTCOMES: Mapping[str, str] = {
    "handed_to_prosecutor": marked("Diserahkan ke penuntut umum"),
    "not_a_crime": marked("Bukan tindak pidana"),
    "stopped": marked("Penyidikan dihentikan (SP3)"),
    "restorative_justice": marked("Keadilan restoratif"),
    "transferred": marked("Dilimpahkan"),
    "withdrawn": marked("Dicabut pelapor"),
}
REASONS: Mapping[str, str] = {
    "no_criminal_event": marked("Tidak ditemukan peristiwa pidana"),
    "civil_matter": marked("Perkara perdata"),
    "settled_on_the_scene": marked("Selesai di tempat"),
    "insufficient_evidence": marked("Tidak cukup bukti"),
    "not_a_crime": marked("Bukan tindak pidana"),
    "ended_by_law": marked("Dihentikan demi hukum"),
    "already_judged": marked("Sudah pernah diputus (ne bis in idem)"),
    "time_barred": marked("Kedaluwarsa"),
    "suspect_died": marked("Tersangka meninggal"),
    "complaint_withdrawn": marked("Pengaduan dicabut (delik aduan)"),
    "maximum_fine_paid_category_2": marked("Denda maksimum kategori II dibayar"),
    "maximum_fine_paid_category_4": marked("Denda maksimum kategori IV dibayar"),
    "restorative_agreement": marked("Kesepakatan keadilan restoratif"),
    "other_police_office": marked("Ke kantor polisi lain"),
    "other_investigator": marked("Ke penyidik lain (PPNS, KPK, kejaksaan)"),
    "military_police": marked("Ke polisi militer"),
}
CONDITIONS: Mapping[str, str] = {
    "penalty_within_limit": marked("Ancaman pidana dalam batas"),
    "first_offence": marked("Pertama kali melakukan tindak pidana"),
    "victim_consents": marked("Korban setuju tanpa tekanan"),
}
HANDING_OVER: Mapping[str, str] = {
    "workload": marked("Beban kerja"),
    "leave": marked("Cuti atau berhalangan"),
    "conflict_of_interest": marked("Konflik kepentingan"),
    "speciality": marked("Keahlian"),
    "other": marked("Lainnya"),
}
EVIDENCE: Mapping[str, str] = {
    "object": marked("Benda"),
    "document": marked("Dokumen"),
    "electronic": marked("Elektronik"),
    "photograph": marked("Foto"),
    "biological": marked("Biologis"),
    "other": marked("Lainnya"),
}
CUSTODY: Mapping[str, str] = {
    "taken": marked("Diambil"),
    "stored": marked("Disimpan"),
    "handed_over": marked("Diserahkan"),
    "examined": marked("Diperiksa ahli"),
    "returned": marked("Dikembalikan kepada pemilik"),
    "destroyed": marked("Dimusnahkan"),
}
SORTIES: Mapping[str, str] = {
    "sent": marked("Belum diakui"),
    "acknowledged": marked("Menuju lokasi"),
    "on_scene": marked("Di lokasi"),
    "unacknowledged": marked("Tidak menjawab, diganti"),
    "stood_down": marked("Ditarik"),
    "cleared": marked("Selesai"),
}
RESULTS: Mapping[str, str] = {
    "settled": marked("Selesai di tempat"),
    "suspect_held": marked("Terduga pelaku diamankan"),
    "evidence_secured": marked("Barang bukti diamankan"),
    "nothing_found": marked("Tidak ditemukan apa-apa"),
    "handed_over": marked("Diserahkan kepada petugas lain"),
}
PATROLS: Mapping[str, str] = {
    "free": marked("Siap"),
    "dispatched": marked("Dikerahkan"),
    "on_scene": marked("Di lokasi"),
    "off_duty": marked("Tidak bertugas"),
}
POSTS: Mapping[str, str] = {
    "detective": marked("Penyidik"),
    "unit_head": marked("Kepala unit"),
}
# What an entry of a roster holds.
ENTRY_FIELDS: Mapping[str, str] = {
    "name": marked("Nama"),
    "phone": marked("Telepon dinas"),
    "post": marked("Jabatan"),
    "units": marked("Unit"),
    "unit": marked("Unit"),
    "specialities": marked("Keahlian"),
    "conflicts": marked("Konflik kepentingan"),
    "on_leave": marked("Keadaan"),
    "status": marked("Keadaan"),
    "call_sign": marked("Tanda panggil"),
    "lat": marked("Lintang"),
    "lon": marked("Bujur"),
    "updated_at": marked("Kabar terakhir"),
}
HAPPENINGS: Mapping[str, str] = {
    "unclassified": marked("Belum diklasifikasi"),
    "open": marked("Perkara dibuka"),
    "elsewhere": marked("Ditangani di tempat lain"),
    "attended": marked("Patroli sudah selesai"),
    "rejected": marked("Laporan ditolak"),
    "withdrawn": marked("Dicabut pelapor"),
    "concluded": marked("Perkara selesai"),
    "assigned": marked("Penyidik ditunjuk"),
    "milestone": marked("Tahap dicatat"),
    "letter": marked("SP2HP dikirim"),
    "evidence": marked("Barang bukti"),
    "witness": marked("Saksi dicatat"),
    "witness_corrected": marked("Data saksi diperbaiki"),
    "supplement": marked("Pelapor menambahkan keterangan"),
    "linked": marked("Laporan lain digabungkan"),
    "sent": marked("Patroli dikerahkan"),
    "acknowledged": marked("Patroli mengakui perintah"),
    "on_scene": marked("Patroli tiba"),
    "ended": marked("Patroli berakhir"),
    "conclusion": marked("Diakhiri"),
}
REFUSALS: Mapping[str, str] = {
    "not_open": marked("Perkara ini tidak berjalan."),
    "no_detective": marked("Perkara ini belum punya penyidik."),
    "move_not_allowed": marked("Keadaan perkara ini sudah berubah; langkah itu tidak lagi mungkin."),
    "letter_not_allowed": marked("Surat itu tidak cocok dengan tahap perkara. Surat pertama selalu A1."),
    "ending_not_allowed": marked("Dari tahap ini perkara tidak dapat berakhir demikian."),
    "patrol_under_way": marked("Patroli masih bekerja atau masih dicari."),
    "reason_not_wanted": marked("Hasil ini tidak memerlukan alasan."),
    "unknown_reason": marked("Pilih alasan dari daftar."),
    "not_a_complaint_offence": marked("Hanya delik aduan yang berakhir karena pengaduan dicabut."),
    "restorative_excluded": marked("Jenis perkara ini tidak dapat diselesaikan dengan keadilan restoratif."),
    "approval_needed": marked("Perlu persetujuan Unit PPA."),
    "condition_missing": marked("Semua syarat keadilan restoratif harus dipastikan."),
    "unknown": marked("Penyidik itu tidak ada."),
    "on_leave": marked("Penyidik itu sedang cuti."),
    "conflict": marked("Penyidik itu punya konflik kepentingan dengan laporan ini."),
    "other_unit": marked("Penyidik itu bukan dari unit Anda."),
    "has_it_already": marked("Penyidik itu sudah memegang perkara ini."),
    "unknown_evidence": marked("Barang bukti itu tidak ada."),
    "left_custody": marked("Barang bukti itu sudah tidak dalam penguasaan polisi."),
    "in_future": marked("Waktu ini ada di masa depan."),
    "too_long_ago": marked("Waktu ini terlalu lama berlalu; periksa tahunnya."),
    "full": marked("Daftar ini sudah penuh."),
    "unknown_witness": marked("Saksi itu tidak ada."),
    "has_stated": marked("Keterangan saksi ini sudah ada; catat yang baru sebagai saksi baru."),
    "not_sent": marked("Patroli Anda tidak lagi dikerahkan ke laporan ini."),
    "no_dispatch": marked("Tidak ada patroli yang dikerahkan atau dicari untuk laporan ini."),
    "under_way": marked("Patroli sudah dikerahkan atau sedang dicari."),
    "other_polres": marked("Anda bukan dari Polres ini."),
    "has_cases": marked(
        "Penyidik itu masih memegang perkara. Tandai cuti, lalu minta kepala unit menyerahkan perkaranya."
    ),
    "is_sent": marked("Patroli itu sedang dikerahkan. Tunggu sampai selesai di tempat."),
    "not_your_patrol": marked("Anda tidak bertugas pada patroli itu."),
}
