async def query_with_open_regex(cases, text):
    # ruleid: query-with-open-regex
    await cases.find({"case.place": {"$regex": text}}).to_list(10)
    # ruleid: query-with-open-regex
    await cases.find({"case.place": {"$regex": f"^{text}"}}).to_list(10)
    # ruleid: query-with-open-regex
    await cases.find({"case.place": {"$regex": "^%s" % text}}).to_list(10)
    # ok: query-with-open-regex
    await cases.find({"case.place": {"$regex": re.escape(text)}}).to_list(10)
    # ok: query-with-open-regex
    await cases.find({"case.place": {"$regex": "^99"}}).to_list(10)


async def query_that_runs_code(cases, text):
    # ruleid: query-that-runs-code
    await cases.find_one({"$where": f"this.place == '{text}'"})
    # ok: query-that-runs-code
    await cases.find_one({"case.place": text})


async def query_from_a_request(cases, request, body):
    # ruleid: query-from-a-request
    await cases.find_one(dict(request.query_params))
    wanted = body.model_dump()
    # ruleid: query-from-a-request
    await cases.find(wanted).to_list(10)
    # ruleid: query-from-a-request
    await cases.count_documents({"case": await request.json()})
    # ok: query-from-a-request
    await cases.find_one({"_id": str(request.query_params["id"])})
    # ok: query-from-a-request
    await cases.find_one({"_id": body.id})


def error_swallowed(read, log):
    # ruleid: error-swallowed
    try:
        read()
    except Exception:
        pass
    # ok: error-swallowed
    try:
        read()
    except Exception as error:
        log.warning("unreadable", error=type(error).__name__)
    # ruleid: error-swallowed
    with suppress(Exception):
        read()
    # ok: error-swallowed
    with suppress(FileNotFoundError):
        read()


async def acknowledged_unawaited(message):
    # ruleid: acknowledged-unawaited
    message.ack()
    # ok: acknowledged-unawaited
    await message.ack()


def tls_unverified(httpx, url):
    # ruleid: tls-unverified
    httpx.get(url, verify=False)
    # ok: tls-unverified
    httpx.get(url, verify="/etc/ssl/office.pem")


def shell_started(subprocess, name):
    # ruleid: shell-started
    subprocess.run(f"tar cf {name}", shell=True)
    # ok: shell-started
    subprocess.run(["tar", "cf", name])


def token_read_elsewhere(token, key):
    # ruleid: token-read-elsewhere
    claims = jwt.decode(token, key)
    # ok: token-read-elsewhere
    return claims or read_token(token, key)


def seal_opened_elsewhere(sealed, key, vault):
    # ruleid: seal-opened-elsewhere
    content = jwe.decrypt_compact(sealed, key)
    # ruleid: seal-opened-elsewhere
    content = json.loads(sealed)
    # ok: seal-opened-elsewhere
    return content or vault.open("narrative", "id", sealed)


def time_without_zone(moment):
    # ruleid: time-without-zone
    now = datetime.now()
    # ruleid: time-without-zone
    then = datetime.fromtimestamp(moment)
    # ok: time-without-zone
    return now, then, datetime.now(UTC), datetime.fromtimestamp(moment, UTC)


def text_that_runs(text):
    # ruleid: text-that-runs
    content = yaml.load(text)
    # ok: text-that-runs
    return content or yaml.safe_load(text)


def template_unescaped(loader, text):
    # ruleid: template-unescaped
    first = Environment(loader=loader)
    # ruleid: template-unescaped
    second = jinja2.Environment(loader=loader, autoescape=False)
    # ruleid: template-unescaped
    shown = Markup(text)
    # ok: template-unescaped
    return first, second, shown, Environment(loader=loader, autoescape=True)


def secret_compared_plainly(hmac, given, signature):
    # ruleid: secret-compared-plainly
    if signature == given:
        return True
    # ok: secret-compared-plainly
    return hmac.compare_digest(signature, given)
