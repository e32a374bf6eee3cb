"""What pages call the words of entries and the details of a file."""

from fundapp.children.casework.models import (
    CaseKind,
    FlagKind,
    FollowUpReason,
    ScreeningResult,
    ZakatGroup,
)
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: The words of each kind of entry, by name, in the order of the form.
WORDS: dict[CaseKind, dict[str, str]] = {
    CaseKind.NOTE: {"words": N_("What was seen or done")},
    CaseKind.VISIT: {
        "met": N_("Whom you met"),
        "home": N_("How the child lives"),
        "words": N_("What was talked about"),
    },
    CaseKind.NEED: {"need": N_("What the child needs"), "words": N_("Why, and how urgent")},
    CaseKind.PLAN: {
        "goal": N_("Goal"),
        "services": N_("Services, by whom and until when"),
        "words": N_("What the family does"),
    },
    CaseKind.FLAG: {"flag": N_("What it warns of"), "words": N_("What was seen or done")},
    CaseKind.SCREENING: {
        "result": N_("Official result"),
        "year": N_("Year of the screening"),
        "income": N_("Income of the household in a month"),
        "dependants": N_("Who depends on others: disabled, old, single parent"),
        "housing": N_("House"),
        "vehicle": N_("Vehicles"),
        "land": N_("Farmland"),
        "goods": N_("Electricity and goods"),
        "words": N_("Remarks"),
    },
    CaseKind.FOLLOW_UP: {"words": N_("What is to be done")},
    CaseKind.ZAKAT: {"zakat": N_("Zakat group"), "words": N_("Who found it, and by what")},
}
#: Words that are one of a list.
LISTED: dict[str, type[LabelledEnum]] = {
    "flag": FlagKind,
    "result": ScreeningResult,
    "reason": FollowUpReason,
    "zakat": ZakatGroup,
}
#: Words that no form asks for, by kind.
UNASKED: dict[CaseKind, dict[str, str]] = {CaseKind.FOLLOW_UP: {"reason": N_("Why")}}
#: Without this word an entry of the kind says nothing.
NEEDED = {
    CaseKind.NOTE: "words",
    CaseKind.VISIT: "met",
    CaseKind.NEED: "need",
    CaseKind.PLAN: "goal",
    CaseKind.FLAG: "flag",
    CaseKind.SCREENING: "result",
    CaseKind.FOLLOW_UP: "words",
    CaseKind.ZAKAT: "zakat",
}
#: What settling an entry is called.
SETTLING = {
    CaseKind.NEED: (N_("The need is met"), N_("met")),
    CaseKind.PLAN: (N_("Agree to the plan"), N_("agreed")),
    CaseKind.FLAG: (N_("Lift the flag"), N_("lifted")),
    CaseKind.FOLLOW_UP: (N_("It is done"), N_("done")),
    CaseKind.VISIT: (N_("Somebody looked again"), N_("looked at again")),
}
#: Details of a file, by name, in the order of the form.
DETAILS: dict[str, str] = {
    "school_class": N_("Class"),
    "school_number": N_("Number in the school register"),
    "address": N_("House number and road"),
    "village": N_("Village"),
    "household": N_("Who lives in the household"),
    "groups": N_("Further target groups"),
    "capacity": N_("The guardian's right to decide"),
}
