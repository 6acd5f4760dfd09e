"""What the API answers about a register whose rows are known."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mendbox_harness import TOLD, Row, Rows


class Register:
    """Rows by table, as the harness stored them, less what has been removed since."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def without(
        self,
        *,
        exhibitions: Collection[int] = (),
        items: Collection[int] = (),
        labels: Collection[int] = (),
        **others: Collection[int],
    ) -> Register:
        """The register after these were removed, by id; with their parts, but nothing more. `others`: by table."""
        removed = {"exhibitions": exhibitions, "items": items, "labels": labels, **others}
        kept = {
            table: [row for row in rows if row.get("id") not in removed.get(table, ())]
            for table, rows in self.rows.items()
        }
        for table, rows in kept.items():
            kept[table] = [
                row
                for row in rows
                if row.get("item_id") not in items
                and row.get("exhibition_id") not in exhibitions
                and row.get("keyword_id") not in removed.get("keywords", ())
            ]
        return Register(kept)

    def changed(self, table: str, where: dict[str, Any], **values: Any) -> Register:
        """The register with other values in the rows that hold these."""
        rows = [row | values if where.items() <= row.items() else row for row in self.rows[table]]
        return Register({**self.rows, table: rows})

    def find(self, table: str, number: int) -> Row:
        return next(row for row in self.rows[table] if row["id"] == number)

    def of(self, table: str, **where: Any) -> list[Row]:
        """The rows of a table that hold these values, by id."""
        return sorted(
            (row for row in self.rows[table] if where.items() <= row.items()), key=lambda row: row.get("id", 0)
        )

    def stored(self) -> dict[str, list[list[Any]]]:
        """As the harness tells of it, in no order."""
        return {
            table: [[row[column] for column in columns] for row in self.rows[table]] for table, columns in TOLD.items()
        }

    def brief(self, number: int) -> Row:
        row = self.find("items", number)
        return {"id": number, "number": row["number"], "title": row["title"]}

    def item(self, number: int) -> Row:
        """All about an object."""
        row = self.find("items", number)
        lender = row["lender_id"] and self.find("lenders", row["lender_id"])
        case = row["case_id"] and self.find("cases", row["case_id"])
        tags = [link["keyword_id"] for link in self.of("item_keywords", item_id=number)]
        reports = sorted(self.of("reports", item_id=number), key=lambda report: report["written_on"], reverse=True)
        return self.brief(number) | {
            "lender": lender and {"id": lender["id"], "name": lender["name"]},
            "case": case and {"code": case["code"], "room": case["room"]},
            "keywords": sorted(self.find("keywords", tag)["word"] for tag in tags),
            "labels": [
                {
                    "id": label["id"],
                    "exhibition": self.find("exhibitions", label["exhibition_id"])["title"],
                    "text": label["text"],
                }
                for label in self.of("labels", item_id=number)
            ],
            "photos": [
                {"filename": photo["filename"], "caption": photo["caption"]}
                for photo in self.of("photos", item_id=number)
            ],
            "reports": [
                {"id": report["id"], "written_on": report["written_on"].isoformat(), "text": report["text"]}
                for report in reports
            ],
        }

    def items(self) -> list[Row]:
        return sorted((self.brief(row["id"]) for row in self.rows["items"]), key=lambda item: item["number"])

    def on_the_wall(self, label: Row) -> Row:
        return {"id": label["id"], "item": self.brief(label["item_id"]), "text": label["text"]}

    def exhibition(self, number: int) -> Row:
        """One with its labels."""
        row = self.find("exhibitions", number)
        labels = sorted(self.of("labels", exhibition_id=number), key=lambda label: label["position"])
        return {
            "id": number,
            "title": row["title"],
            "opens": row["opens"].isoformat(),
            "closes": row["closes"].isoformat(),
            "labels": [self.on_the_wall(label) for label in labels],
        }

    def labels(self) -> list[Row]:
        return [
            self.on_the_wall(label) | {"exhibition": self.find("exhibitions", label["exhibition_id"])["title"]}
            for label in self.of("labels")
        ]

    def keywords(self) -> list[Row]:
        words = [
            {"word": row["word"], "items": len(self.of("item_keywords", keyword_id=row["id"]))}
            for row in self.rows["keywords"]
        ]
        return sorted(words, key=lambda keyword: keyword["word"])

    def cases(self) -> list[Row]:
        return [
            {key: row[key] for key in ("id", "code", "room")} | {"items": self._briefly("items", case_id=row["id"])}
            for row in sorted(self.rows["cases"], key=lambda case: case["code"])
        ]

    def lender(self, number: int) -> Row:
        row = self.find("lenders", number)
        return {"id": number, "name": row["name"], "items": self._briefly("items", lender_id=number)}

    def _briefly(self, table: str, **where: Any) -> list[Row]:
        return sorted((self.brief(row["id"]) for row in self.of(table, **where)), key=lambda item: item["number"])

    def figures(self) -> Row:
        return {table: len(rows) for table, rows in self.rows.items() if table != "item_keywords"}
