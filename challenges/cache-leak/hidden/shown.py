"""What the README says that pages show, as JSON, of a choir to somebody: a member, or None for a visitor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mendbox_harness import VOICES, Choir, Concert, Member, Rehearsal, tickets


def _page(you: Member | None, **shown: Any) -> dict[str, Any]:
    return {"you": you.name if you else None, **shown}


def _concert(concert: Concert) -> dict[str, Any]:
    return {
        "concert": concert.id,
        "title": concert.title,
        "venue": concert.venue,
        "day": concert.day.isoformat(),
    }


def concerts(choir: Choir, you: Member | None = None, year: int | None = None) -> dict[str, Any]:
    chosen = sorted(choir.concerts, key=lambda concert: (concert.day, concert.id))
    return _page(
        you,
        concerts=[
            _concert(each) | {"pieces": len(each.pieces)} for each in chosen if year is None or each.day.year == year
        ],
    )


def concert(seed: int, concert: Concert, you: Member | None = None, sold: int = 0) -> dict[str, Any]:
    programme = [{"title": piece.title, "composer": piece.composer} for piece in concert.pieces]
    return _page(you, **_concert(concert), programme=programme, tickets=tickets(seed, concert.id) - sold)


def repertoire(choir: Choir, you: Member | None = None, composers: Iterable[str] = ()) -> dict[str, Any]:
    by_day = sorted(choir.concerts, key=lambda concert: concert.day)
    pieces = sorted(choir.pieces, key=lambda piece: (piece.composer, piece.title, piece.id))
    return _page(
        you,
        pieces=[
            {
                "title": piece.title,
                "composer": piece.composer,
                "concerts": [each.title for each in by_day if piece in each.pieces],
            }
            for piece in pieces
            if piece.composer in composers or not composers
        ],
    )


def _rehearsal(rehearsal: Rehearsal, you: Member) -> dict[str, Any]:
    return {
        "rehearsal": rehearsal.id,
        "starts_at": rehearsal.starts_at.isoformat(timespec="minutes"),
        "place": rehearsal.place,
        "concert": rehearsal.concert.title,
        "coming": len(_coming(rehearsal)),
        "you_come": rehearsal.answers.get(you),
    }


def _coming(rehearsal: Rehearsal) -> list[Member]:
    return [member for member, coming in rehearsal.answers.items() if coming and member.role != "left"]


def rehearsals(choir: Choir, you: Member) -> dict[str, Any]:
    return _page(you, rehearsals=[_rehearsal(rehearsal, you) for rehearsal in choir.rehearsals])


def rehearsal(rehearsal: Rehearsal, you: Member) -> dict[str, Any]:
    coming = _coming(rehearsal)
    who = {voice: sorted(member.name for member in coming if member.voice == voice) for voice in VOICES}
    return _page(you, **_rehearsal(rehearsal, you), who=who)


def members(choir: Choir, you: Member, voices: Iterable[str] = VOICES) -> dict[str, Any]:
    shown = ("name", "role", "phone") if you.role == "committee" else ("name", "role")
    singers = sorted((one for one in choir.members if one.role != "left"), key=lambda one: (one.name, one.id))
    by_voice = {
        voice: [{key: getattr(one, key) for key in shown} for one in singers if one.voice == voice] for voice in voices
    }
    return _page(you, voices=by_voice)


def notices(choir: Choir, you: Member) -> dict[str, Any]:
    shown = [
        {"text": notice.text, "voice": notice.voice, "by": notice.author.name}
        for notice in reversed(choir.notices)
        if notice.voice in (None, you.voice)
    ]
    return _page(you, notices=shown)


def me(choir: Choir, you: Member) -> dict[str, Any]:
    answered = [
        {"rehearsal": each.id, "concert": each.concert.title, "you_come": each.answers[you]}
        for each in choir.rehearsals
        if you in each.answers
    ]
    return _page(you, voice=you.voice, phone=you.phone, role=you.role, paid=you.paid, answered=answered)


def dues(choir: Choir, you: Member) -> dict[str, Any]:
    singers = sorted((one for one in choir.members if one.role != "left"), key=lambda one: (one.name, one.id))
    return _page(you, dues=[{"member": one.id, "name": one.name, "paid": one.paid} for one in singers])
