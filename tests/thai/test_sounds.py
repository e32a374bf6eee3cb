"""Names that sound alike are found by one key, whichever script they are in."""

from fundapp.thai.sounds import sound_key, sounds_of

ALIKE = (
    "สมชาย Somchai somchay", "อามีนะห์ Aminah Amina อามีเนาะ", "มูฮัมหมัด Muhammad Mohamad มูฮำหมัด",
    "อับดุลเลาะ อับดุลเลาะห์ Abdullah Abdulloh", "พร Porn Pon", "สุวรรณ Suwan Suwann",
    "นูร์ Nur", "ฟาติมะห์ ฟาตีเมาะ Fatimah Fateemoh", "ยะลา Yala", "อาลี Ali", "อิบรอฮิม Ibrahim",
    "ไฟซอล Faisal Faizal", "ฮาซัน Hasan Hassan", "เจริญ Charoen", "วันอาซีซะ Wanazizah",
)  # fmt: skip
APART = ("สมชาย สมศรี", "Aminah Asma", "ฮาซัน ฟาซัน")


def test_spellings_of_one_name_have_one_key_and_other_names_another():
    for names in ALIKE:
        assert len({sound_key(name) for name in names.split()}) == 1, names
    for names in APART:
        assert len({sound_key(name) for name in names.split()}) == 2, names


def test_titles_are_left_out_and_each_word_has_its_key():
    assert sounds_of("นางสาวอามีนะห์ ทดลองคู่") == sounds_of("Ms. Aminah Todlongkhu")
    assert sound_key("123 !") == ""
    assert sound_key("Aminah") == f" {sounds_of('Aminah')[0]} "
