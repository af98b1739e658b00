# Sourced by deploy.sh and destroy.sh: what a deployment's data is called, and how to ask AWS for it.

fail() {
  echo "${0##*/}: $1" >&2
  exit "${2:-1}"
}

# Sets account and AWS_REGION, or says what is missing.
find_account() {
  account=$(aws sts get-caller-identity --query Account --output text 2>/dev/null) ||
    fail "no valid AWS credentials; set AWS_PROFILE or run 'aws configure'${1:-}"
  AWS_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
  [[ -n $AWS_REGION ]] || fail "no AWS region; set AWS_REGION"
  export AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION AWS_PAGER=
}

# Sets the names of what outlives a stack, as the stack has them.
name_data() {
  stack=WebhookDelivery-$1
  tables=("$1-Events" "$1-Tenants")
  queues=("$1-Deliveries" "$1-DeadLetters")
  bucket=${1,,}-payloads-$account-$AWS_REGION
  key_alias=alias/$1-tenants
  key_parameter=/webhook-delivery/$1/admin-key
}

# Asks AWS something; what it says is in $answer. False only if what was asked for is not there: an
# expired token or a missing permission must not pass for that, so any other error is the end.
ask() {
  local absent errors message
  case $1 in
    cloudformation) absent='\(ValidationError\).*does not exist' ;;
    dynamodb) absent='\(ResourceNotFoundException\)' ;;
    s3api) absent='\(404\)' ;;
    sqs) absent='NonExistentQueue|QueueDoesNotExist' ;;
    kms) absent='\(NotFoundException\)' ;;
    ssm) absent='\(ParameterNotFound\)' ;;
  esac
  errors=$(mktemp)
  if answer=$(aws "$@" 2>"$errors"); then
    rm -f "$errors"
    return 0
  fi
  message=$(<"$errors")
  rm -f "$errors"
  [[ $message =~ $absent ]] || fail "aws $1 $2 failed: $message"
  return 1
}
