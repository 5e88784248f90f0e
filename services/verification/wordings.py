"""What officers read for verification's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked
from shared.wordings import ENDS

STATUSES: Mapping[str, str] = {
    "checking": marked("Sedang diperiksa"),
    "waiting": marked("Menunggu petugas"),
    "clarifying": marked("Menunggu jawaban pelapor"),
    "verified": marked("Terverifikasi"),
    "linked": marked("Digabung dengan laporan lain"),
    **ENDS,
}
CHECKS: Mapping[str, str] = {
    "completeness": marked("Kelengkapan"),
    "identity": marked("Identitas"),
    "place": marked("Tempat"),
    "police_business": marked("Urusan kepolisian"),
    "reported_before": marked("Laporan serupa"),
}
REASONS: Mapping[str, str] = {
    "complete": marked("Apa, di mana, kapan, dan siapa sudah disebut."),
    "incomplete": marked("Ada yang belum disebut."),
    "when_in_future": marked("Waktu kejadian ada di masa depan."),
    "anonymous": marked("Pelapor tanpa nama."),
    "contact_confirmed": marked("Kontak pelapor sudah dipastikan dengan kode."),
    "identity_plausible": marked("NIK dan telepon wajar."),
    "identity_implausible": marked("NIK atau telepon tidak mungkin benar."),
    "identity_without_nik_or_phone": marked("Tanpa NIK dan telepon."),
    "nik_region_unknown": marked("Kode wilayah pada NIK tidak dikenal."),
    "inside_jurisdiction": marked("Di wilayah hukum Polres ini."),
    "near_border": marked("Di dekat batas wilayah hukum."),
    "outside_jurisdiction": marked("Di luar wilayah hukum Polres ini."),
    "place_contradictory": marked("Titik peta dan tempat yang disebut tidak cocok."),
    "village_ambiguous": marked("Nama desa/kelurahan itu ada lebih dari satu."),
    "place_unknown": marked("Tempat tidak dapat dipastikan."),
    "crime_or_danger": marked("Menceritakan tindak pidana atau bahaya."),
    "category_chosen": marked("Pelapor memilih jenisnya sendiri."),
    "not_police_business": marked("Urusan instansi lain."),
    "chosen_as_outside_authority": marked("Pelapor sendiri menyebutnya urusan instansi lain."),
    "nothing_against": marked("Tidak ada yang menunjuk ke instansi lain."),
    "no_similar_report": marked("Tidak ada laporan serupa."),
    "similar_report": marked("Mirip dengan laporan sebelumnya."),
}
MISSING: Mapping[str, str] = {
    "what": marked("Apa yang terjadi"),
    "where": marked("Di mana"),
    "when": marked("Kapan"),
    "who": marked("Siapa pelapor dan yang terlibat"),
    "other": marked("Hal lain (tulis)"),
}
REJECTIONS: Mapping[str, str] = {
    "outside_jurisdiction": marked("Di luar wilayah hukum"),
    "not_police_business": marked("Bukan urusan kepolisian"),
    "incomplete": marked("Tidak lengkap"),
    "implausible": marked("Tidak masuk akal"),
    "already_settled": marked("Sudah diselesaikan"),
    "false_report": marked("Laporan palsu"),
}
HAPPENINGS: Mapping[str, str] = {
    "submitted": marked("Laporan masuk"),
    "supplemented": marked("Pelapor menambahkan keterangan"),
    "asked": marked("Pelapor ditanya"),
    "unanswered": marked("Pelapor tidak menjawab"),
    "verified": marked("Dinyatakan terverifikasi"),
    "rejected": marked("Ditolak"),
    "linked": marked("Digabung"),
    "withdrawn": marked("Dicabut pelapor"),
    "appealed": marked("Pelapor berkeberatan"),
    "conflict": marked("Konflik kepentingan dicatat"),
    "contact_confirmed": marked("Kontak pelapor dipastikan"),
}
REFUSALS: Mapping[str, str] = {
    "words_missing": marked("Tulis apa lagi yang ditanyakan kepada pelapor."),
    "cannot_answer": marked("Pelapor ini tidak punya kode lacak, jadi tidak dapat menjawab."),
    "same_complaint": marked("Laporan tidak dapat digabung dengan dirinya sendiri."),
    "no_such_complaint": marked("Laporan itu tidak ada."),
    "not_earlier": marked("Hanya dapat digabung dengan laporan yang masuk lebih dulu."),
    "target_not_verified": marked("Laporan yang lebih dulu itu harus diverifikasi dulu."),
    "own_rejection": marked("Anda yang menolak laporan ini; keberatannya diputuskan petugas lain."),
    "wrong_state": marked("Keadaan laporan ini sudah berubah; langkah itu tidak lagi mungkin."),
}
