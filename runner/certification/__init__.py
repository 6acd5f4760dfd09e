"""The certificate of a challenge: many runs of its reference fixes, under load, at other dates and in other zones."""
