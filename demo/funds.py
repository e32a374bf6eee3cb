"""The demo's funds and bank accounts; no bank gives out such account numbers (pure)."""

from dataclasses import dataclass

from fundapp.ledger import chart
from fundapp.ledger.models import Restriction

GENERAL = "GEN"
EDUCATION = "EDU"
EARLY = "EARLY"
ZAKAT = "ZAKAT"
SADAQAH = "SADAQAH"


@dataclass(frozen=True, slots=True)
class FundPlan:
    """A fund to open; names and purposes in Thai, English and Malay."""

    code: str
    restriction: Restriction
    names: tuple[str, str, str]
    purposes: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """A bank account to open, and the style of its statements. Without a biller id the main account
    has that of the settings.
    """

    code: str
    name: str
    bank_code: str
    number: str
    account_code: str
    profile: str
    promptpay_biller: str = ""


FUNDS = (
    FundPlan(
        GENERAL,
        Restriction.UNRESTRICTED,
        ("กองทุนทั่วไป", "General fund", "Dana am"),
        (
            "ช่วยเหลือเด็กที่มีความจำเป็นมากที่สุดก่อน",
            "Helps the children who need it most.",
            "Membantu kanak-kanak yang paling memerlukan.",
        ),
    ),
    FundPlan(
        EDUCATION,
        Restriction.RESTRICTED,
        ("ทุนการศึกษา", "Education", "Pendidikan"),
        (
            "ค่าเล่าเรียน เครื่องแบบ หนังสือ และค่าเดินทางไปสถานศึกษา",
            "Fees, uniforms, books and travel to school.",
            "Yuran, pakaian seragam, buku dan perjalanan ke sekolah.",
        ),
    ),
    FundPlan(
        EARLY,
        Restriction.RESTRICTED,
        ("เด็กปฐมวัย", "Early childhood", "Awal kanak-kanak"),
        (
            "นม อาหาร สุขภาพ และศูนย์พัฒนาเด็กเล็กสำหรับเด็กก่อนวัยเรียน",
            "Milk, food, health and day care for children below school age.",
            "Susu, makanan, kesihatan dan taska untuk kanak-kanak prasekolah.",
        ),
    ),
    FundPlan(
        ZAKAT,
        Restriction.ZAKAT,
        ("ซะกาต", "Zakat", "Zakat"),
        (
            "ซะกาตสำหรับเด็กและครอบครัวที่มีสิทธิรับ แยกบัญชีจากเงินอื่น",
            "Zakat for children and families entitled to it, kept apart from all other money.",
            "Zakat untuk kanak-kanak dan keluarga yang layak, diasingkan daripada wang lain.",
        ),
    ),
    FundPlan(
        SADAQAH,
        Restriction.RESTRICTED,
        (
            "เศาะดะเกาะฮ์เพื่อเด็กกำพร้าและยากจน",
            "Sadaqah for orphans and the poor",
            "Sedekah anak yatim dan miskin",
        ),
        (
            "ค่าครองชีพของเด็กกำพร้าและเด็กในครอบครัวยากจน",
            "Living costs of orphans and of children in poor families.",
            "Kos sara hidup anak yatim dan kanak-kanak daripada keluarga miskin.",
        ),
    ),
)

BANK_ACCOUNTS = (
    AccountPlan("KTB-MAIN", "บัญชีหลัก (สมมุติ)", "006", "909-0-00000-1", chart.BANK_MAIN, "ktb"),
    AccountPlan(
        "IBANK-ZAKAT",
        "บัญชีซะกาต (สมมุติ)",
        "066",
        "909-0-00000-2",
        chart.BANK_ZAKAT,
        "kbank",
        promptpay_biller="099999999999991",
    ),
)

MAIN_ACCOUNT, ZAKAT_ACCOUNT = BANK_ACCOUNTS

#: What each fund held before the first day, in satang.
BROUGHT_FORWARD = {
    GENERAL: 18_000_000,
    EDUCATION: 12_000_000,
    EARLY: 6_000_000,
    ZAKAT: 9_000_000,
    SADAQAH: 7_500_000,
}


def bank_of(fund: str) -> AccountPlan:
    """The bank account that holds a fund's money."""
    return ZAKAT_ACCOUNT if fund == ZAKAT else MAIN_ACCOUNT
