"""What the settings of production promise where those of the suite are easier."""

from shield.kernel.accounts import services
from shield.project.settings import base
from tests.cast import TODAY


def test_a_password_is_kept_by_argon2(actor, settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS  # the suite itself keeps them quicker and worse
    ana = services.add_person(
        by=actor("business_manager"), name="Ana", email="ana@example.invalid", today=TODAY,
        role="practitioner", password="a long phrase",
    )  # fmt: skip
    assert ana.user.password.startswith("argon2$argon2id$")
    assert ana.user.check_password("a long phrase")
