"""Partnerships, agencies, offices, people, roles, teams, sign-in."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from shield.kernel.accounts import permissions
from shield.kernel.accounts.rules import InvitationStatus, LeadPartner, LeavingStatus, Sector
from shield.kernel.records.models import KINDS, Record, RecordQuerySet, check_storable
from shield.kernel.records.rules import RecordRef, Retention, Searched, Sensitivity, new_id

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    """A partnership is seen by its own people only."""

    def visible_to(self, actor: Any) -> Self:
        """The actor's own partnership, if they may see its profile."""
        if not actor.may(permissions.VIEW_PROFILE):
            return self.none()
        return self.filter(pk=actor.partnership_id)


class Partnership(models.Model):
    """One safeguarding partnership: what it is, what it wants, which edition of the guidance it follows."""

    kind: ClassVar[str] = "accounts.partnership"
    url_name: ClassVar[str] = "profile"
    label: ClassVar[str] = "Partnership"
    searched: ClassVar[Searched | None] = Searched(by=("area", "vision", "values", "ambitions"))
    view_permission: ClassVar[Any] = permissions.VIEW_PROFILE
    retention: ClassVar[Retention] = Retention.PERMANENT
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "slug": _PUBLIC, "name": _PUBLIC, "short_name": _PUBLIC, "area": _PUBLIC,
        "vision": _PUBLIC, "values": _PUBLIC, "ambitions": _PUBLIC, "launched_on": _PUBLIC, "version": _INTERNAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    area = models.CharField(max_length=200, blank=True)
    vision = models.TextField(blank=True)
    values = models.JSONField(default=list, blank=True)
    ambitions = models.JSONField(default=list, blank=True)
    launched_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = PartnershipQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def heading(self) -> str:
        """What a page calls it."""
        return self.name

    @property
    def ref(self) -> RecordRef:
        """The stable pointer to it."""
        return RecordRef(self.kind, self.pk, self.name)

    def store(self) -> Self:
        """Check everything, count the version up, save."""
        check_storable(self)
        self.full_clean()
        self.version += 1
        self.save()
        return self


KINDS[Partnership.kind] = Partnership  # type: ignore[assignment]


class Organisation(models.Model):
    """A body that exists across partnerships, such as a police force or a hospital trust."""

    retention: ClassVar[Retention] = Retention.PERMANENT
    sensitivity: ClassVar[dict[str, Sensitivity]] = {"id": _INTERNAL, "name": _PUBLIC, "sector": _PUBLIC}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    sector = models.CharField(max_length=20, choices=Sector.choices)

    def __str__(self) -> str:
        return self.name


class Agency(Record):
    """An agency as it takes part in one partnership; a unit of it has a parent."""

    kind = "accounts.agency"
    url_name = "agency"
    label = "Agency"
    searched = Searched(by=("short_name", "note"))
    view_permission = permissions.VIEW_PROFILE
    reference_prefix = "AGY"
    retention = Retention.PERMANENT
    sensitivity = {
        "organisation": _PUBLIC, "name": _PUBLIC, "short_name": _PUBLIC, "sector": _PUBLIC, "lead_partner": _PUBLIC,
        "parent": _PUBLIC, "relevant_from": _PUBLIC, "relevant_to": _PUBLIC, "note": _INTERNAL,
        "sso_only": _INTERNAL,
    }  # fmt: skip

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    sector = models.CharField(max_length=20, choices=Sector.choices)
    lead_partner = models.CharField(max_length=20, choices=LeadPartner.choices, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="units", null=True, blank=True)
    relevant_from = models.DateField(null=True, blank=True)
    relevant_to = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    sso_only = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="agency_named_once")]

    @property
    def heading(self) -> str:
        """Its name."""
        return self.name

    @property
    def called(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class Office(Record):
    """An office that a person holds for a time, such as Director of Children's Services."""

    kind = "accounts.office"
    label = "Office"
    view_permission = permissions.VIEW_PROFILE
    reference_prefix = "OFF"
    retention = Retention.PERMANENT
    sensitivity = {"title": _PUBLIC, "agency": _PUBLIC}

    title = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["partnership", "title"], name="office_titled_once")]


