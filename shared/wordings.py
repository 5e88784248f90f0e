"""What people read for the codes that services share, where the shell refuses something, by the refusal's slug, and
where a form's field is not right. `en.po` has the English."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.languages import marked

URGENCIES: Mapping[str, str] = {
    "P1": marked("P1 – darurat"),
    "P2": marked("P2 – mendesak"),
    "P3": marked("P3 – biasa"),
    "P4": marked("P4 – ringan"),
}
TRACKS: Mapping[str, str] = {
    "investigation": marked("Penyidikan"),
    "dispatch": marked("Patroli"),
    "mediation": marked("Mediasi"),
    "guidance": marked("Pembinaan"),
    "referral": marked("Rujukan ke instansi lain"),
    "internal_affairs": marked("Propam"),
}

CHANNELS: Mapping[str, str] = {
    "counter": marked("Loket SPKT"),
    "emergency_call": marked("Telepon 110"),
    "web": marked("Situs web"),
    "app": marked("Aplikasi"),
    "sms": marked("SMS"),
    "open311": marked("Aplikasi pihak lain (Open311)"),
    "partner": marked("Mitra"),
}
IDENTITIES: Mapping[str, str] = {
    "anonymous": marked("tanpa nama"),
    "claimed": marked("menurut pelapor"),
    "contact_confirmed": marked("kontak sudah dipastikan"),
    "seen_in_person": marked("dilihat petugas"),
}
# What is done to an entry of a roster.
ROSTER_ACTS: Mapping[str, str] = {
    "add": marked("Dimasukkan ke daftar"),
    "change": marked("Diubah"),
    "take_off": marked("Dikeluarkan dari daftar"),
    "leave": marked("Ditandai cuti"),
    "back": marked("Kembali dari cuti"),
    "on_duty": marked("Masuk tugas"),
    "off_duty": marked("Lepas tugas"),
    "move": marked("Posisi diubah"),
}
# Every template knows them by these names.
CODES = {
    "urgencies": URGENCIES,
    "tracks": TRACKS,
    "channels": CHANNELS,
    "identities": IDENTITIES,
    "roster_acts": ROSTER_ACTS,
}

# How a case ends in every service at once.
ENDS: Mapping[str, str] = {
    "rejected": marked("Ditolak"),
    "withdrawn": marked("Dicabut pelapor"),
}

REFUSALS: Mapping[str, str] = {
    "not_found": marked("Laporan itu tidak ada."),
    "role_missing": marked("Peran Anda tidak mencakup halaman ini."),
    "stale": marked("Kasus ini sudah berubah sejak Anda membukanya. Periksa perubahannya, lalu kirim lagi."),
    "too_many": marked("Terlalu banyak permintaan dalam waktu singkat. Tunggu sebentar, lalu coba lagi."),
    "too_slow": marked("Belum tersimpan karena sistem kami sedang lambat. Kirim lagi sebentar lagi."),
    "sign_in_away": marked("Layanan masuk sedang tidak menjawab. Coba lagi sebentar lagi."),
    "code_forgotten": marked(
        "Kode lacak tidak lagi disimpan di perangkat ini. Masukkan lagi kode itu di tab baru, lalu kirim sekali lagi."
    ),
    "not_on_roster": marked("Nama itu tidak ada dalam daftar."),
    "id_taken": marked("Nama masuk itu sudah ada dalam daftar; ubah di barisnya."),
    "entry_changed": marked("Data ini sudah diubah orang lain sejak Anda membukanya. Periksa, lalu simpan lagi."),
    "reason_missing": marked("Tulis dulu alasan Anda membaca data ini."),
    "reason_invalid": marked("Tulis alasan dalam satu baris, paling banyak 200 huruf."),
}

# By pydantic's name of what is wrong.
_FIELDS: Mapping[str, str] = {
    "missing": marked("Wajib diisi."),
    "string_too_short": marked("Terlalu pendek: paling sedikit %(min_length)s huruf."),
    "string_too_long": marked("Terlalu panjang: paling banyak %(max_length)s huruf."),
    "too_short": marked("Pilih paling sedikit %(min_length)s."),
    "too_long": marked("Paling banyak %(max_length)s."),
    "greater_than_equal": marked("Paling sedikit %(ge)s."),
    "less_than_equal": marked("Paling banyak %(le)s."),
    "datetime_from_date_parsing": marked("Tulis tanggal dan jam."),
    "date_from_datetime_parsing": marked("Tulis tanggal."),
    "int_parsing": marked("Tulis dengan angka."),
    "float_parsing": marked("Tulis dengan angka."),
    "literal_error": marked("Pilih salah satu."),
    "enum": marked("Pilih salah satu."),
    "extra_forbidden": marked("Isian ini tidak dikenal."),
}
_OTHERWISE = marked("Isian ini tidak dapat dibaca; periksa lagi.")


def field_words(error: Mapping[str, Any], words: Callable[[str], str]) -> str:
    """What is wrong with a field, from pydantic's error. Never what was typed."""
    text = words(_FIELDS.get(error["type"], _OTHERWISE))
    return text % error.get("ctx", {}) if error["type"] in _FIELDS else text
