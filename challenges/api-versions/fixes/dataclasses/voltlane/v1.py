"""`/v1`: for displays and clearing houses. What they were promised is in docs/v1.md, and in the classes here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from voltlane import services
from voltlane.errors import ApiError
from voltlane.models import Charger, Session, Site
from voltlane.payloads import LONGEST_CARD, MOST_ENERGY_WH, json_object

bp = Blueprint("v1", __name__, url_prefix="/v1")
bp.register_error_handler(ApiError, lambda error: ({"error": str(error)}, error.status))

#: What version 1 calls the states of later versions.
MEANT_BY = {"free": ("available",), "busy": ("occupied", "reserved"), "broken": ("faulted", "maintenance")}


@dataclass(frozen=True)
class OldCharger:
    id: str
    site: str
    status: str
    power: float

    @classmethod
    def of(cls, charger: Charger) -> OldCharger:
        (status,) = (word for word, states in MEANT_BY.items() if charger.state in states)
        return cls(charger.code, OldSite.line(charger.site), status, round(charger.power_w / 100) / 10)


@dataclass(frozen=True)
class OldSite:
    id: str
    name: str
    address: str
    chargers: int
    free: int

    @classmethod
    def of(cls, site: Site) -> OldSite:
        return cls(site.code, site.name, cls.line(site), *services.count_chargers(site))

    @staticmethod
    def line(site: Site) -> str:
        return " ".join([site.street + ",", site.postcode, site.city])


@dataclass(frozen=True)
class OldSession:
    id: int
    charger: str
    card: str
    start: str
    end: str
    kwh: float
    price: str

    @classmethod
    def of(cls, session: Session) -> OldSession:
        times = [f"{time:%Y-%m-%d %H:%M:%S}" if time else "" for time in (session.started_at, session.ended_at)]
        kwh = float(Decimal(session.energy_wh).scaleb(-3).quantize(Decimal("0.01")))
        price = Decimal(session.cost_cents).scaleb(-2)
        return cls(session.id, session.charger.code, session.card, *times, kwh, str(price))

    def answer(self) -> Response:
        return jsonify(self)


def refusal(field: str) -> ApiError:
    return ApiError(400, "invalid", f"There is something wrong with {field}.")


@bp.get("/chargers")
def list_chargers() -> ResponseReturnValue:
    chargers = services.all_chargers()
    if "status" in request.args:
        states = MEANT_BY.get(request.args["status"], ())
        chargers = [charger for charger in chargers if charger.state in states]
    return jsonify(list(map(OldCharger.of, chargers)))


@bp.get("/chargers/<code>")
def show_charger(code: str) -> ResponseReturnValue:
    charger = services.get_charger(code)
    site = url_for("v1.show_site", code=charger.site.code)
    return jsonify(OldCharger.of(charger)), {"Link": f'<{site}>; rel="up"'}


@bp.get("/sites")
def list_sites() -> ResponseReturnValue:
    return jsonify(list(map(OldSite.of, services.find_sites())))


@bp.get("/sites/<code>")
def show_site(code: str) -> ResponseReturnValue:
    return jsonify(OldSite.of(services.get_site(code)))


@bp.get("/sessions")
def list_sessions() -> ResponseReturnValue:
    if not request.args.get("card"):
        raise refusal("card")
    return jsonify(list(map(OldSession.of, services.all_sessions(request.args["card"]))))


@bp.get("/sessions/<int:number>")
def show_session(number: int) -> ResponseReturnValue:
    return OldSession.of(services.get_session(number)).answer()


@bp.post("/sessions")
def start_session() -> ResponseReturnValue:
    sent: dict[str, Any] = json_object()
    for field in ("charger", "card"):
        if not isinstance(sent.get(field), str) or not sent[field]:
            raise refusal(field)
    if len(sent["card"]) > LONGEST_CARD:
        raise refusal("card")
    session = services.start_session(sent["charger"], sent["card"])
    response = OldSession.of(session).answer()
    response.status_code = 201
    response.location = url_for("v1.show_session", number=session.id)
    return response


@bp.post("/sessions/<int:number>/stop")
def stop_session(number: int) -> ResponseReturnValue:
    kwh = json_object().get("kwh")
    if type(kwh) not in (int, float) or not 0 <= kwh <= MOST_ENERGY_WH / 1000:
        raise refusal("kwh")
    energy = Decimal(str(kwh)) * 1000
    return OldSession.of(services.stop_session(number, int(energy.to_integral_value()))).answer()
