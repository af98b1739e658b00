// DynamoDB (dynalite) and SQS with S3 (fauxqs) on loopback, in memory, for as long as stdin is open.
// Prints one line of JSON when both listen: {"dynamodb": "http://…", "sqs": "http://…",
// "queues": "http://…/"}, the last being what queues' URLs begin with.
// Usage: node aws.mjs [dynamodb port] [sqs port]; 0 or nothing picks a free one.
import { createServer } from "node:net";
import dynalite from "dynalite";
import { buildApp } from "fauxqs";

const host = "127.0.0.1";
const [dynamoPort = 0, sqsPort = 0] = process.argv.slice(2).map(Number);

const dynamo = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
// Dynalite throws where a client goes away in the middle of its request, as one does that is killed: it
// would take all the emulators with it.
dynamo.on("request", (request) => {
  request.removeAllListeners("error");
  request.on("error", () => {});
});
await new Promise((resolve, reject) => {
  dynamo.once("error", reject);
  dynamo.listen(dynamoPort, host, resolve);
});

// A queue keeps the URL under which it was made, so the port must be known before.
const port = sqsPort || (await freePort());
const app = buildApp({ logger: false });
await app.listen({ port, host });

console.log(
  JSON.stringify({
    dynamodb: `http://${host}:${dynamo.address().port}`,
    sqs: `http://${host}:${port}`,
    // A name that nothing resolves: the SDK calls the service's address, and the URL is only a field.
    queues: `http://sqs.us-east-1.localhost:${port}/000000000000/`,
  }),
);

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}
