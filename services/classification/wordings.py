"""What officers read for classification's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

STATUSES: Mapping[str, str] = {
    "waiting": marked("Menunggu keputusan"),
    "checking": marked("Sudah diteruskan, perlu diperiksa"),
    "classified": marked("Terklasifikasi"),
    "returned": marked("Kembali untuk diputuskan"),
    "ended": marked("Berakhir tanpa klasifikasi"),
}
MEDIATION: Mapping[str, str] = {
    "never": marked("tidak boleh"),
    "ppa_approval": marked("hanya dengan persetujuan unit PPA"),
    "restorative_only": marked("hanya keadilan restoratif dalam penyidikan"),
    "allowed": marked("boleh"),
}
# Why a report waits for an officer.
CAUTIONS: Mapping[str, str] = {
    "terrorism": marked("Menyebut terorisme"),
    "guard_rail": marked("Menyebut hal yang dijaga aturan"),
    "urgent_though_past": marked("Mendesak, tetapi tampaknya sudah lewat"),
    "unrecognised": marked("Jenisnya tidak dikenali"),
    "low_confidence": marked("Aturan kurang yakin"),
    "text_cut": marked("Teks panjang, tidak terbaca seluruhnya"),
    "reopened": marked("Dibuka kembali"),
    "mediation_failed": marked("Mediasi gagal"),
    "referral_declined": marked("Tidak ada instansi yang menerima"),
    "not_misconduct": marked("Bukan tentang polisi, menurut Propam"),
}
# Who or what led to a decision that stands in the history.
DECISIONS: Mapping[str, str] = {
    "rules": marked("Oleh aturan"),
    "officer_decision": marked("Keputusan petugas"),
    "mediation_failed": marked("Setelah mediasi gagal"),
    "referral_declined": marked("Setelah tidak ada instansi yang menerima"),
    "not_misconduct": marked("Setelah dikembalikan Propam"),
    "reopened": marked("Setelah dibuka kembali"),
}
SIGNALS: Mapping[str, str] = {
    "in_progress": marked("sedang terjadi"),
    "present": marked("terjadi sekarang"),
    "injured": marked("ada yang terluka"),
    "armed": marked("pelaku bersenjata"),
    "perpetrator_near": marked("pelaku masih dekat"),
    "child": marked("menyangkut anak"),
    "vulnerable": marked("korban rentan"),
    "victim_held": marked("korban disekap"),
    "transfer": marked("uang sudah dikirim"),
    "today": marked("terjadi hari ini"),
    "unrest": marked("kerusuhan"),
    "seizure": marked("perampasan"),
    "danger": marked("bahaya"),
    "violence": marked("kekerasan"),
    "life_in_danger": marked("nyawa terancam"),
    "terrorism": marked("terorisme"),
}
# Why words count less than they would by themselves.
DAMPINGS: Mapping[str, str] = {
    "negated": marked("disangkal dalam kalimatnya"),
    "idiom": marked("ungkapan"),
    "within_longer": marked("bagian dari kata kunci yang lebih panjang"),
    "fiction": marked("cerita atau tontonan"),
    "hypothetical": marked("baru dikhawatirkan"),
}
REFUSALS: Mapping[str, str] = {
    "unknown_category": marked("Jenis itu tidak ada dalam daftar."),
    "repeated_track": marked("Setiap jalur cukup dipilih sekali."),
    "guard_rail": marked(
        "Jalur itu tidak boleh untuk perkara ini: laporan tentang polisi hanya ke Propam, dan yang tidak boleh"
        " dimediasi tidak ke mediasi atau pembinaan."
    ),
    "wrong_state": marked("Keadaan laporan ini sudah berubah; langkah itu tidak lagi mungkin."),
    "unsealable": marked("Isi laporan tidak dapat dibuka dengan kunci yang ada di sini."),
}
