"""A shop's kiosk on Balie: stock, advice, quotes and reservations, for whoever walks up to it."""
