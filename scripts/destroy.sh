#!/usr/bin/env bash
# Removes a deployment from AWS; its data only if told to.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/lib/bash.sh"
source "$root/scripts/lib/aws.sh"

usage() {
  cat <<'TEXT'
usage: scripts/destroy.sh [options]

Deletes the stack WebhookDelivery-PREFIX. Tables, bucket, queues and KMS key stay, unless they are
deleted too, or the stack was deployed with retain=false. The operator key stays unless it is deleted
too, whatever the stack was deployed with. Safe to repeat, also after a run that broke off.

  --prefix NAME   which deployment (default webhooks)
  --delete-data   delete the data too, for good; also data that an earlier run left behind
  --yes           do not ask
  -h, --help      this text
TEXT
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
find_account
name_data "$prefix"

list_data() {
  cat <<TEXT
  tables        ${tables[*]}
  bucket        $bucket
  queues        ${queues[*]}
  KMS key       $key_alias
  operator key  $key_parameter
TEXT
}

confirm() {
  local answer=
  echo "Account $account, region $AWS_REGION: the stack $stack will be deleted."
  if $delete_data; then
    echo "This data will be deleted for good:"
  else
    echo "This data stays (with retain=false, only the operator key does):"
  fi
  list_data
  $ask || return 0
  read -r -p "Type the prefix, $prefix, to go on: " answer || true
  [[ $answer == "$prefix" ]] || fail "nothing was changed"
}

# S3 deletes no bucket that holds objects, whoever asks.
empty_bucket() {
  ask s3api head-bucket --bucket "$bucket" || return 0
  aws s3 rm "s3://$bucket" --recursive --only-show-errors
}

delete_stack() {
  ask cloudformation describe-stacks --stack-name "$stack" || {
    echo "Stack $stack: is not there"
    return 0
  }
  aws cloudformation delete-stack --stack-name "$stack"
  aws cloudformation wait stack-delete-complete --stack-name "$stack" ||
    fail "the stack was not deleted; the console says why. A bucket that is not empty needs --delete-data"
  echo "Stack $stack: deleted"
}

# Only what an earlier run has not done: DynamoDB may refuse to do it twice.
delete_tables() {
  local table status protected
  for table in "${tables[@]}"; do
    ask dynamodb describe-table --table-name "$table" --output text \
      --query 'Table.[TableStatus,DeletionProtectionEnabled]' || continue
    read -r status protected <<<"$answer"
    if [[ $status != DELETING ]]; then
      if [[ $protected == True ]]; then
        aws dynamodb update-table --table-name "$table" --no-deletion-protection-enabled >/dev/null
        aws dynamodb wait table-exists --table-name "$table"
      fi
      aws dynamodb delete-table --table-name "$table" >/dev/null
    fi
    aws dynamodb wait table-not-exists --table-name "$table"
    echo "Table $table: deleted"
  done
}

delete_bucket() {
  ask s3api head-bucket --bucket "$bucket" || return 0
  aws s3 rb "s3://$bucket" --force >/dev/null
  echo "Bucket $bucket: deleted"
}

delete_queues() {
  local queue
  for queue in "${queues[@]}"; do
    ask sqs get-queue-url --queue-name "$queue" --query QueueUrl --output text || continue
    aws sqs delete-queue --queue-url "$answer"
    echo "Queue $queue: deleted"
  done
}

# KMS deletes no key at once: until then it can be taken back, and with it a restored table. The alias
# goes last, as it is all that leads a later run to the key; that run finds the deletion scheduled.
delete_keys() {
  local key state
  if ask kms describe-key --key-id "$key_alias" --output text \
    --query 'KeyMetadata.[KeyId,KeyState]'; then
    read -r key state <<<"$answer"
    if [[ $state != PendingDeletion ]]; then
      aws kms schedule-key-deletion --key-id "$key" --pending-window-in-days 30 >/dev/null
    fi
    aws kms delete-alias --alias-name "$key_alias"
    echo "KMS key $key: goes in 30 days; until then 'aws kms cancel-key-deletion' keeps it"
  fi
  if ask ssm get-parameter --name "$key_parameter" --query Parameter.Name; then
    aws ssm delete-parameter --name "$key_parameter"
    echo "Operator key $key_parameter: deleted"
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
