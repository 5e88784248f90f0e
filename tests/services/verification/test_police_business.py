import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.verification.police_business import other_agency, speaks_of_crime_or_danger

ANOTHERS_MATTER = [
    ("Listrik padam PLN dari tadi pagi di RT 04", "pln"),
    ("lampu rumah mati sudah 5 jam, kapan nyala", "pln"),
    ("Tagihan listrik saya bulan ini naik terus", "pln"),
    ("Token PLN tidak bisa masuk ke meteran", "pln"),
    ("air PDAM mati sudah tiga hari", "pdam"),
    ("Air ledeng keruh dan bau", "pdam"),
    ("pipa PDAM bocor di depan gang", "pdam"),
    ("Jalan rusak berlubang di Desa Cibuah, mohon diperbaiki", "pupr"),
    ("jalan kampung becek dan belum diaspal", "pupr"),
    ("Selokan mampet bikin air meluap", "pupr"),
    ("jembatan gantung sudah lapuk, jembatan rusak", "pupr"),
    ("KTP belum jadi dari tahun lalu", "dukcapil"),
    ("e-KTP saya blangko habis terus, kapan dicetak", "dukcapil"),
    ("Mau urus kartu keluarga pindah alamat", "dukcapil"),
    ("Syarat bikin akta kelahiran apa saja pak", "dukcapil"),
    ("Ada lowongan kerja pabrik tidak ya", "disnaker"),
    ("THR belum dibayar oleh perusahaan", "disnaker"),
    ("cara membuat kartu kuning ak1", "disnaker"),
    ("Sertifikat tanah PTSL belum jadi", "bpn"),
    ("Saya belum dapat bansos tahun ini", "dinsos"),
    ("BPJS saya tidak aktif padahal bayar", "bpjs"),
    ("Sampah menumpuk belum diangkut seminggu", "dlh"),
    ("internet indihome lemot dari kemarin", "telecom"),
    ("Pendaftaran PPDB jalur zonasi sekolah kapan dibuka", "education"),
    ("The street has potholes", "pupr"),
    ("Power outage since morning", "pln"),
    ("ＬＩＳＴＲＩＫ ＰＡＤＡＭ", "pln"),
    ("lis\u200btrik pa\u00addam", "pln"),
]

CRIME_OR_DANGER_TOO = [
    "Listrik padam karena kabel dicuri orang",
    "listrik mati, tiang roboh menimpa motor",
    "Kabel PLN terbakar, listrik padam",
    "air PDAM mati, meteran air dimaling",
    "Jalan rusak berlubang, barusan ada kecelakaan",
    "jalan berlubang, pengendara jatuh dan berdarah",
    "Jembatan rusak dan mau ambruk",
    "KTP belum jadi, petugas minta pungli 200 ribu",
    "KTP saya dipalsukan untuk membuat rekening",
    "lowongan kerja ternyata penipuan",
    "Loker pabrik bayar 5 juta, saya ditipu",
    "Gaji belum dibayar dan saya diancam mandor",
    "Sertifikat tanah belum jadi, digelapkan notaris",
    "bansos dikorupsi kepala dusun, saya belum dapat",
    "Sampah menumpuk lalu dibakar, apinya besar",
    "selokan mampet, banjir masuk rumah",
    "Lampu jalan mati, ada begal di situ",
    "mati lampu dan ada orang mencurigakan bawa golok",
    "internet mati, kabel dipotong maling",
    "Air kotor diduga diracun orang",
    "Street light broken and I was robbed there",
    "Jalan rusak, tetangga bertengkar soal batas",
    "listrik mati satu gang karena ada ledakan trafo",
    "jalan berlubang membahayakan anak sekolah",
]


@pytest.mark.parametrize(("text", "agency"), ANOTHERS_MATTER)
def test_a_plain_matter_of_another_agency_is_recognised(text: str, agency: str) -> None:
    assert other_agency(text) == agency
    assert not speaks_of_crime_or_danger(text)


@pytest.mark.parametrize("text", CRIME_OR_DANGER_TOO)
def test_crime_and_danger_are_seen_beside_another_agencys_matter(text: str) -> None:
    assert speaks_of_crime_or_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "Motor saya dicuri di parkiran",
        "kemalingan semalam",
        "kecopetan di angkot",
        "ada tawuran",
        "Anak saya hilang sejak siang",
        "suami memukul istri",
        "KEBAKARAN di pasar",
        "orang gantung diri di kebun",
        "transaksi sabu di kosan",
        "ada yang jual ciu",
        "Diperas oknum",
        "sepeda motor tabrakan",
        "saya diraba di bus",
        "ODGJ mengamuk",
        "sengketa tanah dengan tetangga",
        "kehilangan STNK, mau buat surat kehilangan",
        "someone broke in and stole everything, thief still here",
        "ma\u200bling masuk rumah",
        "ＭＡＬＩＮＧ",
    ],
)
def test_crime_danger_and_police_services_are_seen(text: str) -> None:
    assert speaks_of_crime_or_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "sabun cuci habis",
        "calon lurah datang",
        "kantor operasional buka jam berapa",
        "pukul 20.00 acara dimulai",
        "kerabat saya dari Garut",
        "gengsi dong",
        "tolong informasinya pak",
        "",
        "\x00",
        "\ud800",
    ],
)
def test_harmless_words_that_only_look_alike_are_no_signs(text: str) -> None:
    assert not speaks_of_crime_or_danger(text)
    assert other_agency(text) is None


def test_words_that_do_not_stand_together_are_no_matter_of_another_agency() -> None:
    assert (
        other_agency("listrik di rumah baik saja, yang saya tanyakan adalah kapan kantor buka dan apakah bisa mati")
        is None
    )


@settings(deadline=None)
@given(
    st.text(st.characters())
    | st.lists(st.sampled_from(["listrik", "padam", "air", "mati", "jalan", "ktp", "kerja", "x", "1"])).map(" ".join)
)
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(speaks_of_crime_or_danger(text), bool)
    assert other_agency(text) is None or text
