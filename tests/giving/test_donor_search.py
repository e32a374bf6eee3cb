"""Donors are found however their names are spelled, gathered by tags, and told apart."""

import pytest
from sqlalchemy import insert, select

from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving import operations, queries
from fundapp.giving.models import Donor, DonorKind
from fundapp.giving.queries.duplicates import LikeReason
from fundapp.giving.steps import new_donor
from tests.factories.actors import AUDITOR, OFFICER, WORKER
from tests.factories.giving import make_donor


def found(text, **chosen):
    db.session.rollback()
    return [row.donor.name for row in queries.list_donors(text, **chosen).rows]


def test_a_donor_is_found_in_either_script_and_by_each_spelling(funds):
    make_donor("นางสาวอามีนะห์ ทดลองคู่", email="a@example.org", phone="0812345678")
    make_donor("Somchai Jaidee", email="s@example.org")
    make_donor("อับดุลเลาะ ทดลองคู่", email="family@example.org")
    aminah = ["นางสาวอามีนะห์ ทดลองคู่"]
    for text in (
        "Aminah",
        "amina",
        "อามีนะ",
        "อามีเนาะ",
        "Miss Aminah",
        "081-234-5678",
        "+66 81 234 5678",
    ):
        assert found(text) == aminah, text
    for text in ("สมชาย", "somchay", "jaidee"):
        assert found(text) == ["Somchai Jaidee"], text
    assert found("Abdullah Todlongkhu") == found("อับดุลเลาะ") == ["อับดุลเลาะ ทดลองคู่"]
    assert found("Abdullah Jaidee") == found("zz") == []


def test_names_written_before_get_their_sound_from_the_worker(funds):
    make_donor("Somchai Jaidee", email="s@example.org")
    unit_of_work(lambda: db.session.execute(Donor.__table__.update().values(sound_key=None)))
    assert found("สมชาย") == []
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.write_sounds, actor=AUDITOR)
    assert unit_of_work(operations.write_sounds, actor=WORKER) == 1
    assert unit_of_work(operations.write_sounds, actor=WORKER) == 0
    assert found("สมชาย") == ["Somchai Jaidee"]


@pytest.mark.sqlite
def test_tags_gather_donors_and_the_file_tells_who_changed_them(officer, funds):
    donor = make_donor("Somchai Jaidee", email="s@example.org")
    make_donor("Aminah Sani", email="a@example.org")
    url = f"/donors/{donor.public_id}/describe"
    assert officer.get(url).status_code == 200
    wrong = officer.post(url, data={"kind": "school", "phone": "no", "tags": "x" * 41})
    assert wrong.status_code == 422
    right = {"kind": "school", "phone": "073-211-111", "tags": "ครู, ยะลา ,ครู"}
    assert officer.post(url, data=right).status_code == 303
    assert found("", tag="ยะลา") == ["Somchai Jaidee"]
    assert officer.post(url, data={**right, "tags": "ครู"}).status_code == 303
    assert found("", tag="ยะลา") == []
    page = officer.get(f"/donors/{donor.public_id}").text
    assert "Kind, contact or tags of a donor changed" in page
    assert "073211111" in page
    listed = officer.post("/donors", data={"q": "", "tag": "ครู"}).text
    assert "Somchai Jaidee" in listed
    assert "Aminah Sani" not in listed
    kind = db.session.scalars(select(Donor.kind).where(Donor.id == donor.id)).one()
    assert kind is DonorKind.SCHOOL


def test_likely_pairs_are_shown_with_reasons_and_decided_on_once(officer, funds):
    first = make_donor("Aminah Sani", email="one@example.org", phone="0811111111")
    second = make_donor("อามีนะห์ ซานี", phone="0811111111")
    third = make_donor("Aminah Sani", email="two@example.org")
    make_donor("Somchai Jaidee", email="one@example.org")
    pairs = {
        (row.donor.public_id, row.other.public_id): row.reasons
        for row in queries.list_likely_pairs().rows
    }
    assert pairs == {
        (second.public_id, first.public_id): (LikeReason.SOUND, LikeReason.PHONE),
        (third.public_id, first.public_id): (LikeReason.NAME,),
        (third.public_id, second.public_id): (LikeReason.SOUND,),
    }
    assert "The phone is the same" in officer.get("/donors/duplicates").text
    for _again in range(2):
        said = officer.post(f"/donors/{third.public_id}/different", data={"into": first.public_id})
        assert said.status_code == 303
    merged = officer.post(f"/donors/{second.public_id}/same", data={"into": first.public_id})
    assert merged.status_code == 303
    db.session.rollback()
    assert queries.list_likely_pairs().rows == []
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.tell_apart, first.public_id, third.public_id, actor=AUDITOR)
    assert officer.post(f"/donors/{first.public_id}/different", data={}).status_code == 404


@pytest.mark.sqlite  # the question is the same on both, and a scan of the table on either
def test_a_search_among_32_000_donors_reads_no_more_than_their_rows(funds):
    def many():
        rows = [
            new_donor(f"ผู้บริจาค ทดลอง{n}", address=f"p{n}@example.org", locale="th")
            for n in range(32_000)
        ]
        db.session.execute(insert(Donor), rows)

    unit_of_work(many)
    make_donor("อามีนะห์ ซานี", email="a@example.org", actor=OFFICER)
    assert found("Aminah Sani") == ["อามีนะห์ ซานี"]
