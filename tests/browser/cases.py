"""What the browser's tests have happened before: a report that waits for an officer, a call that cannot wait."""

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import ago


async def doubtful(stage: Stage, what: str, phone: str) -> Report:
    """A report whose point on the map lies elsewhere, so that a person must look."""
    body = {
        "channel": "web",
        "what": what,
        "where": {"text": "rumah saya", "lat": -6.95, "lon": 107.95},
        "when": ago(hours=20),
        "reporter": {"name": "Tuti Contoh", "phone": phone},
    }
    report = await stage.report("/complaints", body)
    officer = stage.officer("verifier-1", "verifier")
    waits = f"/complaints/{report.id}"
    await stage.found("verification", waits, officer, lambda case: case["status"] == "waiting")
    await stage.found("notification", f"{waits}/messages", officer, lambda told: told["messages"])
    return report


async def robbery(stage: Stage, what: str, place: str, lat: float, lon: float, phone: str) -> Report:
    """A call to 110 about a robbery that is happening, to which the nearest patrol is sent."""
    return await stage.report(
        "/calls/complaints",
        {
            "what": what,
            "where": {"text": place, "lat": lat, "lon": lon},
            "when": None,
            "in_progress": True,
            "reporter": {"name": "Tono Contoh", "phone": phone},
        },
        stage.officer("operator-1", "call_operator"),
    )


async def called_off(stage: Stage) -> None:
    """No patrol is looked for or sent to what other tests have told of: it would ring, and cannot go off duty."""
    operator = stage.officer("operator-1", "call_operator")
    for row in await stage.get("investigation", "/patrols/dispatches/board", operator):
        await stage.post("investigation", f"/patrols/dispatches/{row['complaint']}/stand-down", headers=operator)
