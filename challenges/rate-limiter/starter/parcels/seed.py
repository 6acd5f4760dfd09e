"""Demo accounts and parcels."""

from datetime import datetime, timedelta

from parcels.extensions import db
from parcels.models import Account, ApiKey, Parcel, Scan, key_digest

DEMO_KEYS = {
    ("Nordwind Bikes", "basic"): ("demo-nordwind-1", "demo-nordwind-2"),
    ("Papierhaus", "basic"): ("demo-papierhaus-1",),
    ("Kontor Supplies", "business"): ("demo-kontor-1",),
}
PLACES = ("Rostock depot", "Leipzig hub", "Kassel hub", "Ulm delivery base")
RECIPIENTS = ("Ada Quist", "Bo Lindqvist", "Chiara Neri", "Dov Amit", "Elif Kaya", "Femke Vos")


def seed_demo() -> list[str]:
    """Fill an empty database with demo data; gives the demo API keys."""
    first_scan = datetime(2026, 9, 1, 6, 30)
    for account_number, ((name, plan), keys) in enumerate(DEMO_KEYS.items()):
        account = Account(name=name, plan=plan)
        account.keys = [ApiKey(digest=key_digest(key)) for key in keys]
        db.session.add(account)
        db.session.flush()
        for index in range(6):
            stops = (index + account_number) % (len(PLACES) + 1)
            parcel = Parcel(
                account_id=account.id,
                recipient=RECIPIENTS[(index + account_number) % len(RECIPIENTS)],
                postcode=f"{10115 + 7 * index + 100 * account_number}",
                status="booked" if stops == 0 else "delivered" if stops == len(PLACES) else "in_transit",
            )
            parcel.scans = [
                Scan(place=place, scanned_at=first_scan + timedelta(hours=9 * stop + index))
                for stop, place in enumerate(PLACES[:stops])
            ]
            db.session.add(parcel)
            db.session.flush()
            parcel.assign_number()
    db.session.commit()
    return [key for keys in DEMO_KEYS.values() for key in keys]
