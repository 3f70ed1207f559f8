"""What the two agents of this desk can do: a thin typed skin over the services.

Rules are in the services and in ``policy.md``; a tool only turns rows into facts.
"""

from typing import Annotated
from zoneinfo import ZoneInfo

from balie.agent import Agent, Effect, Resolve, Role, Team, ToolContext, Written, tool
from msgspec import Meta

from balie_customer_service import replies, resolvers, results
from balie_customer_service.facts import (
    address_line,
    device_name,
    email_hint,
    items_of,
    local,
    order_details,
    own,
    phone_ending,
    severity_of,
)
from balie_customer_service.knowledge_search import find_answer
from balie_customer_service.models import OrderStatus, ReturnKind, Severity, TicketEventKind
from balie_customer_service.services import (
    accounts,
    callbacks,
    devices,
    incidents,
    orders,
    returns,
    tickets,
)
from balie_customer_service.services.errors import AddressIncomplete

EVERYBODY = {Role.CUSTOMER, Role.STAFF, Role.ADMIN}
LIST_LENGTH = 5

Customer = Annotated[
    str, Resolve(resolvers.customer, ask="ask_customer"), Meta(description="customer number, C-1001")
]
Order = Annotated[
    str, Resolve(resolvers.order, ask="ask_order"), Meta(description="order number, five digits")
]
NamedOrder = Annotated[
    str,
    Resolve(resolvers.order_if_named, ask="ask_order"),
    Meta(description="order number, if it is about one"),
]
Product = Annotated[
    str, Resolve(resolvers.product, ask="ask_product"), Meta(description="SKU; empty for all of it")
]
Address = Annotated[
    str,
    Resolve(resolvers.address, ask="ask_address"),
    Meta(description="street and number, postcode city", min_length=5, max_length=200),
]
Kind = Annotated[ReturnKind, Resolve(resolvers.kind, ask="ask_kind")]
Reason = Annotated[
    str, Resolve(resolvers.reason, ask="ask_reason", text=True), Meta(min_length=1, max_length=500)
]
Description = Annotated[
    str, Resolve(resolvers.description, ask="ask_description", text=True), Meta(min_length=1, max_length=4000)
]
Subject = Annotated[
    str,
    Written("a subject line for this ticket, at most eight words", source="description", limit=80),
    Meta(max_length=80),
]
Ticket = Annotated[
    str, Resolve(resolvers.ticket, ask="ask_ticket"), Meta(description="ticket number, T-20001")
]
Incident = Annotated[
    str, Resolve(resolvers.incident, ask="ask_incident"), Meta(description="incident number, I-3001")
]
Device = Annotated[
    str,
    Resolve(resolvers.device, ask="ask_device"),
    Meta(description="serial number, HB-4F21-0093, or a service"),
]
When = Annotated[
    str, Resolve(resolvers.when, ask="ask_when"), Meta(description="start, RFC 3339 with a time zone")
]
About = Annotated[str, Resolve(resolvers.about, ask="ask_about", text=True), Meta(max_length=500)]
Email = Annotated[str, Resolve(resolvers.email, ask="ask_email"), Meta(max_length=200, pattern="@")]
Question = Annotated[
    str, Resolve(resolvers.question, ask="ask_question", text=True), Meta(min_length=2, max_length=1000)
]
SeverityOf = Annotated[Severity, Resolve(resolvers.severity, ask="ask_severity")]


@tool(effect=Effect.READ, roles=EVERYBODY, personal=True)
async def lookup_customer(ctx: ToolContext, customer: Customer) -> results.CustomerDetails:
    """Show what is on file about a customer: name, e-mail, phone, address, tier."""
    person = await accounts.get_customer(ctx.session, customer, customer=own(ctx))
    return results.CustomerDetails(
        customer=person.number,
        name=person.name,
        # A customer needs to know which address and number it is; who reads along does not (CS-14).
        email=person.email if ctx.caller.is_staff else email_hint(person.email),
        phone=person.phone
        if ctx.caller.is_staff
        else f"…{phone_ending(person.phone)}"
        if person.phone
        else None,
        address=address_line(person),
        tier=person.tier,
        mine=not ctx.caller.is_staff,
    )


@tool(effect=Effect.READ, roles=EVERYBODY, personal=True)
async def list_orders(ctx: ToolContext, customer: Customer) -> results.OrderList:
    """List a customer's latest orders."""
    await accounts.get_customer(ctx.session, customer, customer=own(ctx))
    found = await orders.list_orders(ctx.session, customer=customer, limit=LIST_LENGTH)
    return results.OrderList(
        customer=customer,
        orders=[
            results.OrderLineSummary(
                number=each.number,
                status=each.status,
                first_item=each.lines[0].product.name,
                more_items=len(each.lines) - 1,
                total=each.total,
                placed_on=local(ctx, each.placed_at).date(),
            )
            for each in found
        ],
        count=await orders.count_orders(ctx.session, customer=customer),
        mine=not ctx.caller.is_staff,
    )


