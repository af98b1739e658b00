import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";

const BODY_BYTES_MAX = 4 * 1024 * 1024; // the most the platform sends; above it the answer is 413
const secret = process.env.WEBHOOK_SECRET!;
const processed = new Set<string>(); // a table with a unique key, really

// Undefined if there is more than the platform sends.
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > BODY_BYTES_MAX) {
    return undefined;
  }

  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed on return: the refusal is still to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) {
      return undefined;
    }

    chunks.push(chunk);
  }

  return Buffer.concat(chunks);
}

// YOUR WORK goes here: store the event or queue it, in one transaction with its id.
async function processEvent(event: { type?: unknown }): Promise<void> {
  if (typeof event.type !== "string") {
    throw new Error("The event has no type.");
  }
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // The body as it came: JSON.stringify(JSON.parse(body)) would have other bytes.
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413, { connection: "close" }).end();
    return;
  }

  const id = String(request.headers["webhook-id"]);
  let event;
  try {
    const signature = String(request.headers["stripe-signature"]);
    event = Stripe.webhooks.constructEvent(body, signature, secret);
  } catch {
    response.writeHead(401).end();
    return;
  }

  if (processed.has(id)) {
    console.log(`duplicate ${id}`);
  } else {
    // First the work, then the id: if the work throws, the answer is 500 and the retry runs it.
    await processEvent(event);
    processed.add(id);
    console.log(`processed ${id} (${body.length} bytes)`);
  }

  response.writeHead(204).end();
}

const server = createServer((request, response) => {
  receive(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});

server.listen(Number(process.env.PORT ?? 9000), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
