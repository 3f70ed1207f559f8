"""What Harbour & Home sells: 85 products of its own brand and of others. All brands are made up."""

from decimal import Decimal

from msgspec import Struct

from balie_customer_service.models import ProductKind


class CatalogueProduct(Struct, frozen=True):
    """A product as it stands in the table below."""

    sku: str
    name: str
    brand: str
    category: str
    kind: ProductKind
    price: Decimal
    warranty_months: int
    returnable: bool
    latest_firmware: str | None


# SKU | name | brand | category | kind | euros | months of warranty | latest firmware
# What is used up or touches the skin is not taken back: consumables, and those marked with "!".
_TABLE = """
BAL-1101 | Harbour Hub 2 | Harbour | Hubs | smart | 89.00 | 36 | 2.2.3
BAL-1102 | Harbour Hub Mini | Harbour | Hubs | smart | 49.95 | 24 | 2.2.1
BAL-1103 | Harbour Bridge for Blinds | Harbour | Hubs | smart | 59.00 | 24 | 1.4.0
BAL-1104 | Brink Wi-Fi Repeater | Brink | Hubs | smart | 39.95 | 24 | 3.0.8
BAL-1105 | Harbour Wall Panel, 7 inch | Harbour | Hubs | smart | 179.00 | 24 | 1.9.2
BAL-1106 | Harbour Hub Power Supply | Harbour | Hubs | accessory | 14.95 | 12 |
BAL-1201 | Harbour Thermostat | Harbour | Climate | smart | 149.00 | 36 | 4.1.0
BAL-1202 | Harbour Radiator Valve | Harbour | Climate | smart | 54.95 | 24 | 3.3.2
BAL-1203 | Harbour Radiator Valves, pack of three | Harbour | Climate | smart | 149.95 | 24 | 3.3.2
BAL-1204 | Veldt Air Purifier 40 | Veldt | Climate | smart | 219.00 | 24 | 1.2.7
BAL-1205 | Veldt HEPA Filter 40 | Veldt | Climate | consumable | 34.95 | 6 |
BAL-1206 | Veldt Tower Fan | Veldt | Climate | appliance | 79.95 | 24 |
BAL-1207 | Veldt Dehumidifier 12 L | Veldt | Climate | appliance | 189.00 | 24 |
BAL-1208 | Noor Electric Blanket | Noor | Climate | appliance | 64.95 | 24 | !
BAL-1209 | Harbour Thermostat Wall Plate | Harbour | Climate | accessory | 12.95 | 12 |
BAL-1301 | Harbour Indoor Camera | Harbour | Cameras | smart | 79.95 | 24 | 5.0.4
BAL-1302 | Harbour Outdoor Camera | Harbour | Cameras | smart | 129.00 | 24 | 5.0.4
BAL-1303 | Harbour Outdoor Cameras, set of two | Harbour | Cameras | smart | 239.00 | 24 | 5.0.4
BAL-1304 | Harbour Video Doorbell | Harbour | Cameras | smart | 159.00 | 24 | 5.1.0
BAL-1305 | Harbour Door Chime | Harbour | Cameras | accessory | 29.95 | 24 |
BAL-1306 | Harbour Camera Wall Mount | Harbour | Cameras | accessory | 17.95 | 12 |
BAL-1307 | Harbour Memory Card, 128 GB | Harbour | Cameras | accessory | 24.95 | 60 |
BAL-1308 | Noor Baby Monitor | Noor | Cameras | smart | 119.00 | 24 | 2.0.1
BAL-1401 | Harbour Door Sensor | Harbour | Sensors | smart | 17.95 | 24 | 1.1.5
BAL-1402 | Harbour Motion Sensor | Harbour | Sensors | smart | 24.95 | 24 | 1.1.5
BAL-1403 | Harbour Door Sensor, pack of three | Harbour | Sensors | smart | 44.95 | 24 | 1.1.5
BAL-1404 | Harbour Water Leak Sensor | Harbour | Sensors | smart | 27.95 | 24 | 1.1.2
BAL-1405 | Harbour Smoke Alarm | Harbour | Sensors | smart | 49.95 | 120 | 1.3.0
BAL-1406 | Harbour Carbon Monoxide Alarm | Harbour | Sensors | smart | 54.95 | 84 | 1.3.0
BAL-1407 | Harbour Air Quality Sensor | Harbour | Sensors | smart | 69.95 | 24 | 1.2.2
BAL-1408 | Coin Cells CR2450, pack of four | Brink | Sensors | consumable | 6.95 | 0 |
BAL-1409 | Harbour Garden Soil Sensor | Harbour | Sensors | smart | 32.95 | 24 | 1.0.9
BAL-1501 | Harbour Smart Plug, pack of two | Harbour | Power | smart | 34.95 | 24 | 2.4.1
BAL-1502 | Harbour Smart Plug | Harbour | Power | smart | 19.95 | 24 | 2.4.1
BAL-1503 | Harbour Outdoor Plug | Harbour | Power | smart | 29.95 | 24 | 2.4.0
BAL-1504 | Harbour Energy Meter | Harbour | Power | smart | 84.95 | 24 | 1.6.3
BAL-1505 | Brink Power Strip, 6 sockets | Brink | Power | accessory | 22.95 | 24 |
BAL-1506 | Brink USB-C Charger 65 W | Brink | Power | accessory | 36.95 | 24 |
BAL-1507 | Brink Power Bank 20 Ah | Brink | Power | accessory | 44.95 | 24 |
BAL-1601 | Harbour Smart Bulb E27, colour | Harbour | Lighting | smart | 19.95 | 24 | 2.0.6
BAL-1602 | Harbour Smart Bulb E14, white | Harbour | Lighting | smart | 14.95 | 24 | 2.0.6
BAL-1603 | Harbour Light Strip, 3 m | Harbour | Lighting | smart | 39.95 | 24 | 2.0.6
BAL-1604 | Lumen Desk Lamp | Lumen | Lighting | appliance | 54.95 | 24 |
BAL-1605 | Lumen Reading Light | Lumen | Lighting | appliance | 29.95 | 24 |
BAL-1606 | Lumen Floor Lamp | Lumen | Lighting | appliance | 129.00 | 24 |
BAL-1607 | Lumen Pendant, oak | Lumen | Lighting | appliance | 99.00 | 24 |
BAL-1608 | Lumen Night Light, set of two | Lumen | Lighting | appliance | 18.95 | 24 |
BAL-1609 | Harbour Dimmer Switch | Harbour | Lighting | smart | 27.95 | 24 | 1.5.1
BAL-1610 | Lumen Garden Spots, set of four | Lumen | Lighting | appliance | 74.95 | 24 |
BAL-1611 | Lumen Wake-up Light | Lumen | Lighting | appliance | 84.95 | 24 |
BAL-1701 | Tide R3 Robot Vacuum | Tide | Cleaning | smart | 249.00 | 24 | 6.2.0
BAL-1702 | Tide R5 Robot Vacuum and Mop | Tide | Cleaning | smart | 399.00 | 24 | 6.2.0
BAL-1703 | Tide Stick Vacuum S2 | Tide | Cleaning | appliance | 199.00 | 24 |
BAL-1704 | Tide Window Cleaner | Tide | Cleaning | appliance | 69.95 | 24 |
BAL-1705 | Tide Steam Mop | Tide | Cleaning | appliance | 94.95 | 24 |
BAL-1706 | Tide Dust Bags, pack of eight | Tide | Cleaning | consumable | 15.95 | 0 |
BAL-1707 | Tide Filter Set | Tide | Cleaning | consumable | 18.95 | 0 |
BAL-1708 | Tide Side Brushes | Tide | Cleaning | consumable | 19.95 | 0 |
BAL-1709 | Tide Mop Cloths, pack of five | Tide | Cleaning | consumable | 14.95 | 0 |
BAL-1710 | Tide Charging Dock | Tide | Cleaning | accessory | 49.95 | 12 |
BAL-1801 | Dune Drip Coffee Maker | Dune | Kitchen | appliance | 119.00 | 24 |
BAL-1802 | Dune Espresso Machine | Dune | Kitchen | appliance | 349.00 | 24 |
BAL-1803 | Dune Bean Grinder | Dune | Kitchen | appliance | 89.95 | 24 |
BAL-1804 | Dune Kettle, 1.5 L | Dune | Kitchen | appliance | 59.95 | 24 |
BAL-1805 | Dune Toaster, long slot | Dune | Kitchen | appliance | 54.95 | 24 |
BAL-1806 | Dune Milk Frother | Dune | Kitchen | appliance | 39.95 | 24 |
BAL-1807 | Dune Hand Blender | Dune | Kitchen | appliance | 49.95 | 24 |
BAL-1808 | Dune Smart Kitchen Scale | Dune | Kitchen | smart | 44.95 | 24 | 1.0.3
BAL-1809 | Dune Paper Filters, 200 pieces | Dune | Kitchen | consumable | 7.95 | 0 |
BAL-1810 | Dune Descaler, 500 ml | Dune | Kitchen | consumable | 9.95 | 0 |
BAL-1811 | Dune Glass Jug for Drip Coffee Maker | Dune | Kitchen | accessory | 24.95 | 6 |
BAL-1812 | Dune Air Fryer, 5 L | Dune | Kitchen | appliance | 139.00 | 24 |
BAL-1901 | Shore Shelf Speaker | Shore | Audio | smart | 89.00 | 24 | 3.8.1
BAL-1902 | Shore Soundbar | Shore | Audio | smart | 229.00 | 24 | 3.8.1
BAL-1903 | Shore Bathroom Speaker | Shore | Audio | appliance | 59.95 | 24 |
BAL-1904 | Shore Kitchen Radio | Shore | Audio | appliance | 74.50 | 24 |
BAL-1905 | Shore Over-ear Headphones | Shore | Audio | appliance | 149.00 | 24 |
BAL-1906 | Shore Earbuds | Shore | Audio | appliance | 79.95 | 24 | !
BAL-1907 | Shore Record Player | Shore | Audio | appliance | 199.00 | 24 |
BAL-1908 | Shore Speaker Stand, pair | Shore | Audio | accessory | 64.95 | 24 |
BAL-2001 | Noor Iron with Steam | Noor | Household | appliance | 69.95 | 24 |
BAL-2002 | Noor Fabric Shaver | Noor | Household | appliance | 21.95 | 24 |
BAL-2003 | Noor Electric Toothbrush | Noor | Household | appliance | 59.95 | 24 | !
BAL-2004 | Noor Toothbrush Heads, pack of four | Noor | Household | consumable | 16.95 | 0 |
BAL-2005 | Noor Bathroom Scale | Noor | Household | smart | 39.95 | 24 | 1.0.1
"""


def _read(line: str) -> CatalogueProduct:
    sku, name, brand, category, kind, price, months, last = (part.strip() for part in line.split("|"))
    return CatalogueProduct(
        sku=sku,
        name=name,
        brand=brand,
        category=category,
        kind=ProductKind(kind),
        price=Decimal(price),
        warranty_months=int(months),
        returnable=kind != "consumable" and last != "!",
        latest_firmware=last if kind == "smart" else None,
    )


CATALOGUE: tuple[CatalogueProduct, ...] = tuple(_read(line) for line in _TABLE.strip().splitlines())
"""All products, by SKU."""
