// What filling and sending have in common: the queue, its connection, and what becomes of a job.
import { Redis } from 'ioredis'

export const queueName = 'webhooks'

// Without ioredis's automatic pipelining: a worker sends one script per job, and gathering them costs
// more instructions than it saves (by a tenth of the process; the client of node-redis is dearer too).
// Where Redis is, is a port or the path of a Unix socket.
export const connect = address =>
  new Redis({
    ...(address.startsWith('/') ? { path: address } : { host: '127.0.0.1', port: Number(address) }),
    maxRetriesPerRequest: null,
  })

// A first attempt and five retries, the first after a minute and each after twice the time, as the
// server has them. A delivered job goes; a dead one stays for the account.
export const jobOptions = {
  attempts: 6,
  backoff: { type: 'exponential', delay: 60_000, jitter: 0.1 },
  removeOnComplete: true,
  removeOnFail: false,
}
