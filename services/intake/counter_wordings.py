"""What officers at the counter and at 110 read for intake's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

CHANNELS: Mapping[str, str] = {
    "counter": marked("Loket SPKT"),
    "emergency_call": marked("Telepon 110"),
    "web": marked("Situs web"),
    "app": marked("Aplikasi"),
    "sms": marked("SMS"),
    "open311": marked("Open311"),
    "partner": marked("Mitra"),
}
MODELS: Mapping[str, str] = {
    "B": marked("B: laporan masyarakat"),
    "A": marked("A: temuan anggota"),
}
IDENTITIES: Mapping[str, str] = {
    "anonymous": marked("tanpa nama"),
    "claimed": marked("menurut pelapor"),
    "contact_confirmed": marked("kontak sudah dipastikan"),
    "seen_in_person": marked("dilihat petugas"),
}
CALLS: Mapping[str, str] = {
    "prank": marked("Iseng"),
    "silent": marked("Tanpa suara"),
    "dropped": marked("Terputus"),
    "information": marked("Minta informasi"),
}
# The letter that logs a call together with Alt.
CALL_KEYS: Mapping[str, str] = {"prank": "P", "silent": "U", "dropped": "T", "information": "I"}
FILES: Mapping[str, str] = {
    "image/jpeg": marked("Foto (JPEG)"),
    "image/png": marked("Gambar (PNG)"),
    "application/pdf": marked("Dokumen (PDF)"),
}
URGENCIES: Mapping[str, str] = {
    "P1": marked("P1 – darurat"),
    "P2": marked("P2 – mendesak"),
    "P3": marked("P3 – biasa"),
    "P4": marked("P4 – ringan"),
}
LANGUAGES: Mapping[str, str] = {"id": marked("Bahasa Indonesia"), "en": marked("Bahasa Inggris")}
NIK_PROBLEMS: Mapping[str, str] = {
    "nik_not_16_digits": marked("NIK terdiri dari 16 angka."),
    "nik_birth_date_impossible": marked("Tanggal lahir di dalam NIK ini tidak mungkin. Lihat KTP sekali lagi."),
    "nik_serial_zero": marked("Empat angka terakhir NIK tidak mungkin 0000."),
}
