"""Species in a table of their own, girths as numbers, states of trees that a program can read."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    species = op.create_table(
        "species",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
    )
    with op.batch_alter_table("trees") as batch:
        batch.add_column(sa.Column("species_id", sa.Integer()))
        batch.add_column(sa.Column("girth_cm", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("visits") as batch:
        batch.add_column(sa.Column("state", sa.String(10), nullable=False, server_default="sound"))

    connection = op.get_bind()
    trees = sa.table("trees", sa.column("id"), sa.column("species"), sa.column("girth"), sa.column("species_id"), sa.column("girth_cm"))
    visits = sa.table("visits", sa.column("id"), sa.column("result"), sa.column("state"))

    names = connection.scalars(sa.select(trees.c.species).distinct().where(trees.c.species.is_not(None)))
    op.bulk_insert(species, [{"name": name} for name in names])
    ids = {name: number for number, name in connection.execute(sa.select(species.c.id, species.c.name))}
    for tree in connection.execute(sa.select(trees)).all():
        values = {"species_id": ids.get(tree.species), "girth_cm": int(re.sub(r"\D", "", tree.girth or "") or 0)}
        connection.execute(sa.update(trees).where(trees.c.id == tree.id).values(values))
    connection.execute(sa.update(visits).where(visits.c.result.in_(["watch", "danger"])).values(state=visits.c.result))

    with op.batch_alter_table("trees") as batch:
        batch.drop_column("species")
        batch.drop_column("girth")
    with op.batch_alter_table("visits") as batch:
        batch.drop_column("result")


def downgrade() -> None:
    with op.batch_alter_table("visits") as batch:
        batch.add_column(sa.Column("result", sa.Text()))
        batch.drop_column("state")
    with op.batch_alter_table("trees") as batch:
        batch.add_column(sa.Column("species", sa.Text()))
        batch.add_column(sa.Column("girth", sa.Text()))
        batch.drop_column("species_id")
        batch.drop_column("girth_cm")
    op.drop_table("species")