@tool(effect=Effect.READ, roles=EVERYBODY, personal=True)
async def lookup_order(ctx: ToolContext, order: Order) -> results.OrderDetails:
    """Show an order: its status, when it comes, what is in it."""
    return order_details(ctx, await orders.get_order(ctx.session, order, customer=own(ctx)))


@tool(effect=Effect.READ, roles=EVERYBODY, personal=True)
async def track_shipment(ctx: ToolContext, order: Order) -> results.ShipmentTracked:
    """Show where an order's parcel is: carrier, tracking number, last scans."""
    found = await orders.get_order(ctx.session, order, customer=own(ctx))
    parcel = found.shipment
    if parcel is None:
        return results.ShipmentTracked(order=order, order_status=found.status, due=found.due_date)
    return results.ShipmentTracked(
        order=order,
        order_status=found.status,
        status=parcel.status,
        carrier=parcel.carrier,
        tracking=parcel.tracking_number,
        due=found.due_date,
        delivered_on=local(ctx, found.delivered_at).date() if found.delivered_at else None,
        scans=[results.Scan(local(ctx, e.at), e.place, e.text) for e in reversed(parcel.events)][:3],
    )


@tool(effect=Effect.DESTRUCTIVE, roles=EVERYBODY, personal=True)
async def cancel_order(ctx: ToolContext, order: Order) -> results.OrderCancelled:
    """Cancel an order that has not been shipped yet.

    Rule CS-1.
    """
    done = await orders.cancel_order(ctx.session, order, customer=own(ctx), now=ctx.now)
    refund = done.refund
    return results.OrderCancelled(
        order=order, refund=refund.amount if refund else None, method=refund.method if refund else None
    )


@cancel_order.preview
async def _(ctx: ToolContext, order: str) -> results.CancelPreview:
    found = await orders.cancellable(ctx.session, order, customer=own(ctx))
    return results.CancelPreview(
        items_of(found.lines), found.total, found.status is not OrderStatus.PENDING_PAYMENT
    )


@tool(effect=Effect.WRITE, roles=EVERYBODY, personal=True)
async def change_address(ctx: ToolContext, order: Order, address: Address) -> results.AddressChanged:
    """Send an order that has not been shipped yet to another address.

    Rule CS-2.
    """
    goal = await _goal(ctx, order, address)
    changed = await orders.change_address(ctx.session, order, goal, customer=own(ctx), now=ctx.now)
    return results.AddressChanged(
        order=order, street=changed.street, postcode=changed.postcode, city=changed.city
    )


@change_address.preview
async def _(ctx: ToolContext, order: str, address: str) -> results.AddressPreview:
    await orders.redirectable(ctx.session, order, customer=own(ctx))
    goal = await _goal(ctx, order, address)
    await orders.redirectable(ctx.session, order, goal, customer=own(ctx))
    return results.AddressPreview(goal.street, goal.postcode, goal.city)


async def _goal(ctx: ToolContext, order: str, address: str) -> orders.Address:
    """The parts of an address; without a country it is in the one that the order goes to (CS-2)."""
    parts = resolvers.parse_address(address)
    if parts is None:
        raise AddressIncomplete(["street", "postcode", "city"])
    known = await orders.get_order(ctx.session, order, customer=own(ctx))
    return orders.complete(
        orders.Address(
            parts.street, parts.postcode, parts.city, parts.country or known.country, known.recipient
        )
    )


@tool(effect=Effect.WRITE, roles=EVERYBODY, personal=True)
async def start_return(
    ctx: ToolContext, order: Order, reason: Reason, product: Product = "", kind: Kind = ReturnKind.RETURN
) -> results.ReturnStarted:
    """Return or exchange what was delivered: gives a label to send it back with.

    Rule CS-3.
    """
    skus = [product] if product else []
    possible = await returns.returnable(ctx.session, order, skus=skus, customer=own(ctx), now=ctx.now)
    started = await returns.start_return(
        ctx.session, order, kind=kind, reason=reason, skus=skus, customer=own(ctx), now=ctx.now
    )
    return results.ReturnStarted(
        order=order,
        label=started.label,
        items=items_of(possible.lines),
        amount=possible.amount,
        send_by=started.send_by,
        exchange=kind is ReturnKind.EXCHANGE,
    )


@start_return.preview
async def _(
    ctx: ToolContext, order: str, reason: str, product: str = "", kind: ReturnKind = ReturnKind.RETURN
) -> results.ReturnPreview:
    skus = [product] if product else []
    possible = await returns.returnable(ctx.session, order, skus=skus, customer=own(ctx), now=ctx.now)
    return results.ReturnPreview(
        items_of(possible.lines), possible.amount, possible.until, kind is ReturnKind.EXCHANGE
    )


