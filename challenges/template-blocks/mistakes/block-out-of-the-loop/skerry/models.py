"""Shows and their episodes, the schedule, and who listens."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skerry.extensions import db


class Show(db.Model):
    __tablename__ = "shows"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    host: Mapped[str] = mapped_column(String(120))
    genre: Mapped[str] = mapped_column(String(40))
    blurb: Mapped[str] = mapped_column(String(500))

    episodes: Mapped[list[Episode]] = relationship(
        back_populates="show", order_by=lambda: (Episode.aired_on.desc(), Episode.id.desc())
    )


class Episode(db.Model):
    """Something to listen to again. Nobody has measured or counted the old ones."""

    __tablename__ = "episodes"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    aired_on: Mapped[date]
    minutes: Mapped[int | None]
    plays: Mapped[int | None]
    rating: Mapped[float | None]

    show: Mapped[Show] = relationship(back_populates="episodes")


class Slot(db.Model):
    """A place in the schedule. Without `minutes` it is open-ended, with 0 it was dropped."""

    __tablename__ = "slots"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int | None]

    show: Mapped[Show] = relationship()

    def lasts_until(self, moment: datetime) -> bool:
        """Whether the slot, which has begun, is not over at `moment`."""
        if self.minutes is None:
            return True
        return moment < self.starts_at + timedelta(minutes=self.minutes)


class Listener(db.Model):
    __tablename__ = "listeners"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    pin: Mapped[str] = mapped_column(String(8))


class Saved(db.Model):
    """An episode that a listener wants to hear later."""

    __tablename__ = "saved"

    listener_id: Mapped[int] = mapped_column(ForeignKey("listeners.id"), primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), primary_key=True)
