"""What the kernel itself gives to the report: the partnership, its relevant agencies, its clocks."""

from __future__ import annotations

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Partnership
from shield.kernel.clocks import queries as clocks
from shield.kernel.documents.rules import blocks as b
from shield.kernel.reporting import rules
from shield.kernel.reporting.rules import About, Counted, Period, Proof, Section


@rules.once
def _relevant(period: Period, reader: Actor) -> list[Agency]:
    return list(accounts.relevant_agencies(reader.partnership_id, period.starts_on, period.ends_on))


@rules.figure(
    "accounts.relevant_agencies", label="Relevant agencies", unit="agencies", about=About.ORGANISATIONS,
    definition="Agencies that were relevant agencies of the partnership at any time of the reporting year.",
)  # fmt: skip
def relevant_agencies(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the relevant agencies of the year."""
    refs = tuple(row.ref for row in _relevant(period, reader))
    return Counted(len(refs), refs)


@rules.figure(
    "clocks.met_in_time", label="Statutory duties met in time", unit="duties", about=About.RECORDS,
    definition="Of the clocks that fell due or were met within the period, as they stood on its as-at day: those met on or "
    "before their date, of all that were met or were late.",
)  # fmt: skip
def met_in_time(period: Period, reader: Actor, argument: str) -> Counted:
    """Count duties met in time."""
    known, in_time = clocks.compliance(reader, period.starts_on, period.ends_on, period.as_at)
    if not known:
        return Counted(None, note="No clock fell due or was met in this period.")
    return Counted(in_time, tuple(row.ref for row in known), denominator=len(known))


def section(period: Period, reader: Actor) -> Section:
    """The partnership: vision, values, ambitions; the relevant agencies."""
    partnership = Partnership.objects.get(pk=reader.partnership_id)
    agencies = _relevant(period, reader)
    leads = list(accounts.lead_partners(reader.partnership_id))
    profile: list[b.Block] = []
    if partnership.vision:
        profile += [b.Heading(3, "Vision"), b.Paragraph(b.runs(partnership.vision), "lead")]
    if partnership.ambitions:
        profile += [b.Heading(3, "Ambitions"), b.Bullets(b.items(*partnership.ambitions))]
    if partnership.values:
        profile += [b.Paragraph(b.runs("Values: ", b.Text(", ".join(partnership.values), strong=True), "."))]
    table = b.Table(
        "Relevant agencies of the year",
        (b.Column("Agency", share=3, row_header=True), b.Column("Sector", share=2)),
        tuple(b.row(agency.name, agency.get_sector_display()) for agency in agencies),
    )
    leading = ", ".join(f"{a.called} ({a.get_lead_partner_display().lower()})" for a in leads)
    who: list[b.Block] = [b.Paragraph(b.runs(f"The safeguarding partners are {leading}."))] if leads else []
    return Section(
        "partnership",
        "The partnership",
        figures=(rules.compute("accounts.relevant_agencies", period, reader),),
        proofs=(Proof("done", "The relevant agencies of the year are on record"),) if agencies else (),
        groups=(
            Section("profile", "Vision and ambitions", content=tuple(profile)),
            Section(
                "agencies",
                "Safeguarding partners and relevant agencies",
                content=(*who, *([table] if agencies else ())),
            ),
        ),
    )
