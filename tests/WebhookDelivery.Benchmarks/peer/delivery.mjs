// One delivery attempt: sign both ways, POST, judge the status.
import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { Pool } from 'undici'

const deadlineMilliseconds = 15_000

/** Makes the processor of a worker that delivers to one endpoint over its own connections. */
export function deliverTo(target, connections) {
  const { origin, pathname } = new URL(target)
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: deadlineMilliseconds,
    bodyTimeout: deadlineMilliseconds,
  })
  const secretBytes = randomBytes(32)
  const secret = createSecretKey(secretBytes)
  const secretText = createSecretKey(Buffer.from(`whsec_${secretBytes.toString('base64')}`))

  return job => {
    const id = `evt_${job.id.padStart(26, '0')}`
    const seconds = String(Math.floor(Date.now() / 1000))
    const body = Buffer.from(job.data.payload)
    const stripe = createHmac('sha256', secretText).update(`${seconds}.`).update(body)
    const standard = createHmac('sha256', secret).update(`${id}.${seconds}.`).update(body)
    const request = {
      method: 'POST',
      path: pathname,
      body,
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'WebhookDelivery/0.1.0',
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'Stripe-Signature': `t=${seconds},v1=${stripe.digest('hex')}`,
        'webhook-attempt': String(job.attemptsMade + 1),
        'webhook-signature': `v1,${standard.digest('base64')}`,
        'webhook-event-type': job.data.type,
      },
    }
    return new Promise((resolve, reject) => pool.dispatch(request, new Exchange(resolve, reject)))
  }
}

/** Reads a response to its end; undici's own handlers, which make streams of it, cost more. */
class Exchange {
  #resolve
  #reject
  #status

  constructor(resolve, reject) {
    this.#resolve = resolve
    this.#reject = reject
  }

  onRequestStart() {}

  onResponseStart(controller, status) {
    this.#status = status
  }

  onResponseData() {}

  onResponseEnd() {
    if (this.#status >= 200 && this.#status < 300) {
      this.#resolve()
    } else {
      this.#reject(new Error(`status ${this.#status}`))
    }
  }

  onResponseError(controller, error) {
    this.#reject(error)
  }
}
