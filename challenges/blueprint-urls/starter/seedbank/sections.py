"""The two halves of the collection. Each numbers its accessions for itself, so a number may be in both."""

from __future__ import annotations

#: Title by slug. A section's blueprint is registered under its slug.
SECTIONS = {"wild": "Wild species", "crops": "Crop varieties"}
