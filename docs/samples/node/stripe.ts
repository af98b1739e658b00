import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";

const secret = process.env.WEBHOOK_SECRET!;
const processed = new Set<string>(); // a table with a unique key, really

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }

  return Buffer.concat(chunks);
}

const server = createServer(async (request, response) => {
  const body = await readBody(request);
  const id = String(request.headers["webhook-id"]);
  try {
    Stripe.webhooks.constructEvent(body, String(request.headers["stripe-signature"]), secret);
  } catch {
    response.writeHead(401).end();
    return;
  }

  if (processed.has(id)) {
    console.log(`duplicate ${id}`);
  } else {
    processed.add(id);
    console.log(`processed ${id} (${body.length} bytes)`);
  }

  response.writeHead(204).end();
});

server.listen(Number(process.env.PORT ?? 9000), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