@tool(effect=Effect.READ, roles=EVERYBODY, personal=True)
async def refund_status(ctx: ToolContext, order: Order) -> results.RefundStatus:
    """Show the refund of an order: how much, how, and whether it is booked.

    Rule CS-4.
    """
    found = await returns.refunds_of(ctx.session, order, customer=own(ctx))
    return results.RefundStatus(
        order=order,
        refunds=[
            results.RefundLine(
                amount=each.amount,
                status=each.status,
                method=each.method,
                announced_on=local(ctx, each.announced_at).date(),
                booked_on=local(ctx, each.booked_at).date() if each.booked_at else None,
            )
            for each in found
        ],
    )


@tool(effect=Effect.WRITE, roles=EVERYBODY, personal=True)
async def create_ticket(
    ctx: ToolContext, customer: Customer, description: Description, subject: Subject, order: NamedOrder = ""
) -> results.TicketCreated:
    """Open a ticket about a problem, for a colleague to look into.

    Rule CS-5.
    """
    await accounts.get_customer(ctx.session, customer, customer=own(ctx))
    made = await tickets.create_ticket(
        ctx.session,
        customer=customer,
        subject=subject,
        description=description,
        danger=severity_of(description) is Severity.CRITICAL,
        order=order or None,
        now=ctx.now,
    )
    return results.TicketCreated(
        ticket=made.number, subject=made.subject, priority=made.priority, answer_by=made.due_at
    )


@create_ticket.preview
async def _(
    ctx: ToolContext, customer: str, description: str, subject: str, order: str = ""
) -> results.TicketPreview:
    person = await accounts.get_customer(ctx.session, customer, customer=own(ctx))
    if order:
        await orders.get_order(ctx.session, order, customer=customer)
    danger = severity_of(description) is Severity.CRITICAL
    return results.TicketPreview(tickets.priority_for(person.tier, danger=danger), danger)


@tool(effect=Effect.READ, roles=EVERYBODY, personal=True)
async def ticket_status(ctx: ToolContext, ticket: Ticket) -> results.TicketDetails:
    """Show how far a ticket is and the last answer to it."""
    found = await tickets.get_ticket(ctx.session, ticket, customer=own(ctx))
    answers = [e for e in found.events if e.kind in (TicketEventKind.ANSWERED, TicketEventKind.SOLVED)]
    return results.TicketDetails(
        ticket=found.number,
        subject=found.subject,
        status=found.status,
        priority=found.priority,
        opened_on=local(ctx, found.created_at).date(),
        answer_by=found.due_at,
        last_answer=answers[-1].text if answers else None,
        last_answer_on=local(ctx, answers[-1].at).date() if answers else None,
    )


@tool(effect=Effect.WRITE, roles=EVERYBODY, personal=True)
async def schedule_callback(
    ctx: ToolContext, customer: Customer, when: When, about: About = ""
) -> results.CallbackScheduled:
    """Plan a call from a colleague, in opening hours.

    Rule CS-6.
    """
    person = await accounts.get_customer(ctx.session, customer, customer=own(ctx))
    planned = await callbacks.schedule_callback(
        ctx.session, resolvers.instant(when), about=about or "not said", customer=customer, now=ctx.now
    )
    return results.CallbackScheduled(
        customer=customer,
        start=planned.starts_at.astimezone(ZoneInfo(person.timezone)),
        about=about,
        phone_ending=phone_ending(planned.phone),
    )


@schedule_callback.preview
async def _(ctx: ToolContext, customer: str, when: str, about: str = "") -> results.SlotPreview:
    person = await accounts.get_customer(ctx.session, customer, customer=own(ctx))
    start = await callbacks.check_slot(ctx.session, resolvers.instant(when), customer=customer, now=ctx.now)
    number = callbacks.phone_number(person.phone, country=person.country)
    return results.SlotPreview(start.astimezone(ZoneInfo(person.timezone)), phone_ending(number))


@tool(effect=Effect.WRITE, roles=EVERYBODY)
async def reset_password(ctx: ToolContext, email: Email) -> results.PasswordResetSent:
    """Send a one-time link for a new password.

    Rule CS-7.
    """
    asked = await accounts.request_password_reset(ctx.session, email, now=ctx.now)
    return results.PasswordResetSent(asked.minutes)


@tool(effect=Effect.READ, roles=EVERYBODY)
async def search_knowledge(ctx: ToolContext, question: Question) -> results.KnowledgeAnswer:
    """Answer a general question from the knowledge base: policies, payment, delivery, how products work.

    Rule CS-15.
    """
    return await find_answer(ctx, question)


