// Verifies signatures with the npm libraries that receivers use. Reads JSON lines on stdin:
//   {"library":"stripe"|"standardwebhooks"|"svix","secret":"…","headers":{"name":"value"},"body_base64":"…"}
// and answers each, in order, with one line: {"ok":true} or {"ok":false,"error":"…"}.
// Ends when stdin does.
import { createInterface } from "node:readline";
import { Webhook as StandardWebhook } from "standardwebhooks";
import Stripe from "stripe";
import { Webhook as SvixWebhook } from "svix";

const libraries = {
  stripe: (secret, headers, body) =>
    Stripe.webhooks.constructEvent(body, headers["stripe-signature"], secret),
  standardwebhooks: (secret, headers, body) => new StandardWebhook(secret).verify(body, headers),
  svix: (secret, headers, body) => new SvixWebhook(secret).verify(body, headers),
};

function verify(line) {
  const request = JSON.parse(line);
  const library = libraries[request.library];
  if (!library) {
    return { ok: false, error: `unknown library: ${request.library}` };
  }

  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  library(request.secret, headers, Buffer.from(request.body_base64, "base64"));
  return { ok: true };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = verify(line);
  } catch (error) {
    answer = { ok: false, error: String(error?.message ?? error) };
  }

  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
