"""The words of a sentence that name no product."""

FUNCTION_WORDS = frozenset(
    """
    a able about actually after afternoon again all along already also am an and another any anyone
    anything april are aren arent around as at august available away be because been before being best
    better both but by came can cannot cant cheaper come could couldnt currently d december decent did
    didnt do does doesnt doing done dont each eg either else enough especially etc evening every
    everything exactly excuse february few fifth fine first for fourth friday from further get gets
    getting give gives go goes going gone good got great had happy has hasnt have havent having he hello
    her here heres hers hey hi him his how howdy hows i id ideally ie if ill im in interested into is
    isnt it its itself ive january july june just kindly know last least less let lets like liked likes
    little ll long lot lots lovely madam made make makes many march may maybe me mean might mine minus
    monday more morning most mr mrs much must my myself need needed needs neither never new next nice no
    none nope nor not nothing november now october of off oh ok okay on once ones only onto or other
    others our ours out over own per perfect perhaps please pls plz possible possibly probably proper put
    quick quickly quite rather re really roughly s said same saturday say says second see seem seems
    september several shall she should show showing shows similar simple since sir so some somebody
    someone something somewhere soon still such suitable sunday sure t take taken takes tell than thank
    thanks that thats the their theirs them then there theres these they theyd theyll theyre theyve thing
    things think third this those though through thursday thx till to today together tomorrow tonight too
    took towards try tuesday under until up upon us use used using usually ve versus very via vs wanna
    want wanted wants was wasnt way we wed wednesday well went were werent weve what whatever whats when
    where wheres whether which while who whole whom whos whose why will wish with within without wont
    work worked working works would wouldnt yeah yep yes yesterday yet you youd youll your youre yours
    yourself youve
    """.split()
)
"""Words that no product is found by: they are in no index, and taken out of what people say."""

SHOP_WORDS = frozenset(
    """
    access accessories accessory add added advice advise afford affordable aisle aisles alternative
    alternatives amount anywhere apply appointment article articles ask asked asking assistance assistant
    availability back bargain bargains basket bathroom bedroom belongs big bill birthday book bought bring
    brought budget budgets buy buying call cancel card cards carry cart cash cashier change charge check
    checked checking checkout child children choice choose christmas closed closing code codes coin
    colleague colleagues collect colour combination come compare compared comparing comparison compatible
    competitor confirm connect connects contact cost costing costs count couple coupon customer customers
    dad daughter deal deals decide deliver delivered delivery department departments describe description
    detail details differ difference differences directions discount discounted discounts display dozen
    employee entrance euro euros exchange exit expensive fast father fetch find finding fit fits floor
    free friend garage garden gift goes guarantee guide hand hang hangs hear heavy help helped helping
    hold home hour hours house human hurry husband inch including info inform information instead item
    items keep kid kids kiosk kitchen large lasts lie lies list living located location long look looked
    looking loud loyalty manager many match matching member members membership mention minute minutes
    modern mom moment money month months mother mum name new normal number numbers offer offered offers
    office old online open opening opens option options order ordered orders pair pairs pay paying
    payment people percent percentage person pick picked pickup piece pieces place places play plays
    point present price priced prices pricey print printed problem product products promo promotion
    promotional promotions purchase purchased quantity question questions queue quiet quote quotes range
    rate recommend recommendation recommended reduce reduced reduction regular remain remaining remove
    repair repeat replace request reservation reserve reserved return returns review reviews room row run
    runs sale sales salesperson save saving savings search searching section sell selling sells send
    service set shelf shelves ship shop shopping shops size sizes slow small sold someone son speak spec special
    specification specifications specs spend staff stand start status stock stocked stocks stop store
    stores stuff suggest suggestion suggestions suit suits supply support supports switch talk team
    thought till time times today toilet total turn unit units user value vat visit voucher wait waiting
    walk warranty week weekend weekends weeks weigh weighs wife wonder wondered wondering worth wrong
    year years yourselves enormous extra gigantic huge lightweight massive nicer sturdy super tall tiny
    """.split()
)
"""What people in a shop say beside the product: no product is found by them unless one is called so."""

EVERYDAY = frozenset(
    """
    airplane animal apple apples baby bag bags banana bananas bank basketball beach bean beer bicycle
    bicycles bigger biggest bike bikes bird blanket blankets boat book books boot boots bottle bottles
    boy bread brighter brightest brother butter cake cakes camel candle candles car carpet cars cat chain
    chair chairs cheese chicken chocolate cigarette cigarettes city clothes cloud coal coat coats cookie
    cookies cotton couch couches country cow curtain curtains desk desks diaper diapers doctor dog dogs
    doll dolls door doors dragon dress dresses drill egg eggs elephant family farm faster fastest father
    finger fire fish flag flower flowers football forest fork forks fruit furniture game games girl glass
    glove gloves gold grass guitar guitars hair hammer hat hats heaviest helicopter hill horse hotel ice
    island jacket jackets jeans jewel jewellery juice key keys king knife ladder lake land larger largest
    leaf leather lemon letter letters lighter lightest lion lipstick lock longer longest loudest magazine
    magazines makeup map marble mattress meat medicine metal milk mirror mirrors monkey moon mountain
    mouse mug music nail nails newest newspaper newspapers oil orange oranges paint painting paintings
    pants paper park party pasta pear pen pencil pencils pens perfume pet phone piano pig pillow pillows
    pipe pizza plant plants plate plates police pool potato potatoes puppy queen quieter quietest rabbit
    rain rat rice ring rings river road rock rocket roof rope rose rug salad salmon salt sand sandwich
    sandwiches sauce scarf school screw screws sea shampoo shed sheep sheet sheets shell ship shirt
    shirts shoe shoes shore short shorter shortest shorts shot shoulder shovel shower showers shows
    sister skirt skirts sky smaller smallest snack snacks snake sneaker sneakers snow soap sock socks
    sofa sofas soup spoon spoons sport stamp stamps stick stone storm street stronger strongest sugar
    suit suitcase suits sun sweater sweaters swim table tables tent tents thinner thinnest ticket tickets
    tie ties tiger tile tiles tire tires tooth towel towels toy toys train tree trees trousers truck
    turtle tyre tyres umbrella unicorn unicorns vase vases vegetable vegetables violin wall watch watches
    water weather wheel wheels wind window windows wine winter woman wood wool world worm yoghurt yogurt
    """.split()
)
"""Words that are spelled as they are meant, even if the catalogue only has one that looks alike."""

VERBS = frozenset("charge connect fit hang play run support switch turn weigh".split())
"""Of these, the ones that are no product after a product: "does the kettle switch off"."""

CHEAPEST = frozenset({"cheapest", "cheap", "inexpensive", "affordable", "lowest", "budget"})
DEAREST = frozenset({"dearest", "priciest"})
BEST = frozenset({"best", "finest", "top"})
SUPERLATIVES = CHEAPEST | DEAREST | BEST
DETERMINERS = frozenset(
    {"a", "an", "the", "some", "any", "another", "your", "that", "this", "these", "those"}
)
WISHING = frozenset(
    "after buy gimme give id like looking need needs order quote reserve take want wanted wants".split()
)
"""Of SEEKING, those by which somebody says what they want, and not only asks."""
SEEKING = frozenset(
    """
    after buy carry compare cost costs find get gimme give got have id keen like looking love much need needs
    order price quote reserve search searching see sell selling sells show stock take want wanted wants where
    wheres
    """.split()
)
"""After these words comes what somebody is looking for."""
