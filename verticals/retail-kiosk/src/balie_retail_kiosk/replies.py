"""What this desk says, per language: a template for each result, each broken rule, each question.

A template sees the fields of its result (:mod:`balie_retail_kiosk.results`) or the facts of its error
(:mod:`balie_retail_kiosk.services.errors`), and states nothing that is not among them.
"""

from balie_retail_kiosk.replies_nl import DUTCH

_AISLE = "{% if l.aisle %}, aisle {{ l.aisle }}{% endif %}"
_HERE = "{% if l.available %}{{ l.available }} here" + _AISLE + "{% else %}not here now{% endif %}"
_LISTED = "{% for l in lines %}\n{{ l.name }}, {{ l.unit_price | money }}: " + _HERE + "{% endfor %}"
_CHOSEN = "{% if l.fits %} (the cheapest of {{ l.fits }} that fit){% endif %}"
_ITEMS = (
    "{% for l in lines %}{{ '' if loop.first else ', ' }}{{ l.quantity }} × {{ l.name }}"
    + _CHOSEN
    + "{% endfor %}"
)
_PRICED = (
    "{% for l in lines %}\n{{ l.quantity }} × {{ l.name }}" + _CHOSEN + ": {{ l.amount | money }}"
    "{% if l.discount %}, {{ l.discount | money }} off{% endif %}"
    "{% if l.promotions %} ({{ l.promotions | listed }}){% endif %}{% endfor %}"
    "\nTotal {{ total | money }}{% for v in vat %}{{ ', with ' if loop.first else ' and ' }}"
    "{{ v.amount | money }} VAT at {{ v.percent }}%{% endfor %}."
    "{% if saved %} You save {{ saved | money }}.{% endif %}"
)
_MISSING = (
    "{% for m in missing %}{{ 'We have nothing that fits ' if loop.first else ' or ' }}“{{ m }}”"
    "{{ '.\n\n' if loop.last }}{% endfor %}"
)
_REASON = (
    "{{ {'advice': 'advice', 'locked_cabinet': 'a locked cabinet', 'heavy_item': 'something heavy', "
    "'payment': 'paying', 'return': 'a return', 'kiosk_problem': 'a problem with the kiosk', 'other': 'help'}[%s] }}"
)
_STATE = (
    "{{ {'active': 'ready', 'collected': 'collected', 'cancelled': 'cancelled', 'expired': 'over', "
    "'waiting': 'waiting', 'taken': 'taken by a colleague', 'closed': 'closed', 'requested': 'not decided yet', "
    "'approved': 'approved', 'declined': 'declined'}[status] }}"
)

