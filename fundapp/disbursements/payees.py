"""Who may take the money: the guardians and schools on the children's files, and the vendors."""

from collections.abc import Iterable

from fundapp.children.models import Child
from fundapp.children.reader import Reader
from fundapp.disbursements.models import DisbursementRequest, PayeeKind
from fundapp.disbursements.queries.vendors import is_vendor_as_now
from fundapp.disbursements.reader import children_of, payee_name_of
from fundapp.thai.names import fold_name


def payees_on_file(children: Iterable[Child], kind: PayeeKind, reader: Reader) -> list[str]:
    """The guardians, or the schools, on the files of the children, each once."""
    if kind is PayeeKind.GUARDIAN:
        names = [reader.guardian(child).name for child in children]
    else:
        names = [reader.name(child).school_name for child in children]
    return list({fold_name(name): name for name in names if name}.values())


def find_on_file(
    children: Iterable[Child], kind: PayeeKind, name: str, reader: Reader
) -> tuple[str | None, list[str]]:
    """The payee as a file of the children names it, or None; and all names on the files. ``name``
    may be empty where there is one only.
    """
    known = payees_on_file(children, kind, reader)
    same = [each for each in known if not name or fold_name(each) == fold_name(name)]
    return (same[0] if len(same) == 1 else None), known


def is_payee_on_file(request: DisbursementRequest, reader: Reader) -> bool:
    """Whether the payee is a guardian or school on the files now, a vendor of the register as it is
    now, or is somebody else by intent.
    """
    if request.payee_kind is PayeeKind.OTHER:
        return True
    if request.payee_kind is PayeeKind.VENDOR:
        return is_vendor_as_now(request)
    name = payee_name_of(request, reader)
    return find_on_file(children_of(request), request.payee_kind, name, reader)[0] is not None
