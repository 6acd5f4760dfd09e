"""Species in a table of their own, girths as numbers, states of trees that a program can read.

What texts mean is worked out once for each different text and stored beside them for as long as the migration runs; the
database does the rest, whatever the number of trees.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

CENTIMETRES = re.compile(r" *([0-9]+) *(cm)? *")
METRES = re.compile(r" *([0-9]+)(?:[.,]([0-9]{1,2}))? *m *")
STATES = {"sound": "sound", "ok": "sound", "watch": "watch", "danger": "danger"}

trees = sa.table(
    "trees",
    *(sa.column(name) for name in ("id", "number", "species", "girth", "species_id", "girth_cm")),
)
visits = sa.table("visits", *(sa.column(name) for name in ("tree_id", "result", "state")))
species = sa.table("species", sa.column("id"), sa.column("name"))
readings = sa.Table(
    "girth_readings",
    sa.MetaData(),
    sa.Column("typed", sa.Text(), primary_key=True),
    sa.Column("cm", sa.Integer()),
    prefixes=["TEMPORARY"],
)


def centimetres(typed: str) -> int | None:
    """Raises ValueError for what can't be read."""
    if not typed.strip():
        return None
    if found := CENTIMETRES.fullmatch(typed):
        return int(found[1])
    if found := METRES.fullmatch(typed):
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    raise ValueError(typed)


def upgrade() -> None:
    connection = op.get_bind()
    readings.create(connection)
    unreadable = []
    for typed in connection.scalars(sa.select(trees.c.girth).where(trees.c.girth.is_not(None)).distinct()).all():
        try:
            connection.execute(readings.insert().values(typed=typed, cm=centimetres(typed)))
        except ValueError:
            unreadable.append(typed)
    refuse_unreadable(connection, unreadable)

    op.create_table(
        "species",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
    )
    with op.batch_alter_table("trees") as batch:
        batch.add_column(sa.Column("species_id", sa.Integer()))
        batch.add_column(sa.Column("girth_cm", sa.Integer()))
    with op.batch_alter_table("visits") as batch:
        batch.add_column(sa.Column("state", sa.String(10)))

    name = sa.func.trim(trees.c.species)
    spelt = sa.select(sa.func.max(name)).where(name != "").group_by(sa.func.lower(name))
    connection.execute(sa.insert(species).from_select(["name"], spelt))
    same = sa.func.lower(species.c.name) == sa.func.lower(name)
    connection.execute(
        sa.update(trees).values(
            species_id=sa.select(species.c.id).where(same).scalar_subquery(),
            girth_cm=sa.select(readings.c.cm).where(readings.c.typed == trees.c.girth).scalar_subquery(),
        )
    )
    connection.execute(sa.update(visits).values(state=sa.case(STATES, value=visits.c.result)))
    readings.drop(connection)

    with op.batch_alter_table("trees") as batch:
        batch.drop_column("species")
        batch.drop_column("girth")
        batch.create_foreign_key("fk_trees_species_id", "species", ["species_id"], ["id"])
        batch.create_index("ix_trees_species_id", ["species_id"])
    with op.batch_alter_table("visits") as batch:
        batch.drop_column("result")
        batch.create_check_constraint("state", "state IN ('sound', 'watch', 'danger')")


def refuse_unreadable(connection: sa.Connection, girths: list[str]) -> None:
    """Raises ValueError, with the trees' numbers."""
    unknown = visits.c.result.not_in(list(STATES)) & (sa.func.trim(visits.c.result) != "")
    with_such = sa.select(trees.c.number).where(
        trees.c.girth.in_(girths) | sa.exists().where(visits.c.tree_id == trees.c.id, unknown)
    )
    if numbers := connection.scalars(with_such.order_by(trees.c.number)).all():
        raise ValueError(f"girth or result can't be read: {', '.join(numbers)}")


def downgrade() -> None:
    with op.batch_alter_table("visits") as batch:
        batch.add_column(sa.Column("result", sa.Text()))
    with op.batch_alter_table("trees") as batch:
        batch.add_column(sa.Column("species", sa.Text()))
        batch.add_column(sa.Column("girth", sa.Text()))

    named = sa.select(species.c.name).where(species.c.id == trees.c.species_id).scalar_subquery()
    in_words = sa.cast(trees.c.girth_cm, sa.Text()).concat(" cm")
    op.execute(sa.update(trees).values(species=named, girth=in_words))
    op.execute(sa.update(visits).values(result=visits.c.state))

    with op.batch_alter_table("visits") as batch:
        batch.drop_constraint(op.f("ck_visits_state"), type_="check")
        batch.drop_column("state")
    with op.batch_alter_table("trees") as batch:
        batch.drop_index("ix_trees_species_id")
        batch.drop_constraint("fk_trees_species_id", type_="foreignkey")
        batch.drop_column("species_id")
        batch.drop_column("girth_cm")
    op.drop_table("species")
