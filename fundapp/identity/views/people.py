"""The people who may sign in, and adding one, for administrators."""

from flask import render_template, request

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.identity import operations, queries
from fundapp.identity.forms import (
    ROLE_HINTS,
    UserForm,
)
from fundapp.identity.models import User
from fundapp.identity.views.blueprint import blueprint
from fundapp.identity.views.deliveries import invited, set_delivery_choices
from fundapp.identity.views.roles import district_choices
from fundapp.paging import page_of
from fundapp.web.forms import Answer, submit

PAGE = 50


@blueprint.get("/users")
@requires(Permission.USER_MANAGE)
def users() -> str:
    """Everybody who may sign in, or is disabled; or auditors whose access ends soon."""
    ending = clock.today() if request.args.get("ending") else None
    after = request.args.get("after")
    rows = queries.list_users(after=after, limit=PAGE + 1, ending_from=ending)
    page = page_of(rows, PAGE, lambda user: user.public_id)
    return render_template("identity/users.html", page=page, today=clock.today())


@blueprint.get("/users/new")
@requires(Permission.USER_MANAGE)
def new_user() -> str:
    """The form for a new person."""
    return _new_user_page(_user_form())


@blueprint.post("/users")
@requires(Permission.USER_MANAGE)
@fresh_factor
def create_user() -> Answer:
    """Add a person and invite them."""
    form, actor = _user_form(), current_actor()

    def work() -> tuple[User, str]:
        user = operations.create_user(
            form.email.value,
            name=form.name.data,
            roles=[form.role.value],
            districts=form.districts.data or (),
            until=form.until.data,
            actor=actor,
        )
        code = operations.invite(user.public_id, delivery=form.delivery.value, actor=actor)
        return user, code

    return submit(
        form,
        work,
        done=lambda made: invited(*made, form.delivery.value),
        page=lambda: _new_user_page(form),
    )


def _new_user_page(form: UserForm) -> str:
    return render_template("identity/user_form.html", form=form, hints=ROLE_HINTS)


def _user_form() -> UserForm:
    form = UserForm()
    form.districts.choices = district_choices()
    set_delivery_choices(form)
    return form