class PersonQuerySet(models.QuerySet["Person"]):
    """People are seen from inside the partnership in which they hold or held a role or a post."""

    def visible_to(self, actor: Any) -> Self:
        """Everybody who ever had a part in the actor's partnership; for an agency's administrator, its own people."""
        here = {"partnership_id": actor.partnership_id, "person": models.OuterRef("pk")}
        if actor.may(permissions.VIEW_PEOPLE):
            return self.filter(
                models.Exists(RoleGrant.objects.filter(**here))
                | models.Exists(AgencyMembership.objects.filter(**here))
            )
        if actor.may(permissions.VIEW_OWN_PEOPLE):
            posts = AgencyMembership.objects.filter(agency_id__in=actor.agency_ids, **here)
            return self.filter(models.Exists(posts))
        return self.none()


class PersonalQuerySet(RecordQuerySet):
    """Records about people (`person`): seen with the person they are about."""

    def visible_to(self, actor: Any) -> Self:
        """All of the partnership, or those about the people of the actor's own agencies."""
        rows = super().visible_to(actor)
        if actor.may(permissions.VIEW_PEOPLE):
            return rows
        return rows.filter(person__in=Person.objects.visible_to(actor))


class Person(models.Model):
    """A person who works with one or more partnerships; may have no sign-in."""

    kind: ClassVar[str] = "accounts.person"
    url_name: ClassVar[str] = "person"
    label: ClassVar[str] = "Person"
    searched: ClassVar[Searched | None] = Searched()
    view_permission: ClassVar[Any] = permissions.VIEW_OWN_PEOPLE
    traced: ClassVar[bool] = True
    retention: ClassVar[Retention] = Retention.ACCOUNT
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL,
        "name": _PERSONAL,
        "is_invented": _INTERNAL,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    is_invented = models.BooleanField(default=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    @property
    def heading(self) -> str:
        """What a page calls this person."""
        return self.name

    @property
    def ref(self) -> RecordRef:
        """The stable pointer to this person."""
        return RecordRef(self.kind, self.pk, self.name)


KINDS[Person.kind] = Person  # type: ignore[assignment]


class UserManager(BaseUserManager["User"]):
    """Makes sign-ins; an address is kept in lower case."""

    def get_queryset(self) -> models.QuerySet[User]:
        """A sign-in always comes with its person: every page names them."""
        return super().get_queryset().select_related("person")

    def create_user(
        self, email: str, password: str | None, *, person: Person, is_staff: bool = False
    ) -> User:
        """A sign-in for a person; without a password nobody can sign in with it."""
        user = User(email=self.normalize_email(email).lower(), person=person, is_staff=is_staff)
        user.set_password(password)
        user.full_clean()
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Addresses compare without case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A sign-in. What it opens is decided by the person's roles, never by the sign-in itself."""

    retention: ClassVar[Retention] = Retention.ACCOUNT
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "email": _PERSONAL, "person": _PERSONAL, "password": _PERSONAL, "last_login": _PERSONAL,
        "is_active": _INTERNAL, "is_staff": _INTERNAL, "times_ended": _INTERNAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    times_ended = models.PositiveIntegerField(default=0)
    """How often all sessions were ended together; part of what each session is checked against."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session is checked against on every request: counting `times_ended` up ends them all at once."""
        value = f"{self.password}|{self.times_ended}"
        return salted_hmac("shield.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class SignIn(models.Model):
    """One session of a sign-in: on which device, since when. The session itself is Django's."""

    kind: ClassVar[str] = "accounts.sign_in"
    label: ClassVar[str] = "Session"
    view_permission: ClassVar[Any] = None
    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "user": _PERSONAL, "session_key": _PERSONAL, "fits": _INTERNAL, "device": _PERSONAL,
        "began_at": _PERSONAL, "seen_at": _PERSONAL, "ended_at": _INTERNAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40)
    fits = models.CharField(max_length=64)
    """What the session was checked against when last seen; another value now means that it is over."""
    device = models.CharField(max_length=120)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.device


class AgencyMembership(Record):
    """A person works for an agency in this partnership, from a day to a day."""

    kind = "accounts.agency_membership"
    label = "Agency membership"
    view_permission = permissions.VIEW_OWN_PEOPLE
    retention = Retention.ACCOUNT
    retention_from = "ends_on"
    sensitivity = {
        "person": _PERSONAL,
        "agency": _INTERNAL,
        "post": _INTERNAL,
        "starts_on": _INTERNAL,
        "ends_on": _INTERNAL,
    }

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    post = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()  # type: ignore[misc]

    @property
    def heading(self) -> str:
        """The post, or a plain word."""
        return self.post or "Member of an agency"


class RoleGrant(Record):
    """A person holds an access role in this partnership, from a day to a day."""

    kind = "accounts.role_grant"
    label = "Role"
    view_permission = permissions.VIEW_OWN_PEOPLE
    retention = Retention.ACCOUNT
    retention_from = "ends_on"
    sensitivity = {"person": _PERSONAL, "role": _INTERNAL, "starts_on": _INTERNAL, "ends_on": _INTERNAL}

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()  # type: ignore[misc]

    @property
    def heading(self) -> str:
        """The role's key; pages show its label."""
        return self.role


class InvitationQuerySet(RecordQuerySet):
    """Invitations: all of the partnership, or those into the actor's own agencies."""

    def visible_to(self, actor: Any) -> Self:
        """For an agency's administrator, their own agency's only."""
        rows = super().visible_to(actor)
        return rows if actor.may(permissions.MANAGE_PEOPLE) else rows.filter(agency_id__in=actor.agency_ids)


class Invitation(Record):
    """Somebody is asked by e-mail to take part, in an agency and with roles. Only a digest of the link is kept."""

    kind = "accounts.invitation"
    url_name = "invitations"
    label = "Invitation"
    view_permission = permissions.MANAGE_OWN_PEOPLE
    retention = Retention.ACCOUNT
    retention_from = "invited_at"
    sensitivity = {
        "email": _PERSONAL, "agency": _INTERNAL, "post": _INTERNAL, "roles": _INTERNAL, "status": _INTERNAL,
        "digest": _INTERNAL, "invited_at": _INTERNAL, "sent_at": _INTERNAL, "expires_at": _INTERNAL,
        "settled_at": _INTERNAL, "person": _PERSONAL,
    }  # fmt: skip

    email = models.EmailField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    post = models.CharField(max_length=200, blank=True)
    roles = models.JSONField(default=list)
    status = models.CharField(max_length=9, choices=InvitationStatus.choices, default=InvitationStatus.OPEN)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    invited_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()  # type: ignore[misc]

    @property
    def heading(self) -> str:
        """What the history calls it: never the address, which stands in the record."""
        return f"an invitation to {self.agency.name}" if self.agency else "an invitation to the partnership"


class Leaving(Record):
    """A person leaves the partnership after a last day; until it has been carried out it can be withdrawn."""

    kind = "accounts.leaving"
    label = "Leaving"
    view_permission = permissions.MANAGE_PEOPLE
    retention = Retention.ACCOUNT
    retention_from = "settled_at"
    sensitivity = {
        "person": _PERSONAL, "last_day": _INTERNAL, "hand_over_to": _PERSONAL, "reason": _PERSONAL,
        "ended": _INTERNAL, "status": _INTERNAL, "noted_at": _INTERNAL, "settled_at": _INTERNAL,
    }  # fmt: skip

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leavings")
    last_day = models.DateField()
    hand_over_to = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(max_length=300)
    ended = models.JSONField(default=list, blank=True)
    """The rows whose end this leaving set, so that withdrawing it opens these again and no others."""
    status = models.CharField(max_length=9, choices=LeavingStatus.choices, default=LeavingStatus.PLANNED)
    noted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "person"],
                condition=models.Q(status="planned"),
                name="leaving_planned_once",
            )
        ]

    @property
    def heading(self) -> str:
        """Who leaves."""
        return self.person.name


class Provenance(Record):
    """Which section of which source a record was taken from."""

    kind = "accounts.provenance"
    label = "Source of a record"
    view_permission = permissions.VIEW_PROFILE
    retention = Retention.PERMANENT
    sensitivity = {
        "record_kind": _INTERNAL,
        "record_id": _INTERNAL,
        "source": _PUBLIC,
        "section": _PUBLIC,
        "key": _INTERNAL,
    }

    record_kind = models.CharField(max_length=80)
    record_id = models.UUIDField(db_index=True)
    source = models.CharField(max_length=200)
    section = models.CharField(max_length=80)
    key = models.CharField(max_length=120, blank=True)
