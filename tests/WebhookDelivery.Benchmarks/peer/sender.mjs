// The peer: delivers a BullMQ queue in one process.
//   node sender.mjs <redis port or socket> <target URL> <in flight> <threads>
// Each thread has a worker, its share of what is in flight, and as many connections of its own. It
// delivers until its standard input ends, then says in one line what has become of the jobs.
import { argv, exit, stdin } from 'node:process'
import { Worker as Thread, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { Queue, Worker } from 'bullmq'
import { deliverTo } from './delivery.mjs'
import { connect, queueName } from './queue.mjs'

/** Delivers on this thread; what is returned closes the worker and says how many attempts failed. */
function deliver({ address, target, concurrency }) {
  let failures = 0
  const worker = new Worker(queueName, deliverTo(target, concurrency), {
    connection: connect(address),
    concurrency,
  })
  worker.on('failed', () => failures++)
  worker.on('error', error => {
    console.error(error)
    exit(1)
  })
  return async () => {
    await worker.close()
    return failures
  }
}

/** The same on a thread of its own. */
function deliverBeside(settings) {
  const thread = new Thread(new URL(import.meta.url), { workerData: settings })
  return () =>
    new Promise(resolve => {
      thread.once('message', resolve)
      thread.postMessage('close')
    })
}

async function main() {
  const [address, target, inFlight, threads] = argv.slice(2)
  const settings = {
    address,
    target,
    concurrency: Math.ceil(Number(inFlight) / Number(threads)),
  }
  const closing = [deliver(settings)]
  while (closing.length < Number(threads)) {
    closing.push(deliverBeside(settings))
  }

  for await (const _ of stdin) {
    // Nothing is said to it but the end.
  }

  const failures = await Promise.all(closing.map(close => close()))
  const queue = new Queue(queueName, { connection: connect(settings.address) })
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized', 'failed')
  console.log(
    JSON.stringify({
      Open: counts.waiting + counts.active + counts.delayed + counts.prioritized,
      Dead: counts.failed,
      FailedAttempts: failures.reduce((sum, each) => sum + each, 0),
    }),
  )
  exit(0)
}

if (isMainThread) {
  await main()
} else {
  const close = deliver(workerData)
  parentPort.once('message', async () => parentPort.postMessage(await close()))
}
