"""What officers at the counter and at 110 read for intake's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

MODELS: Mapping[str, str] = {
    "B": marked("B: laporan masyarakat"),
    "A": marked("A: temuan anggota"),
}
CALLS: Mapping[str, str] = {
    "prank": marked("Iseng"),
    "wrong_number": marked("Salah sambung"),
    "silent": marked("Tanpa suara"),
    "dropped": marked("Terputus"),
    "information": marked("Minta informasi"),
}
# The letter that logs a call together with Alt.
CALL_KEYS: Mapping[str, str] = {"prank": "P", "wrong_number": "A", "silent": "U", "dropped": "T", "information": "I"}
FILES: Mapping[str, str] = {
    "image/jpeg": marked("Foto (JPEG)"),
    "image/png": marked("Gambar (PNG)"),
    "application/pdf": marked("Dokumen (PDF)"),
}
LANGUAGES: Mapping[str, str] = {"id": marked("Bahasa Indonesia"), "en": marked("Bahasa Inggris")}
NIK_PROBLEMS: Mapping[str, str] = {
    "nik_not_16_digits": marked("NIK terdiri dari 16 angka."),
    "nik_birth_date_impossible": marked("Tanggal lahir di dalam NIK ini tidak mungkin. Lihat KTP sekali lagi."),
    "nik_serial_zero": marked("Empat angka terakhir NIK tidak mungkin 0000."),
}
