import base64
import hashlib
import hmac
import json
import os
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY_BYTES_MAX = 4 * 1024 * 1024  # the most the platform sends; above it the answer is 413
KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
processed = set()  # a table with a unique key, really


def process(body):
    # YOUR WORK goes here: store the event or queue it, in one transaction with its id.
    print(f"type {json.loads(body)['type']}", flush=True)


def is_genuine(headers, body):
    webhook_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > 300:
        return False

    signed = f"{webhook_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    signatures = headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(signature, expected) for signature in signatures)


class Receiver(BaseHTTPRequestHandler):
    timeout = 30  # seconds that a sender may be silent

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.answer(411)
            return

        if int(length) > BODY_BYTES_MAX:
            self.answer(413)
            return

        # The exact bytes: json.dumps(json.loads(body)) would be others.
        body = self.rfile.read(int(length))
        if not is_genuine(self.headers, body):
            self.answer(401)
            return

        webhook_id = self.headers["webhook-id"]
        if webhook_id in processed:
            print(f"duplicate {webhook_id}", flush=True)
            self.answer(204)
            return

        # First the work, then the id: if the work raises, the answer is 500 and the retry runs it.
        try:
            process(body)
        except Exception:
            traceback.print_exc()
            self.answer(500)
            return

        processed.add(webhook_id)
        print(f"processed {webhook_id} ({len(body)} bytes)", flush=True)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver)
print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
