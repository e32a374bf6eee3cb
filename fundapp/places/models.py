"""Tables of places."""

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base


class Province(Base):
    """A province (จังหวัด)."""

    __tablename__ = "provinces"
    __table_args__ = (CheckConstraint("length(code) = 2", name="code_two_digits"),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_th: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_ms: Mapped[str] = mapped_column(Text)


class District(Base):
    """A district (อำเภอ)."""

    __tablename__ = "districts"
    __table_args__ = (
        CheckConstraint(
            "length(code) = 4 AND substr(code, 1, 2) = province_code", name="code_in_province"
        ),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    province_code: Mapped[str] = mapped_column(Text, ForeignKey("provinces.code"), index=True)
    name_th: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_ms: Mapped[str] = mapped_column(Text)


class Subdistrict(Base):
    """A subdistrict (ตำบล)."""

    __tablename__ = "subdistricts"
    __table_args__ = (
        CheckConstraint(
            "length(code) = 6 AND substr(code, 1, 4) = district_code", name="code_in_district"
        ),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"), index=True)
    name_th: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    postal_code: Mapped[str] = mapped_column(Text, default="")