ENGLISH: dict[str, str] = {
    "greeting": "Hello, welcome to Harbour & Home. Scan a product, or tell me what you are looking for.",
    "help": "Scan a bar code, or ask me what we have and where it is, what things cost together, what goes with what, "
    "which offers there are and when we are open. I can make and print a quote, keep things back for you and call "
    "a colleague.",
    "out_of_scope": "I can't help with that here. I can with products, prices, stock, quotes, reservations and this "
    "shop, and I can call a colleague.",
    "replaced": "I put aside what I proposed before.",
    # A quote has many lines; they need not all be read again.
    "reminder": "{% if '\n' in summary %}What I proposed before still waits for your yes."
    "{% else %}This still waits for your yes: {{ summary }}{% endif %}",
    # --- results
    "product_stock": _MISSING + "{{ name }}, {{ unit_price | money }}: "
    "{% if available %}{{ available }} here{% if aisle %}, aisle {{ aisle }}, shelf {{ shelf }}{% endif %}."
    "{% else %}none here now.{% endif %}"
    "{% for i in incoming %} {{ i.quantity }} {{ 'more come' if available else 'come' }} on {{ i.expected_on | day }}."
    "{% endfor %}"
    "{% if elsewhere %} Other shops: {% for s in elsewhere %}{{ '' if loop.first else ', ' }}{{ s.shop_name }} "
    "{{ s.available }}{% endfor %}.{% elif not available %} No other shop has it.{% endif %}"
    "{% if stale %} Counted on {{ counted_at | moment }}.{% endif %}",
    "product_details": _MISSING + "{{ name }}, {{ unit_price | money }}. {{ description }}"
    "{% if features %}\n{% for f in features %}{{ '' if loop.first else ', ' }}{{ f.title }} {{ f.value }}{% endfor %}."
    "{% endif %}\n{% if available %}{{ available }} here{% if aisle %}, aisle {{ aisle }}{% endif %}"
    "{% else %}Not here now{% endif %}. {{ warranty_months }} months of warranty. {{ product }}, bar code {{ barcode }}.",
    "product_comparison": "{% for n in names %}{{ '' if loop.first else '\n' }}{{ n }}: "
    "{{ prices[loop.index0] | money }}, {% if stocks[loop.index0] %}{{ stocks[loop.index0] }} here"
    "{% else %}not here now{% endif %}.{% endfor %}"
    "{% for f in features %}\n{{ f.title }}: {% for v in f.values %}{{ '' if loop.first else ' | ' }}{{ v or '–' }}"
    "{% endfor %}{% endfor %}"
    "{% if alike %}\nThe same for all: {% for f in alike %}{{ '' if loop.first else ', ' }}{{ f.title }} "
    "{{ f.value }}{% endfor %}.{% endif %}",
    "products_found": "{% if not lines %}I have found nothing that fits “{{ searched }}”. "
    "Can you say it in other words, or with fewer?"
    "{% elif count > lines | length %}{{ count }} products fit “{{ searched }}”. These come first:"
    "{% else %}What fits “{{ searched }}”:{% endif %}" + _LISTED,
    "alternatives_found": _MISSING + "{% if not lines %}There is nothing near {{ name }} in stock here now. "
    "I can call a colleague for you.{% else %}In stock here instead of {{ name }}:{% for l in lines %}\n{{ l.name }}, "
    "{{ l.unit_price | money }}: {{ l.available }} here" + _AISLE + "{% if l.reasons %}; "
    "{{ l.reasons | listed }}{% endif %}{% endfor %}{% endif %}",
    "accessories_found": _MISSING + "{% if not lines %}I know of nothing that belongs to {{ name }}."
    "{% else %}With {{ name }} go:{% endif %}" + _LISTED,
    "promotions_shown": "{% if not lines %}There is no offer{% if names %} on {{ names | listed('or') }}{% endif %} now."
    "{% elif names %}Offers on {{ names | listed }}:"
    "{% elif count > lines | length %}{{ count }} offers are on now, some of them:{% else %}The offers now:{% endif %}"
    "{% for l in lines %}\n{{ l.title }}{% if l.members_only and 'member' not in l.title %} (members only){% endif %}"
    ", until {{ l.until | day }}"
    "{% endfor %}",
    "opening_times": "{% for d in days %}{{ '' if loop.first else '\n' }}"
    "{% if loop.first and open_now is not none %}{{ shop_name }} is {% if not d.opens %}closed today"
    "{% elif open_now %}open now, until {{ d.closes | time }}"
    "{% else %}closed now; today's hours are {{ d.opens | time }} to {{ d.closes | time }}{% endif %}"
    "{% else %}{% if loop.first %}{{ shop_name }}, {% endif %}{{ d.day | day }}: "
    "{% if d.opens %}{{ d.opens | time }} to {{ d.closes | time }}{% else %}closed{% endif %}{% endif %}"
    "{% if d.why %} ({{ d.why }}){% endif %}{{ '.' if loop.last or (loop.first and open_now is not none) }}{% endfor %}",
    "place_found": "{{ name }}: {% if aisle %}aisle {{ aisle }}{% if shelf %}, shelf {{ shelf }}{% endif %}"
    "{% if directions %}. {% endif %}{% endif %}{{ directions }}"
    "{% if not directions %}{% if not aisle %}not in this shop{% endif %}.{% endif %}",
    "quote_made": "Your quote is {{ quote }}: {{ total | money }} for {{ count | plural('item', 'items') }}, valid until "
    "{{ valid_until | day }}. Say “print it” to have it on paper, or “reserve it” and we keep the products back for you.",
    "quote_details": "Quote {{ quote }} of {{ made_on | date }}{% if expired %}, expired on {{ valid_until | date }}"
    "{% else %}, valid until {{ valid_until | date }}{% endif %}:" + _PRICED,
    "quote_printing": "Quote {{ quote }} is being printed.",
    "reservation_made": "Reserved: "
    + _ITEMS
    + ". Collect it in {{ shop_name }} before {{ until | moment }} with the number "
    "{{ reservation }}.",
    "reservation_details": "Reservation {{ reservation }} is " + _STATE + ": {% for l in lines %}"
    "{{ '' if loop.first else ', ' }}{{ l.quantity }} × {{ l.name }}" + _AISLE + "{% endfor %}."
    "{% if status == 'active' %} It is kept until {{ until | moment }}.{% endif %}",
    "reservation_cancelled": "Reservation {{ reservation }} is cancelled; nothing is kept back any more.",
    "reservation_collected": "Reservation {{ reservation }} is collected: " + _ITEMS + ".",
    "staff_called": "A colleague comes to {{ where }}. Your number is {{ call }}"
    "{% if ahead %}; {{ ahead | plural('person waits', 'people wait') }} before you{% endif %}.",
    "call_list": "{% if not lines %}Nobody waits.{% endif %}{% for l in lines %}{{ '' if loop.first else '\n' }}"
    "{{ l.number }}, {{ l.where }}, since {{ l.since | time }}: "
    + _REASON
    % "l.why"
    + "{% if l.said %}, “{{ l.said }}”"
    "{% endif %}{% if l.taken_by %}; {{ l.taken_by }} is going{% endif %}.{% endfor %}",
    "call_taken": "{{ call }} is yours: {{ where }}.",
    "call_closed": "{{ call }} is closed.",
    "price_match_requested": "Request {{ match }}: {{ name }} for {{ seen_price | money }} as at {{ seen_at }}, instead of "
    "{{ our_price | money }}. A colleague decides about it.",
    "price_match_decided": "{{ match }} is {{ 'approved' if approved else 'declined' }}: {{ name }} for "
    "{{ seen_price | money }}.",
    # --- what is asked before something is changed
    "confirm_make_quote": _MISSING + "A quote for:" + _PRICED + " Valid until {{ valid_until | day }}."
    "{% for s in short %} Of {{ s.name }} there {{ 'is' if s.available == 1 else 'are' }} {{ s.available or 'none' }} "
    "here now.{% endfor %} Shall I make it?",
    "confirm_print_quote": "Print quote {{ quote }}, {{ total | money }}?",
    "confirm_reserve_items": _MISSING
    + "Keep back "
    + _ITEMS
    + " for you in {{ shop_name }} until {{ until | moment }}?",
    "confirm_cancel_reservation": "Cancel reservation {{ reservation }} (" + _ITEMS + ")?",
    "confirm_call_staff": "Call a colleague to {{ where }} for " + _REASON % "reason" + "?"
    "{% if ahead %} {{ ahead | plural('person waits', 'people wait') }} before you.{% endif %}",
    "confirm_request_price_match": "Ask for {{ name }} at {{ price | money }}, the price at {{ competitor }}, instead of "
    "{{ our_price | money }}? A colleague decides.",
    "confirm_take_call": "Take {{ call }}: {{ where }}, " + _REASON % "why" + "?",
    "confirm_close_call": "Close {{ call }}: {{ where }}, " + _REASON % "why" + "?",
    "confirm_collect_reservation": "Hand over reservation {{ reservation }}: " + _ITEMS + "?",
    "confirm_decide_price_match": "{{ 'Approve' if decision == 'approved' else 'Decline' }} {{ match }}: {{ name }} for "
    "{{ seen_price | money }} as at {{ seen_at }}, instead of {{ our_price | money }}?",
    # --- what is asked for
    "ask_product": "Which product do you mean{% if options %}: {{ options | listed('or') }}?{% else %}? "
    "Scan its bar code, or tell me its name.{% endif %}",
    "ask_products": "Which products do you want to compare? Name two or three of them.",
    "ask_about": "Offers on what{% if options %}: {{ options | listed('or') }}{% endif %}?",
    "ask_wanted": "What are you looking for?",
    "ask_items": "{% if options %}Which do you mean: {{ options | listed('or') }}?{% else %}Which products, and how "
    "many of each?{% endif %}",
    "ask_member": "Can you scan your member card?",
    "ask_shop": "Which shop{% if options %}: {{ options | listed('or') }}{% endif %}?",
    "ask_day": "Which day?",
    "ask_place": "What are you looking for in the shop{% if options %}: {{ options | listed('or') }}{% endif %}?",
    "ask_spot": "Where are you?",
    "ask_quote": "Which quote? Its number begins with a Q. If I have only proposed one, say yes to it first.",
    "ask_reservation": "Which reservation? Its number begins with an R.",
    "ask_call": "{% if options %}Which call: {{ options | listed('or') }}?{% else %}Nobody waits. "
    "Which call do you mean?{% endif %}",
    "ask_match": "{% if options %}Which request: {{ options | listed('or') }}?{% else %}No request is open. "
    "Which one do you mean?{% endif %}",
    "ask_reason": "What do you need a colleague for?",
    "ask_note": "What is it about?",
    "ask_competitor": "Which shop has it for less?",
    "ask_price": "What does it cost there?",
    "ask_decision": "Approve or decline it?",
    # --- rules that forbid it
    "error_product_unknown": "I know no product {{ reference }}.",
    "error_gtin_wrong": "{{ text }} is no bar code: {% if why == 'length' %}it has too few or too many digits"
    "{% elif why == 'check_digit' %}its last digit does not fit the others"
    "{% if right %}; {{ right }} would be one{% endif %}"
    "{% else %}it has something else than digits in it{% endif %}. Please scan it once more.",
    "error_nothing_fits": "We have nothing that fits “{{ wanted }}”. What else may it be?",
    "error_out_of_stock": "{% if available %}There {{ 'is' if available == 1 else 'are' }} only {{ available }} of "
    "{{ name }} here, not {{ wanted }}.{% else %}{{ name }} is not here now.{% endif %} "
    "I can look for something like it, or which other shop has it.",
    "error_too_many": "{{ quantity }} is more than I can do here; {{ most }} is the most. A colleague can help you.",
    "error_shop_unknown": "I know no shop {{ shop }}.",
    "error_place_unknown": "I don't know where “{{ place }}” is in this shop. I can call a colleague for you.",
    "error_nothing_in_quote": "There is nothing left in it. Which products do you want?",
    "error_quote_unknown": "I know no quote {{ number }}.",
    "error_quote_expired": "Quote {{ number }} was valid until {{ valid_until | day }}. I can make a new one.",
    "error_reservation_unknown": "I know no reservation {{ number }}.",
    "error_reservation_over": "Reservation {{ number }} is " + _STATE + " already.",
    "error_card_unknown": "I know no member card {{ card }}.",
    "error_card_ended": "Member card {{ card }} was valid until {{ until | day }}.",
    "error_call_unknown": "I know no call {{ number }}.",
    "error_call_over": "{{ number }} is " + _STATE + " already.",
    "error_price_not_lower": "{{ price | money }} is not below our price today, {{ our_price | money }}.",
    "error_match_unknown": "I know no price match {{ number }}.",
    "error_match_decided": "{{ number }} is " + _STATE + " already.",
    # --- what this desk can do, as the end of "I can help you to …"
    "do_check_stock": "see what there is of a product",
    "do_product_details": "see what a product is like",
    "do_compare_products": "compare products",
    "do_find_products": "find products",
    "do_find_alternatives": "find something like a product",
    "do_find_accessories": "find what goes with a product",
    "do_show_promotions": "see the offers",
    "do_opening_hours": "see when we are open",
    "do_find_place": "find your way in the shop",
    "do_make_quote": "get a quote",
    "do_print_quote": "print a quote",
    "do_reserve_items": "have something kept back for you",
    "do_cancel_reservation": "cancel a reservation",
    "do_call_staff": "call a colleague",
    "do_request_price_match": "ask for a lower price you saw elsewhere",
    "do_open_quote": "open a quote",
    "do_list_calls": "see who waits",
    "do_take_call": "take a call",
    "do_close_call": "close a call",
    "do_open_reservation": "open a reservation",
    "do_collect_reservation": "hand over a reservation",
    "do_decide_price_match": "decide about a price match",
}

REPLIES: dict[str, dict[str, str]] = {"en": ENGLISH, "nl": DUTCH}
