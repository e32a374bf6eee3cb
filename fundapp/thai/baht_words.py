"""Amounts in Thai words, as receipts and vouchers must state them beside the figures.

num2words knows the numbers (เอ็ด after any higher digit, ยี่สิบ, ล้านล้าน). The currency is put
together here, because its currency form takes decimals and says "ติดลบ" where Thai accounts write
"ลบ". Below one baht there is no "ศูนย์บาท".
"""

from num2words import num2words


def baht_in_words(satang: int) -> str:
    """An amount in satang in Thai words: 10150 is "หนึ่งร้อยเอ็ดบาทห้าสิบสตางค์"."""
    baht, rest = divmod(abs(satang), 100)
    words = "ลบ" if satang < 0 else ""
    if baht or not rest:
        words += f"{num2words(baht, lang='th')}บาท"
    return words + (f"{num2words(rest, lang='th')}สตางค์" if rest else "ถ้วน")
