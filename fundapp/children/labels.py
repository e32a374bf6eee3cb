"""What the words of a child's file are called on pages."""

from fundapp.children.models import ChildStatus, CloseReason, ConsentKind, Relation, TargetGroup
from fundapp.thai.identity_numbers import IdKind
from fundapp.web.lazy import lazy as _l

TARGET_GROUPS: dict[TargetGroup, str] = {
    TargetGroup.EARLY_CHILDHOOD: _l("Early childhood (0–6 years)"),
    TargetGroup.OUT_OF_SCHOOL: _l("Out of school"),
    TargetGroup.AT_RISK: _l("At risk of dropping out"),
    TargetGroup.TEEN_MOTHER: _l("Teenage mother"),
    TargetGroup.POOR_STUDENT: _l("Poor student"),
    TargetGroup.DISABILITY: _l("Child with a disability"),
}

STATUSES: dict[ChildStatus, str] = {
    ChildStatus.ACTIVE: _l("File open"),
    ChildStatus.CLOSED: _l("File closed"),
}

STATUS_TONES: dict[ChildStatus, str] = {ChildStatus.ACTIVE: "good", ChildStatus.CLOSED: "neutral"}

CLOSE_REASONS: dict[CloseReason, str] = {
    CloseReason.FINISHED: _l("The goal was reached"),
    CloseReason.MOVED_AWAY: _l("The child moved away"),
    CloseReason.OTHER_SUPPORT: _l("Others help the child now"),
    CloseReason.NOT_REACHED: _l("The family could not be reached"),
    CloseReason.CONSENT_WITHDRAWN: _l("The consent was withdrawn"),
    CloseReason.DIED: _l("The child died"),
    CloseReason.MISTAKE: _l("The file was opened by mistake"),
}

RELATIONS: dict[Relation, str] = {
    Relation.MOTHER: _l("Mother"),
    Relation.FATHER: _l("Father"),
    Relation.LEGAL_GUARDIAN: _l("Legal guardian"),
    Relation.GRANDPARENT: _l("Grandparent"),
    Relation.RELATIVE: _l("Another relative"),
    Relation.OTHER: _l("Somebody else"),
}

CONSENT_KINDS: dict[ConsentKind, str] = {
    ConsentKind.KEEP_FILE: _l("Keep a file on the child"),
    ConsentKind.SENSITIVE_FACTS: _l("Keep facts on health or religion"),
    ConsentKind.PHOTOGRAPH: _l("Take photographs"),
}

ID_KINDS: dict[IdKind, str] = {
    IdKind.THAI_PIN: _l("Thai identity number (13 digits)"),
    IdKind.NO_NATIONALITY: _l("Number of a person without nationality status (starts with 0)"),
    IdKind.GCODE: _l("G-code of the Ministry of Education"),
    IdKind.PASSPORT: _l("Passport"),
    IdKind.OTHER: _l("Another document"),
    IdKind.NONE: _l("No number"),
}
