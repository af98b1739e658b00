// Queues a backlog: node fill.mjs <redis port or socket> <jobs> <payload file> <event type>
import { readFileSync } from 'node:fs'
import { argv, exit } from 'node:process'
import { Queue } from 'bullmq'
import { connect, jobOptions, queueName } from './queue.mjs'

const batchSize = 1000
const [address, jobs, payloadFile, type] = argv.slice(2)
const data = { type, payload: readFileSync(payloadFile, 'utf8') }

const connection = connect(address)
const queue = new Queue(queueName, { connection, defaultJobOptions: jobOptions })
for (let left = Number(jobs); left > 0; left -= batchSize) {
  const batch = Array.from({ length: Math.min(left, batchSize) }, () => ({ name: 'deliver', data }))
  await queue.addBulk(batch)
}

const { waiting } = await queue.getJobCounts('waiting')
console.log(JSON.stringify({ Waiting: waiting }))
await queue.close()
exit(0)