@tool(effect=Effect.READ, roles=EVERYBODY)
async def run_diagnostics(ctx: ToolContext, device: Device) -> results.DiagnosticsReport:
    """Check a registered device, or one of our services, for what is wrong with it.

    Rule CS-12.
    """
    if not resolvers.patterns.SERIAL.fullmatch(device):
        service, found = await devices.diagnose_service(ctx.session, device)
        return results.DiagnosticsReport(
            device=service.slug,
            name=service.name,
            is_service=True,
            state=service.status,
            since=service.since,
            findings=[results.FindingLine(f.severity, f.problem, f.advice, f.article) for f in found],
        )
    diagnosis = await devices.diagnose(ctx.session, device, customer=own(ctx), now=ctx.now)
    return results.DiagnosticsReport(
        device=diagnosis.device.serial,
        name=diagnosis.device.name,
        is_service=False,
        state="healthy" if diagnosis.healthy else "trouble",
        since=None,
        findings=[
            results.FindingLine(f.severity, f.problem, f.advice, f.article) for f in diagnosis.findings
        ],
    )


@tool(effect=Effect.WRITE, roles=EVERYBODY, personal=True)
async def create_incident(
    ctx: ToolContext, device: Device, description: Description, severity: SeverityOf = Severity.MEDIUM
) -> results.IncidentCreated:
    """Report a technical fault of a device or a service, with its severity.

    Rule CS-13.
    """
    serial = resolvers.patterns.SERIAL.fullmatch(device)
    made = await incidents.create_incident(
        ctx.session,
        description=description,
        severity=severity,
        device=device if serial else None,
        service=None if serial else device,
        customer=own(ctx),
        now=ctx.now,
    )
    return results.IncidentCreated(
        incident=made.number, device=device, name=device_name(made), severity=made.severity
    )


@create_incident.preview
async def _(
    ctx: ToolContext, device: str, description: str, severity: Severity = Severity.MEDIUM
) -> results.IncidentPreview:
    if resolvers.patterns.SERIAL.fullmatch(device):
        return results.IncidentPreview(
            (await devices.get_device(ctx.session, device, customer=own(ctx))).name
        )
    return results.IncidentPreview((await devices.get_service(ctx.session, device)).name)


@tool(effect=Effect.READ, roles=EVERYBODY, personal=True)
async def incident_status(ctx: ToolContext, incident: Incident) -> results.IncidentDetails:
    """Show how far a technical incident is."""
    found = await incidents.get_incident(ctx.session, incident, customer=own(ctx))
    return results.IncidentDetails(
        incident=found.number,
        name=device_name(found),
        severity=found.severity,
        status=found.status,
        reported_on=local(ctx, found.reported_at).date(),
        ticket=found.ticket.number if found.ticket else None,
    )


@tool(effect=Effect.WRITE, roles=EVERYBODY, personal=True)
async def link_incident(ctx: ToolContext, incident: Incident, ticket: Ticket) -> results.IncidentLinked:
    """Link an incident to a ticket, so that both are handled together.

    Rule CS-13.
    """
    await incidents.link_incident(ctx.session, incident, ticket, customer=own(ctx), now=ctx.now)
    return results.IncidentLinked(incident=incident, ticket=ticket)


@link_incident.preview
async def _(ctx: ToolContext, incident: str, ticket: str) -> results.IncidentPreview:
    return results.IncidentPreview(
        device_name(await incidents.linkable(ctx.session, incident, ticket, customer=own(ctx)))
    )


SERVICE = Agent(
    name="service",
    title="Customer service",
    description="Orders, deliveries, returns, refunds, tickets, callbacks and questions.",
    tools=(
        lookup_customer,
        list_orders,
        lookup_order,
        track_shipment,
        cancel_order,
        change_address,
        start_return,
        refund_status,
        create_ticket,
        ticket_status,
        schedule_callback,
        reset_password,
        search_knowledge,
    ),
)

TECHNICAL = Agent(
    name="technical",
    title="Technical support",
    description="Devices and services that do not work, and incidents about them.",
    tools=(run_diagnostics, search_knowledge, create_incident, incident_status, link_incident),
)

TEAM = Team(
    name="customer-service",
    agents=(SERVICE, TECHNICAL),
    replies=replies.REPLIES,
    identify=resolvers.identify,
    claims_identity=resolvers.patterns.EMAIL,
    mentions=resolvers.patterns.MENTIONS,
    shortcuts=(
        (resolvers.patterns.ORDER, "lookup_order"),
        (resolvers.patterns.FULL_TICKET, "ticket_status"),
        (resolvers.patterns.FULL_INCIDENT, "incident_status"),
        (resolvers.patterns.SERIAL, "run_diagnostics"),
    ),
)
