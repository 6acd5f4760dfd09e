"""R3: contact cards."""

from __future__ import annotations

from shown import escaped

from mendbox.testing import requirement


def card(*lines):
    return "".join(f"{line}\r\n" for line in ("BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD"))


def organisation(company, team):
    return f"ORG:{escaped(company.name)};{escaped(team.name)}"


@requirement("R3", "The card of someone without a profile does not hold just the lines that are known.")
def test_the_card_of_a_newcomer_has_the_lines_that_are_known(client, company, hire, word):
    first, last = word().title(), word().title()
    newcomer = hire(team=company.field_team, name=f"{last}, {first}; MSc")

    answer = client.get(f"/users/{newcomer['id']}/card")

    assert answer.status_code == 200
    assert answer.mimetype == "text/vcard"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={newcomer['username']}.vcf"
    assert answer.text == card(
        f"FN:{last}\\, {first}\\; MSc",
        f"EMAIL:{newcomer['email']}",
        organisation(company, company.field_team),
    )


@requirement("R3", "The card of someone with a profile, full or with some fields empty, has changed.")
def test_the_card_of_a_profile_is_as_before(client, company, word):
    title, chief = word(), company.chief
    client.patch(f"/users/{chief.id}/profile", json={"title": f"{title}, Nordics"})

    answer = client.get(f"/users/{chief.id}/card")

    assert answer.status_code == 200
    assert answer.mimetype == "text/vcard"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={chief.username}.vcf"
    assert answer.text == card(
        f"FN:{chief.name}",
        f"EMAIL:{chief.email}",
        organisation(company, chief.team),
        f"TITLE:{title}\\, Nordics",
        f"TEL;TYPE=work:{chief.profile['phone']}",
        f"ADR;TYPE=work:;;;{chief.profile['office'].city};;;",
    )

    phone, technician = f"+44 {word()}", company.technician
    client.patch(f"/users/{technician.id}/profile", json={"phone": phone, "title": None})

    lines = client.get(f"/users/{technician.id}/card").text.splitlines()
    assert lines[4:] == [organisation(company, technician.team), f"TEL;TYPE=work:{phone}", "END:VCARD"]
