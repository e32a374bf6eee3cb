"""The styles of statement files that every installation has, and others for what they lack."""

from dataclasses import replace

from fundapp.banking.models import DayForm, Era
from fundapp.banking.statement_files.profiles import Profile

KTB = Profile(
    code="ktb",
    title="Krungthai: หัวตารางภาษาไทย ปี พ.ศ.",
    headings={
        "day": ("วันที่",),
        "time": ("เวลา",),
        "description": ("รายการ",),
        "withdrawal": ("ถอนเงิน",),
        "deposit": ("ฝากเงิน",),
        "amount": ("จำนวนเงิน",),
        "balance": ("ยอดเงินคงเหลือ",),
        "detail": ("รายละเอียด",),
        "channel": ("ช่องทาง",),
    },
    day_form=DayForm.DAY_FIRST,
    era=Era.BUDDHIST,
    opening_words=("ยอดยกมา",),
    closing_words=("ยอดยกไป",),
    account_words=("บัญชีเลขที่", "เลขที่บัญชี"),
    period_words=("ระหว่างวันที่",),
)

KBANK = Profile(
    code="kbank",
    title="Kasikornbank: หัวตารางภาษาอังกฤษ ปี ค.ศ. สองหลัก",
    headings={
        "day": ("Date",),
        "time": ("Time",),
        "description": ("Descriptions",),
        "withdrawal": ("Withdrawal",),
        "deposit": ("Deposit",),
        "amount": ("Amount",),
        "balance": ("Outstanding Balance",),
        "detail": ("Details",),
        "channel": ("Channel",),
    },
    day_form=DayForm.DASHES_SHORT,
    era=Era.COMMON,
    opening_words=("Beginning Balance",),
    closing_words=("Ending Balance",),
)

#: As KBANK, with two-digit years in the Buddhist Era.
SHORT_BUDDHIST = replace(KBANK, code="short", day_form=DayForm.DAY_FIRST_SHORT, era=Era.BUDDHIST)
#: As KTB, with names of months.
NAMED_MONTHS = replace(KTB, code="named", day_form=DayForm.NAMED, period_words=())
