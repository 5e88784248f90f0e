"""What officers read for the codes of messages to reporters, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

MEDIA: Mapping[str, str] = {"sms": marked("SMS"), "email": marked("Surel")}

# What a message tells, by its template.
TELLINGS: Mapping[str, str] = {
    "received": marked("Laporan diterima"),
    "clarification": marked("Ada pertanyaan untuk pelapor"),
    "verified": marked("Jawaban cukup, laporan dilanjutkan"),
    "rejected": marked("Laporan tidak dilanjutkan"),
    "rejected_finally": marked("Keputusan setelah keberatan"),
    "linked": marked("Laporan digabung"),
    "patrol_dispatched": marked("Petugas sedang menangani"),
    "assigned": marked("Ada petugas yang menangani"),
    "letter": marked("Kabar perkembangan"),
    "concluded": marked("Penanganan selesai"),
    "upheld": marked("Keberatan diterima"),
    "requested": marked("Permintaan pelapor diterima"),
    "appointment": marked("Jadwal pertemuan"),
    "called_off": marked("Jadwal dibatalkan"),
    "taken_over": marked("Ada pihak yang mengambil alih"),
    "moved": marked("Diteruskan ke pihak lain"),
    "reopened": marked("Laporan dibuka kembali"),
    "digest": marked("Beberapa kabar sekaligus"),
    "code": marked("Kode sekali pakai"),
}

STATES: Mapping[str, str] = {
    "queued": marked("Menunggu dikirim"),
    "attempting": marked("Sedang dikirim"),
    "unknown": marked("Belum pasti sampai"),
    "sent": marked("Terkirim"),
    "delivered": marked("Sudah sampai"),
    "failed": marked("Gagal"),
    "dropped": marked("Tidak dikirim"),
}
MARKS: Mapping[str, str] = {"failed": "late", "unknown": "soon", "sent": "good", "delivered": "good"}

REASONS: Mapping[str, str] = {
    "contact_unreadable": marked("Kontak pelapor sedang tidak dapat dibaca."),
    "daily_limit": marked("Batas SMS sehari untuk nomor ini tercapai."),
    "expired": marked("Kodenya sudah tidak berlaku."),
    "gateway_away": marked("Layanan SMS tidak menjawab."),
    "gateway_refuses_us": marked("Layanan SMS menolak sandi kita."),
    "gateway_slow": marked("Layanan SMS terlalu lambat."),
    "mail_server_away": marked("Layanan surel tidak menjawab."),
    "mail_server_lost": marked("Sambungan ke layanan surel terputus."),
    "medium_off": marked("Jalur ini sedang dimatikan."),
    "merged": marked("Disampaikan bersama kabar lain."),
    "no_address": marked("Pelapor tidak memberi alamat untuk jalur ini."),
    "throttled": marked("Layanan SMS meminta jeda."),
    "unanswered": marked("Tidak ada kepastian setelah beberapa kali dicoba."),
    "undelivered": marked("Tidak sampai ke telepon pelapor."),
    "unexpected": marked("Terjadi kesalahan pada sistem kami."),
    "unwanted": marked("Pelapor tidak ingin dikabari."),
}
_BY_MAIL, _BY_SMS = marked("Layanan surel menolak pesan ini."), marked("Layanan SMS menolak pesan ini.")


def reason_words(reason: str) -> str:
    """Why a message did not get through. A gateway's or server's own number stands behind its name."""
    return REASONS.get(reason) or (_BY_MAIL if reason.startswith("mail_server_") else _BY_SMS)
