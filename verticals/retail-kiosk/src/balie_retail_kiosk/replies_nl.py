"""What this desk says in Dutch, template by template as in :mod:`balie_retail_kiosk.replies`."""

_AISLE = "{% if l.aisle %}, gang {{ l.aisle }}{% endif %}"
_HERE = "{% if l.available %}hier {{ l.available }}" + _AISLE + "{% else %}nu niet hier{% endif %}"
_LISTED = "{% for l in lines %}\n{{ l.name }}, {{ l.unit_price | money }}: " + _HERE + "{% endfor %}"
_CHOSEN = "{% if l.fits %} (de goedkoopste van {{ l.fits }} die passen){% endif %}"
_ITEMS = (
    "{% for l in lines %}{{ '' if loop.first else ', ' }}{{ l.quantity }} × {{ l.name }}"
    + _CHOSEN
    + "{% endfor %}"
)
_PRICED = (
    "{% for l in lines %}\n{{ l.quantity }} × {{ l.name }}" + _CHOSEN + ": {{ l.amount | money }}"
    "{% if l.discount %}, {{ l.discount | money }} korting{% endif %}"
    "{% if l.promotions %} ({{ l.promotions | listed }}){% endif %}{% endfor %}"
    "\nTotaal {{ total | money }}{% for v in vat %}{{ ', waarvan ' if loop.first else ' en ' }}"
    "{{ v.amount | money }} btw ({{ v.percent }}%){% endfor %}."
    "{% if saved %} Je bespaart {{ saved | money }}.{% endif %}"
)
_MISSING = (
    "{% for m in missing %}{{ 'We hebben niets dat past bij ' if loop.first else ' of ' }}“{{ m }}”"
    "{{ '.\n\n' if loop.last }}{% endfor %}"
)
_REASON = (
    "{{ {'advice': 'advies', 'locked_cabinet': 'een afgesloten vitrine', 'heavy_item': 'iets zwaars', "
    "'payment': 'betalen', 'return': 'een retour', 'kiosk_problem': 'een probleem met de kiosk', 'other': 'hulp'}[%s] }}"
)
_STATE = (
    "{{ {'active': 'klaar', 'collected': 'opgehaald', 'cancelled': 'geannuleerd', 'expired': 'verlopen', "
    "'waiting': 'in de wacht', 'taken': 'overgenomen door een collega', 'closed': 'afgesloten', "
    "'requested': 'nog niet beslist', 'approved': 'goedgekeurd', 'declined': 'afgewezen'}[status] }}"
)

