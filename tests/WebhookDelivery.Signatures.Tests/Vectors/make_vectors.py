"""Writes vectors.json: signatures computed apart from the C# code, with Python's hmac."""

import base64
import hashlib
import hmac
import json
import pathlib

KEY_32 = base64.b64encode(bytes(range(32))).decode()
KEY_24 = base64.b64encode(bytes(range(200, 224))).decode()
KEY_64 = base64.b64encode(bytes(range(64))).decode()

CASES = [
    # Secret, id, timestamp and body of the example in the Standard Webhooks specification.
    (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    ),
    ("whsec_" + KEY_32, "evt_01JZ8QK4T5W6X7Y8Z9ABCDEFGH", 1767225600, b'{"type":"order.paid"}'),
    ("whsec_" + KEY_24, "evt_0", 0, b""),
    ("whsec_" + KEY_64, "evt_" + "z" * 251, 253402300799, "{\"name\":\"Zo\u00eb \u2713\"}".encode()),
    ("whsec_" + KEY_32, "evt_bytes", 1767225600, bytes(range(256)) * 5),
    ("an old secret, kept", "evt_custom", 1767225600, b'{"a":1}'),
]


def sign(secret, webhook_id, timestamp, body):
    stripe = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
    vector = {
        "secret": secret,
        "id": webhook_id,
        "timestamp": timestamp,
        "body_base64": base64.b64encode(body).decode(),
        "stripe_signature": f"t={timestamp},v1={stripe}",
        "webhook_signature": None,
    }
    if secret.startswith("whsec_"):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = b"%s.%d." % (webhook_id.encode(), timestamp) + body
        mac = hmac.new(key, signed, hashlib.sha256).digest()
        vector["webhook_signature"] = "v1," + base64.b64encode(mac).decode()
    return vector


path = pathlib.Path(__file__).with_name("vectors.json")
path.write_text(json.dumps([sign(*case) for case in CASES], indent=2) + "\n")
