#!/usr/bin/env python3
"""Makes a database of the embedded engine as the given server writes it, with what it answers.

usage: make.py SERVER_DLL NAME

Runs the server on an empty directory, has it hold something of everything (tenants, keys, endpoints,
events in every status, attempts, dead letters, idempotency keys), stops it and writes beside this file
NAME.db.gz, the database, and NAME.json, the secrets that go with it and the API's answers about it.
The keys are good for nothing else. Needs Python's own library only.
"""

import base64
import contextlib
import gzip
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
MASTER_KEY = base64.b64encode(b"a master key for tests and no more"[:32]).decode()
PATIENCE_S = 60


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers by path: /ok 200, /fail 500, /throttle 429, /gone 410, /flaky 503 once per event."""

    protocol_version = "HTTP/1.1"
    seen = set()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.path.split("/")[1]
        event = self.headers["webhook-id"]
        first = (kind, event) not in Receiver.seen
        Receiver.seen.add((kind, event))
        status = {"fail": 500, "throttle": 429, "gone": 410}.get(kind, 200)
        if kind == "flaky" and first:
            status = 503
        body = f"{kind} says {status}".encode()
        self.send_response(status)
        if kind == "throttle":
            self.send_header("Retry-After", "36000")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, dll, data):
        self.dll, self.data = dll, data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = ""
        self.process = None

    def start(self, **settings):
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("WebhookDelivery_", "ASPNETCORE_", "Logging__"))
        }
        environment["WebhookDelivery__Secrets__MasterKey"] = MASTER_KEY
        for name, value in settings.items():
            environment["WebhookDelivery__" + name] = value
        command = ["dotnet", self.dll, "serve", "--dev"]
        self.process = subprocess.Popen(
            [*command, "--data", str(self.data), "--urls", self.url],
            env=environment,
            cwd=self.data.parent,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, args=[self.process], daemon=True).start()
        wait(lambda: self.call("GET", "/health/ready")[0] == 200, "the server to be ready")

    def _read(self, process):
        for line in process.stdout:
            self.output += line

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(PATIENCE_S) != 0:
            sys.exit(f"the server ended with {self.process.returncode}: {self.output}")

    def call(self, method, path, key=None, body=None, **headers):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, body, method=method)
        request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        if key:
            request.add_header("Authorization", "Bearer " + key)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError):
            return 0, ""

    def ask(self, expected, method, path, key=None, body=None, **headers):
        status, text = self.call(method, path, key, body, **headers)
        if status != expected:
            sys.exit(f"{method} {path}: {status} {text}")
        return json.loads(text) if text else None


def wait(condition, what):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"waited in vain for {what}")
        time.sleep(0.05)


class Maker:
    def __init__(self, server, receiver):
        self.server, self.receiver = server, receiver
        operator = re.search(r"wha_\S+", server.output).group()
        self.operator, self.keys, self.secrets = operator, {}, {}
        self.events, self.idempotent = [], []

    def tenant(self, name):
        made = self.server.ask(201, "POST", "/v1/tenants", self.operator, {"tenant_id": name})
        self.keys[name] = made["api_key"]

    def endpoint(self, tenant, kind, **members):
        body = {"url": f"{self.receiver}/{kind}/{tenant}", "description": kind, **members}
        made = self.server.ask(201, "POST", "/v1/endpoints", self.keys[tenant], body)
        self.secrets[made["endpoint_id"]] = made["secret"]
        return made["endpoint_id"]

    def post(self, tenant, body, **headers):
        made = self.server.ask(201, "POST", "/v1/events", self.keys[tenant], body, **headers)
        self.events.append((tenant, made["event_id"]))
        return made["event_id"]

    def post_keyed(self, tenant, body, key):
        event = self.post(tenant, body, Idempotency_Key=key)
        text = body.decode() if isinstance(body, bytes) else json.dumps(body)
        self.idempotent.append(
            {"tenant": tenant, "key": key, "body": text, "event_id": event}
        )
        return event

    def statuses(self, tenant, event):
        stored = self.server.ask(200, "GET", f"/v1/events/{event}", self.keys[tenant])
        return {each["endpoint_id"]: each["status"] for each in stored["deliveries"]}

    def await_status(self, tenant, event, endpoint, status):
        wait(
            lambda: self.statuses(tenant, event)[endpoint] == status,
            f"{event} at {endpoint} to be {status}",
        )


def fill(make, server):
    """Everything but deliveries that nobody has attempted."""
    make.tenant("acme")
    acme = make.keys["acme"]
    ok = make.endpoint("acme", "ok", headers={"X-Environment": "test"}, max_in_flight=4)
    own = "whsec_" + base64.b64encode(b"a secret that the tenant brought").decode()
    make.endpoint("acme", "ok", event_types=["user.*"], secret=own, timeout_seconds=5)
    fail = make.endpoint("acme", "fail", event_types=["open.*"], retry_schedule=["7d", "7d"])
    throttle = make.endpoint("acme", "throttle", event_types=["open.*"])
    dead = make.endpoint("acme", "fail", event_types=["dead.*"], retry_schedule=["1s"])
    flaky = make.endpoint("acme", "flaky", event_types=["flaky.*"], retry_schedule=["1s"])
    gone = make.endpoint("acme", "gone", event_types=["gone.*"])
    parked = make.endpoint("acme", "ok", event_types=["parked.*"], disabled=True)
    deleted = make.endpoint("acme", "fail", event_types=["deleted.*"], retry_schedule=["7d"])

    delivered = make.post("acme", {"type": "order.created", "text": "größer als 10 €"})
    make.await_status("acme", delivered, ok, "DELIVERED")
    make.post("acme", {"untyped": True, "blank": "  kept  "})
    make.post("acme", {"type": "user.created", "pad": "x" * 20_000})
    make.post_keyed("acme", b'{ "type":"order.paid",   "n":1.50 }', "order-1")
    for i in range(3):
        event = make.post("acme", {"type": "open.failed", "i": i})
        make.await_status("acme", event, fail, "FAILED")
        make.await_status("acme", event, throttle, "FAILED")
        event = make.post("acme", {"type": "dead.one", "i": i})
        make.await_status("acme", event, dead, "DEAD_LETTER")
    # Dead twice over: its schedule began anew.
    server.ask(200, "POST", "/v1/dead-letters/requeue", acme, {"max_messages": 1})
    time.sleep(0.5)
    for tenant, event in make.events:
        if dead in make.statuses(tenant, event):
            make.await_status(tenant, event, dead, "DEAD_LETTER")
    event = make.post("acme", {"type": "flaky.one"})
    make.await_status("acme", event, flaky, "DELIVERED")
    event = make.post("acme", {"type": "gone.one"})
    make.await_status("acme", event, gone, "DEAD_LETTER")
    for i in range(2):
        event = make.post("acme", {"type": "parked.one", "i": i})
        make.await_status("acme", event, parked, "PARKED")
    event = make.post("acme", {"type": "deleted.one"})
    make.await_status("acme", event, deleted, "FAILED")
    server.ask(204, "DELETE", f"/v1/endpoints/{deleted}", acme)
    make.await_status("acme", event, deleted, "CANCELLED")
    server.ask(202, "POST", f"/v1/events/{delivered}/redeliver", acme, {"endpoint_id": ok})
    make.await_status("acme", delivered, ok, "DELIVERED")

    make.tenant("globex")
    rotated = make.endpoint("globex", "ok")
    path = f"/v1/endpoints/{rotated}/rotate-secret"
    body = {"overlap_seconds": 604_800}
    answer = server.ask(200, "POST", path, make.keys["globex"], body)
    make.secrets[rotated] = answer["secret"]
    event = make.post_keyed("globex", {"type": "order.created"}, "order-1")
    make.await_status("globex", event, rotated, "DELIVERED")
    spare = server.ask(201, "POST", "/v1/tenants/globex/api-keys", make.operator, {})
    server.ask(
        204, "DELETE", f"/v1/tenants/globex/api-keys/{spare['key_id']}", make.operator
    )

    make.tenant("quiet")
    make.post("quiet", {"type": "nobody.listens"})

    make.tenant("former")
    make.endpoint("former", "ok")
    server.ask(201, "POST", "/v1/events", make.keys["former"], {"type": "erased"})
    server.ask(204, "DELETE", "/v1/tenants/former", make.operator)
    make.former = make.keys.pop("former")


def fill_pending(make):
    """Accepted by a server that delivers nothing."""
    for i in range(4):
        make.post("acme", {"type": "order.waits", "i": i})
    make.post_keyed("globex", {"type": "order.waits"}, "order-2")


def answers(make, server):
    """What the API says, to be said again by later programs."""
    asked = [("operator", "/v1/tenants")]
    for tenant in make.keys:
        asked.append(("operator", f"/v1/tenants/{tenant}"))
        for page in ["/v1/endpoints", "/v1/events?limit=100", "/v1/dead-letters"]:
            asked.append((tenant, page))
        for status in ["PENDING", "FAILED", "PARKED", "DEAD_LETTER", "CANCELLED", "DELIVERED"]:
            asked.append((tenant, f"/v1/events?limit=100&status={status}"))
    for tenant, event in make.events:
        for part in ["", "/payload", "/attempts"]:
            asked.append((tenant, f"/v1/events/{event}{part}"))
    found = []
    for who, path in asked:
        key = make.operator if who == "operator" else make.keys[who]
        status, text = server.call("GET", path, key)
        if status != 200:
            sys.exit(f"GET {path}: {status} {text}")
        found.append({"key": who, "path": path, "answer": text})
    return found


def write(database, name, description):
    leftovers = [path.name for path in database.parent.glob("webhooks.db-*")]
    if leftovers:
        sys.exit(f"the server left {leftovers}")
    packed = gzip.compress(database.read_bytes(), 9, mtime=0)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        description["version"] = connection.execute("PRAGMA user_version").fetchone()[0]
    (HERE / f"{name}.db.gz").write_bytes(packed)
    text = json.dumps(description, indent=1, ensure_ascii=False)
    (HERE / f"{name}.json").write_text(text + "\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    dll, name = os.path.abspath(sys.argv[1]), sys.argv[2]
    home = pathlib.Path(tempfile.mkdtemp(prefix="webhookdelivery-"))
    http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=http_server.serve_forever, daemon=True).start()
    receiver = f"http://127.0.0.1:{http_server.server_address[1]}"
    server = Server(dll, home / "data")
    try:
        server.start()
        wait(lambda: "wha_" in server.output, "the operator key")
        make = Maker(server, receiver)
        fill(make, server)
        server.stop()
        server.start(Delivery__Paused="true")
        fill_pending(make)
        description = {
            "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "master_key": MASTER_KEY,
            "receiver": receiver,
            "operator_key": make.operator,
            "api_keys": make.keys,
            "former_api_key": make.former,
            "secrets": make.secrets,
            "idempotent": make.idempotent,
            "answers": answers(make, server),
        }
        server.stop()
        write(server.data / "webhooks.db", name, description)
    finally:
        if server.process and server.process.poll() is None:
            server.process.kill()
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
