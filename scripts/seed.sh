#!/usr/bin/env bash
# Creates three test tenants, with keys and endpoints, on a running server of either engine.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/seed.sh [--stack NAME] [seed options]

Calls the API that --url names, so it works alike on the embedded engine, in a container and on
Lambda. What exists already is left as it is: it is safe to repeat.

  --url URL         the running server (default http://localhost:8080)
  --admin-key KEY   the operator key (default: $WebhookDelivery__AdminKey)
  --target URL      where the test tenants' endpoints point (default http://localhost:9000/webhooks)
  --stack NAME      take URL and key from the outputs of a deployed CloudFormation stack;
                    needs the AWS CLI and its credentials
  -h, --help        this text
TEXT
}

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
stack=
arguments=()
while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --stack)
      if (($# < 2)); then
        echo "seed.sh: --stack needs a value" >&2
        exit 2
      fi
      stack=$2
      shift
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

output() {
  aws cloudformation describe-stacks --stack-name "$stack" --output text \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
}

if [[ -n $stack ]]; then
  if ! command -v aws >/dev/null; then
    echo "seed.sh: --stack needs the AWS CLI (https://aws.amazon.com/cli/)" >&2
    exit 1
  fi
  url=$(output ApiUrl)
  secret=$(output AdminKeySecretArn)
  if [[ -z $url || -z $secret ]]; then
    echo "seed.sh: the stack $stack has no outputs ApiUrl and AdminKeySecretArn" >&2
    exit 1
  fi
  # By the environment, so that the key shows in no list of processes.
  WebhookDelivery__AdminKey=$(aws ssm get-parameter --name "$secret" --with-decryption \
    --query Parameter.Value --output text)
  export WebhookDelivery__AdminKey
  arguments=(--url "$url" "${arguments[@]}")
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
exec dotnet run --project "$root/src/WebhookDelivery.Server" -- seed "${arguments[@]}"
