"""Addresses of the square, all under the root, all read-only."""

from django.urls import path

from sanxiang.square import (
    agencies,
    decisions,
    front,
    log,
    machine,
    on_request,
    open_data,
    procedures,
    registers,
    verifying,
)

urlpatterns = [
    path("", front.front, name="front"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/withdrawn/", decisions.withdrawn, name="withdrawn"),
    path("decisions/on-request/", on_request.listing, name="on-request"),
    path("decisions/<uuid:identity>/", decisions.decision, name="decision"),
    path("decisions/<uuid:identity>.json", decisions.decision_json, name="decision-json"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/<uuid:identity>/", agencies.agency, name="agency"),
    path("agencies/<uuid:identity>/<slug:kind>/", registers.register, name="agency-register"),
    path("officers/", agencies.officers, name="officers"),
    path("procedures/<slug:locality>/<slug:name>/", procedures.procedure, name="procedure"),
    path(
        "procedures/<slug:locality>/<slug:name>.svg",
        procedures.picture,
        {"form": "svg"},
        name="procedure-svg",
    ),
    path(
        "procedures/<slug:locality>/<slug:name>.bpmn",
        procedures.picture,
        {"form": "bpmn"},
        name="procedure-bpmn",
    ),
    path("verify/", verifying.verify, name="verify"),
    path("log/checkpoint", log.checkpoint, name="log-checkpoint"),
    path("log/vkey", log.vkeys, name="log-vkey"),
    path("log/tile/<path:path>", log.tile, name="log-tile"),
    path("log/access/<int:year>/checkpoint", log.checkpoint, name="access-checkpoint"),
    path("log/access/<int:year>/tile/<path:path>", log.tile, name="access-tile"),
    path("log-sm3/checkpoint", log.checkpoint, {"hash": "sm3"}, name="twin-checkpoint"),
    path("log-sm3/tile/<path:path>", log.tile, {"hash": "sm3"}, name="twin-tile"),
    path("feed/decisions.atom", open_data.feed, name="feed"),
    path("open-data/decisions.csv", open_data.decisions_csv, name="decisions-csv"),
    path("open-data/decisions.json", open_data.decisions_json, name="decisions-json"),
    path("sitemap.xml", open_data.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", open_data.sitemap_part, name="sitemap-part"),
    path("robots.txt", open_data.robots, name="robots"),
    path("healthz", machine.healthz, name="healthz"),
    path("metrics", machine.metrics, name="metrics"),
]
