#!/usr/bin/env bash
# Runs the server on the AWS engine, on emulators of DynamoDB, SQS and S3 on this machine.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/lib/bash.sh"

usage() {
  cat <<'TEXT'
usage: scripts/aws-local.sh [serve options]

Starts dynalite (DynamoDB) and fauxqs (SQS, S3) on loopback, then `serve --dev` on them, with tables,
queues and bucket made at the start. Everything is in memory and gone when it stops.
Needs the .NET 10 SDK and Node 20; installs the emulators by npm the first time.

  serve options   as for `serve`, for example --urls http://localhost:8081
  -h, --help      this text

DYNAMODB_PORT (default 4567) and SQS_PORT (default 4566) say where the emulators listen; the AWS CLI
reaches them with --endpoint-url.
TEXT
}

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  usage
  exit 0
fi

emulators=$root/tests/emulators
for command in dotnet node npm; do
  if ! command -v "$command" >/dev/null; then
    echo "aws-local.sh: $command not found; it needs the .NET 10 SDK and Node 20" >&2
    exit 1
  fi
done
if [[ ! -d $emulators/node_modules/fauxqs ]]; then
  npm ci --prefix "$emulators" --no-audit --no-fund >/dev/null
fi

# The emulators live as long as their standard input is open: until this script ends, however it does.
coproc EMULATORS {
  exec node "$emulators/aws.mjs" "${DYNAMODB_PORT:-4567}" "${SQS_PORT:-4566}"
}
# Once they have died, their array may be gone, and what it named be closed.
answers=${EMULATORS[0]:-}
if [[ -z $answers ]] || ! { read -r -t 30 urls <&"$answers"; } 2>/dev/null; then
  echo "aws-local.sh: the emulators did not start; are their ports in use?" >&2
  exit 1
fi
dynamodb=$(node -p 'JSON.parse(process.argv[1]).dynamodb' "$urls")
sqs=$(node -p 'JSON.parse(process.argv[1]).sqs' "$urls")
queues=$(node -p 'JSON.parse(process.argv[1]).queues' "$urls")
echo "DynamoDB on $dynamodb, SQS and S3 on $sqs"

export AWS_ENDPOINT_URL_DYNAMODB=$dynamodb AWS_ENDPOINT_URL_SQS=$sqs AWS_ENDPOINT_URL_S3=$sqs
export AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
export WebhookDelivery__Storage=Aws
export WebhookDelivery__Aws__TablePrefix=webhooks
export WebhookDelivery__Aws__QueueUrl=${queues}webhooks-due
export WebhookDelivery__Aws__DeadLetterQueueUrl=${queues}webhooks-dead
export WebhookDelivery__Aws__PayloadBucket=webhooks-payloads
export WebhookDelivery__Aws__CreateMissing=true
# What it seals is in memory only, so the key may be made anew each time.
WebhookDelivery__Secrets__MasterKey=$(node -p 'require("node:crypto").randomBytes(32).toString("base64")')
export WebhookDelivery__Secrets__MasterKey
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

dotnet run --project "$root/src/WebhookDelivery.Server" -- serve --dev "$@"
