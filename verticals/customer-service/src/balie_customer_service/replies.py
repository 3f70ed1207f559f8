"""What this desk says, per language: a template for each result, each broken rule, each question.

A template sees the fields of its result (:mod:`balie_customer_service.results`) or the facts of its
error (:mod:`balie_customer_service.services.errors`), and states nothing that is not among them.
"""

_ITEMS = "{% for i in items %}{{ '' if loop.first else ', ' }}{{ i.quantity }} × {{ i.name }}{% endfor %}"
_METHODS = (
    "{{ {'ideal': 'your bank account', 'card': 'your card', 'paypal': 'your PayPal account', "
    "'bank_transfer': 'your bank account'}[method] }}"
)
_SLOTS = (
    "{% if alternatives %} Free next: {{ alternatives | map('moment') | list | listed('or') }}.{% endif %}"
)

REPLIES: dict[str, dict[str, str]] = {
    "en": {
        "greeting": "Hello, this is the service desk of Harbour & Home. What can I do for you?",
        "help": "I can look up orders, parcels and refunds, cancel an order or change its address, start a return, "
        "open tickets, plan a call, check your devices and answer questions. Or ask for a person.",
        "out_of_scope": "I can't help with that here. I can with orders, deliveries, returns, refunds, tickets, "
        "calls, your account and your devices.",
        "identify": "I can tell you once I know who you are. "
        "Please give me an order number and the e-mail address that you ordered with.",
        # --- results
        "customer_details": "{{ 'You are' if mine else customer ~ ' is' }} {{ name }}, {{ tier }} customer"
        "{% if mine %} {{ customer }}{% endif %}: {{ email }}, {{ phone or 'no phone number' }}, {{ address }}.",
        "order_list": "{% if not orders %}{{ 'You have' if mine else customer ~ ' has' }} no orders with us."
        "{% else %}{{ 'Your' if mine else customer ~ ', the' }} latest orders:"
        "{% for o in orders %}\n{{ o.number }} of {{ o.placed_on | date }}, "
        "{{ o.first_item }}{% if o.more_items %} and {{ o.more_items }} more{% endif %}, "
        "{{ o.total | money }}, {{ o.status | replace('_', ' ') }}.{% endfor %}{% endif %}",
        "order_details": "Order {{ order }} "
        "{% if status == 'pending_payment' %}is waiting for your payment."
        "{% elif status == 'paid' %}is paid and not shipped yet."
        "{% elif status == 'packed' %}is packed and about to be shipped."
        "{% elif status == 'shipped' %}is on its way with {{ carrier }}, tracking number {{ tracking }}."
        "{% elif status == 'delivered' %}was delivered on {{ delivered_on | day }}."
        "{% elif status == 'cancelled' %}was cancelled on {{ cancelled_on | day }}."
        "{% else %}was delivered on {{ delivered_on | day }} and returned.{% endif %}"
        "{% if due and status in ('paid', 'packed', 'shipped') %}"
        "{% if overdue %} It was due on {{ due | day }}, so it is late."
        "{% else %} It is due on {{ due | day }}.{% endif %}{% endif %}"
        " It contains " + _ITEMS + "; {{ total | money }} in total.",
        "shipment_tracked": "{% if not tracking %}Order {{ order }} has no parcel yet: "
        "{% if order_status == 'cancelled' %}it was cancelled.{% elif order_status == 'pending_payment' %}"
        "it is waiting for your payment.{% else %}it has not been shipped"
        "{% if due %}; it is due on {{ due | day }}{% endif %}.{% endif %}"
        "{% else %}The parcel of order {{ order }} travels with {{ carrier }}, tracking number {{ tracking }}. "
        "{% if delivered_on %}It was delivered on {{ delivered_on | day }}."
        "{% elif due %}It is due on {{ due | day }}.{% endif %}"
        "{% if scans %} Last scan: {{ scans[0].text }}, {{ scans[0].place }}, {{ scans[0].at | moment }}.{% endif %}"
        "{% endif %}",
        "order_cancelled": "Order {{ order }} is cancelled."
        "{% if refund %} {{ refund | money }} goes back to " + _METHODS + ".{% endif %}",
        "address_changed": "Order {{ order }} now goes to {{ street }}, {{ postcode }} {{ city }}.",
        "return_started": "Your return label is {{ label }}. Send back "
        + _ITEMS
        + " by {{ send_by | day }}; "
        "the label is in your mail. {% if exchange %}We send the same again once it has arrived."
        "{% else %}You get {{ amount | money }} back once it has arrived.{% endif %}",
        "refund_status": "{% if not refunds %}No refund is booked for order {{ order }}."
        "{% else %}{% for r in refunds %}{% set method = r.method %}{% if not loop.first %} {% endif %}"
        "{% if r.status == 'paid' %}The refund of {{ r.amount | money }} for order {{ order }} was paid to "
        + _METHODS
        + " on {{ r.booked_on | day }}."
        "{% elif r.status == 'approved' %}The refund of {{ r.amount | money }} for order {{ order }} is approved "
        "and goes to " + _METHODS + ". It is not paid yet."
        "{% else %}A refund of {{ r.amount | money }} for order {{ order }} was announced on "
        "{{ r.announced_on | day }}; it follows when the goods have arrived.{% endif %}{% endfor %}{% endif %}",
        "ticket_created": "Ticket {{ ticket }} is open: “{{ subject }}”. Priority {{ priority }}; "
        "a colleague answers by {{ answer_by | moment }}.",
        "ticket_details": "Ticket {{ ticket }}, “{{ subject }}”, of {{ opened_on | day }} is "
        "{% if status == 'waiting' %}waiting for your answer{% else %}{{ status }}{% endif %}."
        "{% if last_answer %} Last answer, on {{ last_answer_on | day }}: “{{ last_answer }}”"
        "{% elif status == 'open' %} A colleague answers by {{ answer_by | moment }}.{% endif %}",
        "callback_scheduled": "We call you on {{ start | moment }}, at the number ending in {{ phone_ending }}"
        "{% if about %}, about: {{ about }}{% endif %}.",
        "password_reset_sent": "If that address has an account, a link for a new password is on its way to it. "
        "It works once, for {{ minutes }} minutes.",
        "knowledge_answer": "{% if title %}{{ quote }}\n(from “{{ title }}”, {{ link }})"
        "{% else %}I have found nothing about that in our knowledge base, so I'd rather not guess. "
        "I can open a ticket for you, or bring in a person.{% endif %}",
        "diagnostics_report": "{% if is_service %}{{ name }} is "
        "{% if state == 'operational' %}up and running{% elif state == 'maintenance' %}under planned maintenance"
        "{% elif state == 'outage' %}down{% else %}degraded{% endif %}"
        "{% if state != 'operational' and since %} since {{ since | moment }}{% endif %}."
        "{% elif not findings %}{{ name }} ({{ device }}) is fine: nothing to report."
        "{% elif state == 'healthy' %}{{ name }} ({{ device }}) works."
        "{% else %}{{ name }} ({{ device }}) needs attention.{% endif %}"
        "{% for f in findings %}\n{{ f.text }} {{ f.advice }}{% endfor %}",
        "incident_created": "Incident {{ incident }} is on file for {{ name }}, severity {{ severity }}. "
        "Technical support looks into it.",
        "incident_details": "Incident {{ incident }} about {{ name }}, reported on {{ reported_on | day }}, severity "
        "{{ severity }}, is {% if status == 'investigating' %}being investigated{% else %}{{ status }}{% endif %}"
        "{% if ticket %}; it belongs to ticket {{ ticket }}{% endif %}.",
        "incident_linked": "Incident {{ incident }} and ticket {{ ticket }} belong together now.",
        # --- what is asked before something is changed
        "confirm_cancel_order": "Cancel order {{ order }} (" + _ITEMS + ", {{ total | money }})?"
        "{% if not paid %} It is not paid yet.{% endif %}",
        "confirm_change_address": "Send order {{ order }} to {{ street }}, {{ postcode }} {{ city }}?",
        "confirm_start_return": "{{ 'Exchange' if exchange else 'Return' }} "
        + _ITEMS
        + " of order {{ order }}"
        "{% if not exchange %} for {{ amount | money }}{% endif %}, because “{{ reason }}”?",
        "confirm_create_ticket": "{% if danger %}Please cut the power first, if you can do so safely, and keep away "
        "from the device. {% endif %}Open a ticket “{{ subject }}”"
        "{% if order %} about order {{ order }}{% endif %}, priority {{ ticket_priority }}?",
        "confirm_schedule_callback": "Call you on {{ start | moment }}, at the number ending in {{ phone_ending }}"
        "{% if about %}, about: {{ about }}{% endif %}?",
        "confirm_reset_password": "Send a link for a new password to {{ email }}?",
        "confirm_create_incident": "Report an incident about {{ name }}, severity {{ severity }}: “{{ description }}”?",
        "confirm_link_incident": "Link incident {{ incident }} ({{ name }}) to ticket {{ ticket }}?",
        # --- what is asked for
        "ask_customer": "Which customer is it{% if options %}: {{ options | listed('or') }}?{% else %}? "
        "A number, name or e-mail address will do.{% endif %}",
        "ask_order": "Which order is it{% if options %}: {{ options | listed('or') }}?{% else %}? "
        "The number has five digits.{% endif %}",
        "ask_product": "Which product{% if options %}: {{ options | listed('or') }}{% endif %}?",
        "ask_address": "What is the new address? Street and number, postcode and city, please.",
        "ask_kind": "Do you want your money back, or the same product again?",
        "ask_reason": "Why do you want to send it back?",
        "ask_description": "What is the problem? Please tell me in a sentence or two.",
        "ask_ticket": "Which ticket is it{% if options %}: {{ options | listed('or') }}{% endif %}?",
        "ask_incident": "Which incident is it{% if options %}: {{ options | listed('or') }}{% endif %}?",
        "ask_device": "Which device or service is it{% if options %}: {{ options | listed('or') }}?{% else %}? "
        "The serial number is on its back and begins with HB.{% endif %}",
        "ask_when": "When may we call you{% if options %}: {{ options | listed('or') }}{% endif %}?",
        "ask_about": "What is it about?",
        "ask_email": "Which e-mail address is the account under?",
        "ask_question": "What would you like to know?",
        "ask_severity": "How bad is it: low, medium, high or critical?",
        # --- rules that forbid it
        "error_no_such_customer": "I can't find a customer {{ query }}.",
        "error_no_such_order": "I can't find an order {{ number }} of yours.",
        "error_no_such_product": "I can't find that product in {{ 'order ' ~ number if number else 'our shop' }}.",
        "error_no_such_ticket": "I can't find a ticket {{ number }} of yours.",
        "error_no_such_return": "I can't find a return {{ label }} of yours.",
        "error_no_such_device": "I can't find a device {{ serial }} that is registered to you.",
        "error_no_such_service": "We have no service called {{ service }}.",
        "error_no_such_incident": "I can't find an incident {{ number }} of yours.",
        "error_no_such_article": "I can't find an article {{ slug }}.",
        "error_no_such_callback": "I can't find a call planned on {{ start | moment }}.",
        "error_order_empty": "An order needs at least one product.",
        "error_return_in_wrong_state": "That can't be done: return {{ label }} is {{ status }}.",
        "error_reset_link_invalid": "That link can't be used any more. I can send a new one.",
        "error_order_already_shipped": "Order {{ number }} was shipped on {{ shipped_on | day }}, so it can no longer "
        "be cancelled or sent elsewhere. "
        "{% if delivered_on %}It was delivered on {{ delivered_on | day }}; you can still return it."
        "{% else %}Once it is there you can return it.{% endif %}",
        "error_order_already_cancelled": "Order {{ number }} was cancelled on {{ cancelled_on | day }} already.",
        "error_order_in_wrong_state": "That can't be done: order {{ number }} is {{ status | replace('_', ' ') }}.",
        "error_address_incomplete": "The address is not complete; I need "
        "{{ missing | map('replace', '_', ' ') | list | listed }}. Please give me all of it: "
        "street and number, postcode and city.",
        "error_address_abroad": "Order {{ number }} stays in the country that it was ordered to. "
        "You can cancel it and order again to the other address.",
        "error_order_not_delivered": "Order {{ number }} has not been delivered yet, so it can't be returned. "
        "{% if status in ('pending_payment', 'paid', 'packed') %}It can still be cancelled.{% endif %}",
        "error_return_window_over": "Order {{ number }} was delivered on {{ delivered_on | day }} and could be returned "
        "until {{ until | day }}. If it is broken, the warranty may help: I can open a ticket for you.",
        "error_not_returnable": "{{ product }} can't be returned.",
        "error_already_returned": "{{ product }} of order {{ number }} is on its way back already"
        "{% if label %}, with label {{ label }}{% endif %}.",
        "error_ticket_closed": "Ticket {{ number }} was closed on {{ closed_on | day }}. I can open a new one.",
        "error_text_missing": "I need a {{ field }} for that.",
        "error_slot_in_past": "That time is over." + _SLOTS,
        "error_slot_too_far": "We plan calls until {{ until | day }} only." + _SLOTS,
        "error_holiday": "We are closed that day, for {{ holiday }}." + _SLOTS,
        "error_outside_hours": "We call on weekdays from {{ opens | time }} to {{ closes | time }}, "
        "on the hour and the half hour." + _SLOTS,
        "error_slot_taken": "That time is fully booked." + _SLOTS,
        "error_callback_already_planned": "We are calling you then already, on {{ start | moment }}.",
        "error_phone_missing": "We have no telephone number of yours to call. "
        "Please add one to your account, or ask for a person.",
        "error_reset_too_often": "Too many links were asked for. Please try again in {{ minutes }} minutes.",
        "error_incident_already_linked": "Incident {{ number }} belongs to ticket {{ ticket }} already.",
        "error_incident_resolved": "Incident {{ number }} was resolved on {{ resolved_on | day }}.",
        "error_unauthenticated": "I can tell you once I know who you are. "
        "Please give me an order number and the e-mail address that you ordered with.",
        # --- what this desk can do, as the end of "I can help you to …"
        "do_lookup_customer": "see your details",
        "do_list_orders": "see your orders",
        "do_lookup_order": "see how far an order is",
        "do_track_shipment": "follow a parcel",
        "do_cancel_order": "cancel an order",
        "do_change_address": "change a delivery address",
        "do_start_return": "return or exchange something",
        "do_refund_status": "follow a refund",
        "do_create_ticket": "report a problem",
        "do_ticket_status": "follow a ticket",
        "do_schedule_callback": "be called back",
        "do_reset_password": "get a new password",
        "do_search_knowledge": "find an answer in our knowledge base",
        "do_run_diagnostics": "check a device or a service",
        "do_create_incident": "report a technical incident",
        "do_incident_status": "follow an incident",
        "do_link_incident": "link an incident to a ticket",
    }
}
