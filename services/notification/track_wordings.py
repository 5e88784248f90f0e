"""What the holder of a tracking code reads beside the timeline, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

CHANNELS: Mapping[str, str] = {"sms": marked("SMS"), "email": marked("Surel")}
LANGUAGES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
# What was done on another page, by the word in the address that leads back here.
DONE: Mapping[str, str] = {
    "preferences": marked("Pilihan Anda tersimpan."),
    "finished": marked("Kode lacak sudah dihapus dari perangkat ini."),
}
# How a status looks; what it means is said in words beside it.
MARKS: Mapping[str, str] = {
    "clarification": "soon",
    "concluded": "good",
    "settled": "good",
    "guided": "good",
    "completed": "good",
}
UNKNOWN_CODE = marked("Kode ini tidak dikenal. Periksa lagi huruf dan angkanya pada tanda terima.")
