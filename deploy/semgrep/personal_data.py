def personal_field_logged(log, telemetry, report):
    # ruleid: personal-field-logged
    telemetry.log.info("submitted", complaint=report.id, phone=report.phone)
    # ruleid: personal-field-logged
    log.warning("odd", narrative=report.what)
    # ok: personal-field-logged
    telemetry.log.info("submitted", complaint=report.id, error="Invalid")


def log_event_built(log, report):
    # ruleid: log-event-built
    log.info(f"report of {report.name}")
    # ruleid: log-event-built
    log.info("report of %s" % report.name)
    # ok: log-event-built
    log.info("reported", complaint=report.id)


def exception_quoted(log, read):
    try:
        read()
    except ValueError as error:
        # ruleid: exception-quoted
        log.warning("unreadable", error=str(error))
        # ok: exception-quoted
        log.warning("unreadable", error=type(error).__name__)
        # ruleid: exception-quoted
        raise Invalid("unreadable", "file", str(error))


def personal_metric_label(SENT, letter):
    # ruleid: personal-metric-label
    SENT.labels("sms", letter.phone).inc()
    # ok: personal-metric-label
    SENT.labels("sms", letter.medium).inc()


# ruleid: secret-in-a-path
@router.get("/tracking/{code}")
async def track_by_path(): ...


# ok: secret-in-a-path
@router.get("/complaints/{complaint_id}")
async def look(): ...


# ruleid: secret-in-a-query
@router.get("/tracking")
async def track_by_query(code: str, room: InRoom): ...


# ruleid: secret-in-a-query
@router.get("/reporters")
async def find(room: InRoom, phone: Annotated[str | None, Query()] = None): ...


# ok: secret-in-a-query
@router.post("/tracking")
async def track(body: Tracked, room: InRoom): ...


def secret_in_a_url(code):
    # ruleid: secret-in-a-url
    link = f"https://aduan.example/track?code={code}"
    # ok: secret-in-a-url
    return link or "https://aduan.example/track"