DUTCH: dict[str, str] = {
    "greeting": "Hallo, welkom bij Harbour & Home. Scan een product, of vertel me wat je zoekt. "
    "Typen moet nog in het Engels; antwoorden doe ik in het Nederlands.",
    "help": "Scan een streepjescode, of vraag me in het Engels wat we hebben en waar het ligt, wat dingen samen kosten, "
    "wat bij elkaar past, welke aanbiedingen er zijn en wanneer we open zijn. Ik kan een offerte maken en printen, "
    "spullen voor je apart laten leggen en een collega roepen.",
    "out_of_scope": "Daar kan ik hier niet mee helpen. Wel met producten, prijzen, voorraad, offertes, reserveringen en "
    "deze winkel, en ik kan een collega roepen.",
    "replaced": "Mijn vorige voorstel leg ik opzij.",
    # --- results
    "product_stock": _MISSING + "{{ name }}, {{ unit_price | money }}: "
    "{% if available %}hier {{ available }}{% if aisle %}, gang {{ aisle }}, schap {{ shelf }}{% endif %}."
    "{% else %}hier nu niet.{% endif %}"
    "{% for i in incoming %} Op {{ i.expected_on | day }} komen er {{ i.quantity }}{{ ' bij' if available }}."
    "{% endfor %}"
    "{% if elsewhere %} Andere winkels: {% for s in elsewhere %}{{ '' if loop.first else ', ' }}{{ s.shop_name }} "
    "{{ s.available }}{% endfor %}.{% elif not available %} Ook geen andere winkel heeft het.{% endif %}"
    "{% if stale %} Geteld op {{ counted_at | moment }}.{% endif %}",
    # The description is English in the data, so it is not shown here.
    "product_details": _MISSING + "{{ name }}, {{ unit_price | money }}."
    "{% if features %}\n{% for f in features %}{{ '' if loop.first else ', ' }}{{ f.title }} {{ f.value }}{% endfor %}."
    "{% endif %}\n{% if available %}Hier {{ available }}{% if aisle %}, gang {{ aisle }}{% endif %}"
    "{% else %}Nu niet hier{% endif %}. {{ warranty_months }} maanden garantie. {{ product }}, streepjescode {{ barcode }}.",
    "product_comparison": "{% for n in names %}{{ '' if loop.first else '\n' }}{{ n }}: "
    "{{ prices[loop.index0] | money }}, {% if stocks[loop.index0] %}hier {{ stocks[loop.index0] }}"
    "{% else %}nu niet hier{% endif %}.{% endfor %}"
    "{% for f in features %}\n{{ f.title }}: {% for v in f.values %}{{ '' if loop.first else ' | ' }}{{ v or '–' }}"
    "{% endfor %}{% endfor %}"
    "{% if alike %}\nBij alle gelijk: {% for f in alike %}{{ '' if loop.first else ', ' }}{{ f.title }} "
    "{{ f.value }}{% endfor %}.{% endif %}",
    "products_found": "{% if not lines %}Ik heb niets gevonden dat past bij “{{ searched }}”. "
    "Kun je het anders zeggen, of korter?"
    "{% elif count > lines | length %}Er passen {{ count }} producten bij “{{ searched }}”. Deze komen eerst:"
    "{% else %}Dit past bij “{{ searched }}”:{% endif %}" + _LISTED,
    "alternatives_found": _MISSING + "{% if not lines %}We hebben hier nu niets dat lijkt op {{ name }}. "
    "Ik kan een collega voor je roepen.{% else %}Hier op voorraad in plaats van {{ name }}:{% for l in lines %}\n"
    "{{ l.name }}, {{ l.unit_price | money }}: hier {{ l.available }}" + _AISLE + "{% if l.reasons %}; "
    "{{ l.reasons | listed }}{% endif %}{% endfor %}{% endif %}",
    "accessories_found": _MISSING + "{% if not lines %}Ik ken niets dat bij {{ name }} hoort."
    "{% else %}Bij {{ name }} horen:{% endif %}" + _LISTED,
    "promotions_shown": "{% if not lines %}Er is nu geen aanbieding{% if names %} voor {{ names | listed('or') }}"
    "{% endif %}."
    "{% elif names %}Aanbiedingen voor {{ names | listed }}:"
    "{% elif count > lines | length %}Er zijn nu {{ count }} aanbiedingen, waaronder:{% else %}De aanbiedingen van nu:"
    "{% endif %}{% for l in lines %}\n{{ l.title }}"
    "{% if l.members_only and 'leden' not in l.title %} (alleen voor leden){% endif %}, tot en met "
    "{{ l.until | day }}{% endfor %}",
    "opening_times": "{% for d in days %}{{ '' if loop.first else '\n' }}"
    "{% if loop.first and open_now is not none %}{{ shop_name }} is {% if not d.opens %}vandaag gesloten"
    "{% elif open_now %}nu open, tot {{ d.closes | time }}"
    "{% else %}nu gesloten; vandaag open van {{ d.opens | time }} tot {{ d.closes | time }}{% endif %}"
    "{% else %}{% if loop.first %}{{ shop_name }}, {% endif %}{{ d.day | day }}: "
    "{% if d.opens %}{{ d.opens | time }} tot {{ d.closes | time }}{% else %}gesloten{% endif %}{% endif %}"
    "{% if d.why %} ({{ d.why }}){% endif %}{{ '.' if loop.last or (loop.first and open_now is not none) }}{% endfor %}",
    "place_found": "{{ name }}: {% if aisle %}gang {{ aisle }}{% if shelf %}, schap {{ shelf }}{% endif %}"
    "{% if directions %}. {% endif %}{% endif %}{{ directions }}"
    "{% if not directions %}{% if not aisle %}niet in deze winkel{% endif %}.{% endif %}",
    "quote_made": "Je offerte is {{ quote }}: {{ total | money }} voor {{ count | plural('artikel', 'artikelen') }}, geldig "
    "tot en met {{ valid_until | day }}. Typ “print it” om hem te printen, of “reserve it” om de "
    "producten apart te laten leggen.",
    "quote_details": "Offerte {{ quote }} van {{ made_on | date }}{% if expired %}, verlopen op {{ valid_until | date }}"
    "{% else %}, geldig tot en met {{ valid_until | date }}{% endif %}:" + _PRICED,
    "quote_printing": "Offerte {{ quote }} wordt geprint.",
    "reservation_made": "Gereserveerd: "
    + _ITEMS
    + ". Haal het op in {{ shop_name }} voor {{ until | moment }} met nummer "
    "{{ reservation }}.",
    "reservation_details": "Reservering {{ reservation }} is " + _STATE + ": {% for l in lines %}"
    "{{ '' if loop.first else ', ' }}{{ l.quantity }} × {{ l.name }}" + _AISLE + "{% endfor %}."
    "{% if status == 'active' %} Het ligt apart tot {{ until | moment }}.{% endif %}",
    "reservation_cancelled": "Reservering {{ reservation }} is geannuleerd; er ligt niets meer apart.",
    "reservation_collected": "Reservering {{ reservation }} is opgehaald: " + _ITEMS + ".",
    "staff_called": "Er komt een collega naar {{ where }}. Je nummer is {{ call }}"
    "{% if ahead %}; er {{ 'wacht' if ahead == 1 else 'wachten' }} {{ ahead }} voor je{% endif %}.",
    "call_list": "{% if not lines %}Er wacht niemand.{% endif %}{% for l in lines %}{{ '' if loop.first else '\n' }}"
    "{{ l.number }}, {{ l.where }}, sinds {{ l.since | time }}: "
    + _REASON
    % "l.why"
    + "{% if l.said %}, “{{ l.said }}”"
    "{% endif %}{% if l.taken_by %}; {{ l.taken_by }} gaat erheen{% endif %}.{% endfor %}",
    "call_taken": "{{ call }} is van jou: {{ where }}.",
    "call_closed": "{{ call }} is afgesloten.",
    "price_match_requested": "Verzoek {{ match }}: {{ name }} voor {{ seen_price | money }}, zoals bij {{ seen_at }}, in "
    "plaats van {{ our_price | money }}. Een collega beslist erover.",
    "price_match_decided": "{{ match }} is {{ 'goedgekeurd' if approved else 'afgewezen' }}: {{ name }} voor "
    "{{ seen_price | money }}.",
    # --- what is asked before something is changed
    "confirm_make_quote": _MISSING
    + "Een offerte voor:"
    + _PRICED
    + " Geldig tot en met {{ valid_until | day }}."
    "{% for s in short %} Van {{ s.name }} {{ 'is' if s.available == 1 else 'zijn' }} er hier nu "
    "{{ s.available or 'geen' }}.{% endfor %} Zal ik die maken?",
    "confirm_print_quote": "Offerte {{ quote }} van {{ total | money }} printen?",
    "confirm_reserve_items": _MISSING
    + "Zal ik "
    + _ITEMS
    + " voor je apart laten leggen in {{ shop_name }}, tot {{ until | moment }}?",
    "confirm_cancel_reservation": "Reservering {{ reservation }} (" + _ITEMS + ") annuleren?",
    "confirm_call_staff": "Zal ik een collega naar {{ where }} roepen voor " + _REASON % "reason" + "?"
    "{% if ahead %} Er {{ 'wacht' if ahead == 1 else 'wachten' }} {{ ahead }} voor je.{% endif %}",
    "confirm_request_price_match": "Zal ik {{ name }} voor {{ price | money }} aanvragen, de prijs bij {{ competitor }}, in "
    "plaats van {{ our_price | money }}? Een collega beslist.",
    "confirm_take_call": "{{ call }} overnemen: {{ where }}, " + _REASON % "why" + "?",
    "confirm_close_call": "{{ call }} afsluiten: {{ where }}, " + _REASON % "why" + "?",
    "confirm_collect_reservation": "Reservering {{ reservation }} meegeven: " + _ITEMS + "?",
    "confirm_decide_price_match": "{{ match }} {{ 'goedkeuren' if decision == 'approved' else 'afwijzen' }}: {{ name }} "
    "voor {{ seen_price | money }}, zoals bij {{ seen_at }}, in plaats van {{ our_price | money }}?",
    # --- what is asked for
    "ask_product": "Welk product bedoel je{% if options %}: {{ options | listed('or') }}?{% else %}? "
    "Scan de streepjescode, of noem de naam.{% endif %}",
    "ask_products": "Welke producten wil je vergelijken? Noem er twee of drie.",
    "ask_about": "Aanbiedingen voor wat{% if options %}: {{ options | listed('or') }}{% endif %}?",
    "ask_wanted": "Wat zoek je?",
    "ask_items": "{% if options %}Welke bedoel je: {{ options | listed('or') }}?{% else %}Welke producten, en hoeveel "
    "van elk?{% endif %}",
    "ask_member": "Wil je je ledenkaart scannen?",
    "ask_shop": "Welke winkel{% if options %}: {{ options | listed('or') }}{% endif %}?",
    "ask_day": "Welke dag?",
    "ask_place": "Wat zoek je in de winkel{% if options %}: {{ options | listed('or') }}{% endif %}?",
    "ask_spot": "Waar ben je?",
    "ask_quote": "Welke offerte? Het nummer begint met een Q. Is het nog een voorstel, zeg er dan eerst ja op.",
    "ask_reservation": "Welke reservering? Het nummer begint met een R.",
    "ask_call": "{% if options %}Welke oproep: {{ options | listed('or') }}?{% else %}Er wacht niemand. "
    "Welke oproep bedoel je?{% endif %}",
    "ask_match": "{% if options %}Welk verzoek: {{ options | listed('or') }}?{% else %}Er staat geen verzoek open. "
    "Welk bedoel je?{% endif %}",
    "ask_reason": "Waarvoor heb je een collega nodig?",
    "ask_note": "Waar gaat het over?",
    "ask_competitor": "In welke winkel is het goedkoper?",
    "ask_price": "Wat kost het daar?",
    "ask_decision": "Goedkeuren of afwijzen?",
    # --- rules that forbid it
    "error_product_unknown": "Ik ken geen product {{ reference }}.",
    "error_gtin_wrong": "{{ text }} is geen streepjescode: {% if why == 'length' %}er zijn te weinig of te veel cijfers"
    "{% elif why == 'check_digit' %}het laatste cijfer past niet bij de andere"
    "{% if right %}; {{ right }} zou het wel zijn{% endif %}"
    "{% else %}er staat iets anders in dan cijfers{% endif %}. Scan hem nog eens.",
    "error_nothing_fits": "We hebben niets dat past bij “{{ wanted }}”. Wat kan het nog meer zijn?",
    "error_out_of_stock": "{% if available %}Er {{ 'is' if available == 1 else 'zijn' }} hier maar {{ available }} van "
    "{{ name }}, geen {{ wanted }}.{% else %}{{ name }} is er hier nu niet.{% endif %} "
    "Ik kan iets zoeken dat erop lijkt, of kijken welke winkel het wel heeft.",
    "error_too_many": "{{ quantity }} is meer dan ik hier aankan; {{ most }} is het meeste. Een collega kan je helpen.",
    "error_shop_unknown": "Ik ken geen winkel {{ shop }}.",
    "error_place_unknown": "Ik weet niet waar “{{ place }}” in deze winkel is. Ik kan een collega voor je roepen.",
    "error_nothing_in_quote": "Er staat niets meer in. Welke producten wil je?",
    "error_quote_unknown": "Ik ken geen offerte {{ number }}.",
    "error_quote_expired": "Offerte {{ number }} was geldig tot en met {{ valid_until | day }}. Ik kan een nieuwe maken.",
    "error_reservation_unknown": "Ik ken geen reservering {{ number }}.",
    "error_reservation_over": "Reservering {{ number }} is al " + _STATE + ".",
    "error_card_unknown": "Ik ken geen ledenkaart {{ card }}.",
    "error_card_ended": "Ledenkaart {{ card }} was geldig tot en met {{ until | day }}.",
    "error_call_unknown": "Ik ken geen oproep {{ number }}.",
    "error_call_over": "{{ number }} is al " + _STATE + ".",
    "error_price_not_lower": "{{ price | money }} is niet lager dan onze prijs van vandaag, {{ our_price | money }}.",
    "error_match_unknown": "Ik ken geen prijsverzoek {{ number }}.",
    "error_match_decided": "{{ number }} is al " + _STATE + ".",
    # --- what the runtime says, in the kiosk's tone
    "small_talk": "Graag gedaan. Waarmee kan ik je helpen?",
    "unclear": "Ik weet niet zeker wat je bedoelt.{% if options %} Wil je {{ options | listed('or') }}?{% endif %}",
    "unclear_again": "Ik begrijp het nog steeds niet, sorry. Ik lees alleen Engels. Zal ik een collega roepen?",
    "nothing_to_confirm": "Er wacht niets op je ja. Waarmee kan ik je helpen?",
    "nothing_to_stop": "Er valt niets te stoppen. Waarmee kan ik je helpen?",
    "nothing_to_repeat": "Ik heb nog niets gezegd. Waarmee kan ik je helpen?",
    "nothing_to_correct": "Ik weet niet wat ik moet verbeteren. Waarmee kan ik je helpen?",
    "reminder": "{% if '\n' in summary %}Mijn vorige voorstel wacht nog op je ja."
    "{% else %}Dit wacht nog op je ja: {{ summary }}{% endif %}",
    "identify": "Dat is alleen voor medewerkers.",
    "handed_off": "Ik heb dit gesprek aan een collega gegeven, met alles wat er gezegd is. Je krijgt hier antwoord.",
    "with_person": "Een collega heeft dit gesprek en ziet je bericht.",
    "offer_person": "Praat je liever met een mens? Typ “medewerker”.",
    "forbidden": "Dat kan ik hier niet voor je doen.",
    # --- what this desk can do, as the end of "Ik kan voor je …" and "Wil je …?"
    "do_check_stock": "zien hoeveel er van een product is",
    "do_product_details": "meer over een product lezen",
    "do_compare_products": "producten vergelijken",
    "do_find_products": "producten vinden",
    "do_find_alternatives": "iets vinden dat op een product lijkt",
    "do_find_accessories": "vinden wat bij een product hoort",
    "do_show_promotions": "de aanbiedingen zien",
    "do_opening_hours": "zien wanneer we open zijn",
    "do_find_place": "de weg in de winkel vinden",
    "do_make_quote": "een offerte maken",
    "do_print_quote": "een offerte printen",
    "do_reserve_items": "iets apart laten leggen",
    "do_cancel_reservation": "een reservering annuleren",
    "do_call_staff": "een collega roepen",
    "do_request_price_match": "een lagere prijs van elders vragen",
    "do_open_quote": "een offerte openen",
    "do_list_calls": "zien wie er wacht",
    "do_take_call": "een oproep overnemen",
    "do_close_call": "een oproep afsluiten",
    "do_open_reservation": "een reservering openen",
    "do_collect_reservation": "een reservering meegeven",
    "do_decide_price_match": "over een prijsverzoek beslissen",
}
