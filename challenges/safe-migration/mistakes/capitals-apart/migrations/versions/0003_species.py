"""Species in a table of their own, girths as numbers, states of trees that a program can read."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

old_tree = sa.table("trees", sa.column("id"), sa.column("number"), sa.column("species"), sa.column("girth"))
old_visit = sa.table("visits", sa.column("tree_id"), sa.column("result"))
kinds = sa.table("species", sa.column("id"), sa.column("name"))
JUDGED = ("sound", "watch", "danger")


def girth_of(text: str) -> int:
    """In centimetres; a ValueError if this is no girth."""
    amount, unit = text.strip(" "), "cm"
    for ending in ("cm", "m"):
        if amount.endswith(ending):
            amount, unit = amount.removesuffix(ending).rstrip(" "), ending
            break
    if unit == "m":
        whole, point, decimals = amount.replace(",", ".").partition(".")
        if len(decimals) not in ((1, 2) if point else (0,)):
            raise ValueError(text)
        amount = whole and whole + decimals.ljust(2, "0")
    if not (amount.isascii() and amount.isdigit()):
        raise ValueError(text)
    return int(amount)


def judgement_of(text: str) -> str:
    return "sound" if text == "ok" else JUDGED[JUDGED.index(text)]


class Texts:
    """The different texts of a column, without the empty ones, and what they mean."""

    def __init__(self, column: sa.ColumnClause, meaning) -> None:
        self.means = {}
        self.unclear = []
        for (text,) in op.get_bind().execute(sa.select(column).group_by(column)):
            if text is None or text.strip() == "":
                continue
            try:
                self.means[text] = meaning(text)
            except ValueError:
                self.unclear.append(text)

    def as_case(self, column: sa.ColumnClause) -> sa.ColumnElement:
        return sa.case(self.means, value=column, else_=sa.null()) if self.means else sa.null()


def unclear_trees(girths: Texts, results: Texts) -> Iterator[str]:
    by_girth = sa.select(old_tree.c.number).where(old_tree.c.girth.in_(girths.unclear))
    by_visit = sa.select(old_tree.c.number).join(old_visit, old_visit.c.tree_id == old_tree.c.id)
    by_visit = by_visit.where(old_visit.c.result.in_(results.unclear))
    yield from op.get_bind().scalars(sa.union(by_girth, by_visit))


def upgrade() -> None:
    girths, results = Texts(old_tree.c.girth, girth_of), Texts(old_visit.c.result, judgement_of)
    if unclear := sorted(unclear_trees(girths, results)):
        raise RuntimeError("These trees have a girth or a visit that nobody can read: " + " ".join(unclear))

    op.create_table(
        "species",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.UniqueConstraint("name"),
    )
    spellings: dict[str, str] = {}
    eldest = sa.select(old_tree.c.species).group_by(old_tree.c.species).order_by(sa.func.min(old_tree.c.number))
    for text in op.get_bind().scalars(eldest):
        if text and text.strip():
            spellings.setdefault(text.strip(), text.strip())
    op.bulk_insert(kinds, [{"name": spelling} for spelling in spellings.values()])
    numbers = {name: number for number, name in op.get_bind().execute(sa.select(kinds.c.id, kinds.c.name))}
    species = Texts(old_tree.c.species, lambda text: numbers[text.strip()])

    with op.batch_alter_table("trees") as table:
        table.add_column(sa.Column("species_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("girth_cm", sa.Integer(), nullable=True))
    new_tree = sa.table("trees", *map(sa.column, ("species", "girth", "species_id", "girth_cm")))
    tree_values = {"species_id": species.as_case(new_tree.c.species), "girth_cm": girths.as_case(new_tree.c.girth)}
    op.execute(new_tree.update().values(tree_values))
    with op.batch_alter_table("trees") as table:
        table.create_index("ix_trees_species_id", ["species_id"])
        table.create_foreign_key(None, "species", ["species_id"], ["id"])
        for gone in ("species", "girth"):
            table.drop_column(gone)

    op.add_column("visits", sa.Column("state", sa.String(10)))
    new_visit = sa.table("visits", sa.column("result"), sa.column("state"))
    op.execute(new_visit.update().values(state=results.as_case(new_visit.c.result)))
    with op.batch_alter_table("visits") as table:
        table.drop_column("result")
        table.create_check_constraint("state", f"state IN {JUDGED}")


def downgrade() -> None:
    with op.batch_alter_table("visits") as table:
        table.add_column(sa.Column("result", sa.Text()))
    visit = sa.table("visits", sa.column("state"), sa.column("result"))
    op.execute(visit.update().where(visit.c.state.is_not(None)).values(result=visit.c.state))
    with op.batch_alter_table("visits") as table:
        table.drop_constraint(op.f("ck_visits_state"), type_="check")
        table.drop_column("state")

    for column in ("species", "girth"):
        op.add_column("trees", sa.Column(column, sa.Text()))
    tree = sa.table("trees", *map(sa.column, ("species", "girth", "species_id", "girth_cm")))
    names = {number: name for number, name in op.get_bind().execute(sa.select(kinds.c.id, kinds.c.name))}
    if names:
        op.execute(tree.update().values(species=sa.case(names, value=tree.c.species_id)))
    measured = tree.c.girth_cm.cast(sa.String()) + sa.literal(" cm")
    op.execute(tree.update().where(tree.c.girth_cm.is_not(None)).values(girth=measured))
    with op.batch_alter_table("trees") as table:
        table.drop_constraint("fk_trees_species_id", type_="foreignkey")
        table.drop_index("ix_trees_species_id")
        for gone in ("species_id", "girth_cm"):
            table.drop_column(gone)
    op.drop_table("species")
