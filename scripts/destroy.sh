#!/usr/bin/env bash
# Removes a deployment from AWS; its data only if told to.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/destroy.sh [options]

Deletes the stack WebhookDelivery-PREFIX. Tables, bucket, queues, KMS key and operator key stay, unless
they are deleted too, or the stack was deployed with retain=false.

  --prefix NAME   which deployment (default webhooks)
  --delete-data   delete the data too, for good; also data that an earlier run left behind
  --yes           do not ask
  -h, --help      this text
TEXT
}

fail() {
  echo "destroy.sh: $1" >&2
  exit "${2:-1}"
}

prefix=webhooks
delete_data=false
ask=true
while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --prefix)
      (($# >= 2)) || fail "--prefix needs a value" 2
      prefix=$2
      shift
      ;;
    --delete-data) delete_data=true ;;
    --yes) ask=false ;;
    *)
      echo "destroy.sh: unknown option $1" >&2
      usage >&2
      exit 2
      ;;
  esac
  shift
done

command -v aws >/dev/null || fail "AWS CLI: aws not found (https://aws.amazon.com/cli)"
account=$(aws sts get-caller-identity --query Account --output text 2>/dev/null) ||
  fail "no valid AWS credentials; set AWS_PROFILE or run 'aws configure'"
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[[ -n $region ]] || fail "no AWS region; set AWS_REGION"
export AWS_REGION=$region AWS_DEFAULT_REGION=$region AWS_PAGER=

stack=WebhookDelivery-$prefix
tables=("$prefix-Events" "$prefix-Tenants")
queues=("$prefix-Deliveries" "$prefix-DeadLetters")
bucket=${prefix,,}-payloads-$account-$region
key_alias=alias/$prefix-tenants
admin_key=/webhook-delivery/$prefix/admin-key

list_data() {
  cat <<TEXT
  tables        ${tables[*]}
  bucket        $bucket
  queues        ${queues[*]}
  KMS key       $key_alias
  operator key  $admin_key
TEXT
}

confirm() {
  local answer=
  echo "Account $account, region $region: the stack $stack will be deleted."
  if $delete_data; then
    echo "This data will be deleted for good:"
  else
    echo "This data stays (unless the stack was deployed with retain=false):"
  fi
  list_data
  $ask || return 0
  read -r -p "Type the prefix, $prefix, to go on: " answer || true
  [[ $answer == "$prefix" ]] || fail "nothing was changed"
}

exists() { "$@" >/dev/null 2>&1; }

# S3 deletes no bucket that holds objects, whoever asks.
empty_bucket() {
  exists aws s3api head-bucket --bucket "$bucket" || return 0
  aws s3 rm "s3://$bucket" --recursive --only-show-errors
}

delete_stack() {
  exists aws cloudformation describe-stacks --stack-name "$stack" || {
    echo "Stack $stack: is not there"
    return 0
  }
  aws cloudformation delete-stack --stack-name "$stack"
  aws cloudformation wait stack-delete-complete --stack-name "$stack" ||
    fail "the stack was not deleted; the console says why. A bucket that is not empty needs --delete-data"
  echo "Stack $stack: deleted"
}

delete_tables() {
  local table
  for table in "${tables[@]}"; do
    exists aws dynamodb describe-table --table-name "$table" || continue
    aws dynamodb update-table --table-name "$table" --no-deletion-protection-enabled >/dev/null
    aws dynamodb wait table-exists --table-name "$table"
    aws dynamodb delete-table --table-name "$table" >/dev/null
    aws dynamodb wait table-not-exists --table-name "$table"
    echo "Table $table: deleted"
  done
}

delete_bucket() {
  exists aws s3api head-bucket --bucket "$bucket" || return 0
  aws s3 rb "s3://$bucket" --force >/dev/null
  echo "Bucket $bucket: deleted"
}

delete_queues() {
  local queue url
  for queue in "${queues[@]}"; do
    url=$(aws sqs get-queue-url --queue-name "$queue" --query QueueUrl --output text 2>/dev/null) ||
      continue
    aws sqs delete-queue --queue-url "$url"
    echo "Queue $queue: deleted"
  done
}

# KMS deletes no key at once: until then it can be taken back, and with it a restored table.
delete_keys() {
  local key
  if key=$(aws kms describe-key --key-id "$key_alias" --query KeyMetadata.KeyId --output text \
    2>/dev/null); then
    aws kms schedule-key-deletion --key-id "$key" --pending-window-in-days 30 >/dev/null
    aws kms delete-alias --alias-name "$key_alias"
    echo "KMS key $key: goes in 30 days; until then 'aws kms cancel-key-deletion' keeps it"
  fi
  if exists aws ssm get-parameter --name "$admin_key"; then
    aws ssm delete-parameter --name "$admin_key"
    echo "Operator key $admin_key: deleted"
  fi
}

confirm
if $delete_data; then
  empty_bucket
fi
delete_stack
if $delete_data; then
  delete_tables
  delete_bucket
  delete_queues
  delete_keys
else
  echo "What stays costs storage. To delete it: scripts/destroy.sh --prefix $prefix --delete-data"
fi
