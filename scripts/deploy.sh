#!/usr/bin/env bash
# Deploys WebhookDelivery to AWS: publishes the functions, synthesizes the stack, deploys, seeds.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/lib/bash.sh"
source "$root/scripts/lib/aws.sh"

usage() {
  cat <<'TEXT'
usage: scripts/deploy.sh [options]

Publishes the functions to artifacts/lambda, writes the stack to artifacts/cdk and deploys it with the
AWS credentials of the environment. Makes the operator key at the first time, creates three test
tenants, and prints the address and the keys. Safe to repeat with the same settings: a setting that the
deployed stack has otherwise is refused unless it is given, be it to keep it or to change it.

  --synth-only        stop when the template is written: needs no credentials, and no network but to
                      restore packages
  --prefix NAME       what names begin with (default webhooks); the stack is WebhookDelivery-NAME
  -c KEY=VALUE        another setting; repeatable:
                        retain=false               data goes with the stack
                        logRetentionDays=30        how long logs are kept
                        eventDays=30               how long finished events are kept
                        deadLetterDays=14          how long dead letters are kept
                        throttleRate=1000          requests per second that the API takes
                        throttleBurst=2000         requests at once beyond the rate
                        workerConcurrency=50       most batches of ten delivered at once
                        alarmEmail=ops@example.com who is told of alarms
                        alarmTopicArn=arn:…        a topic that is told of alarms
                        apiSubdomain=api           the API's name in the hosted zone
  --no-seed           create no test tenants
  --seed-target URL   where the test tenants' endpoints point (default https://example.com/webhooks)
  --official-packages build with AWS's own packages instead of the stand-ins in src/AwsStandIns
  -h, --help          this text

With HOSTED_ZONE_ID and HOSTED_ZONE_URL (such as example.com) in the environment the API gets a name of
its own in that zone of Route 53, with a certificate. Set both empty to take a deployed stack's name away.
TEXT
}

synth_only=false
seed=true
seed_target=https://example.com/webhooks
context=()
publish_arguments=()
while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --synth-only) synth_only=true ;;
    --no-seed) seed=false ;;
    --official-packages) publish_arguments+=(-p:OfficialAwsPackages=true) ;;
    --prefix | --seed-target | -c)
      (($# >= 2)) || fail "$1 needs a value" 2
      case $1 in
        --prefix) context+=(-c "prefix=$2") ;;
        --seed-target) seed_target=$2 ;;
        -c) context+=(-c "$2") ;;
      esac
      shift
      ;;
    *)
      echo "deploy.sh: unknown option $1" >&2
      usage >&2
      exit 2
      ;;
  esac
  shift
done

cd -- "$root"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# CDK's bridge to Node warns of versions it was not made for; the prerequisites are checked here.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20,22,24 JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1
logs=artifacts/deploy
stack_program=deploy/WebhookDelivery.Cdk/bin/Release/net10.0/WebhookDelivery.Cdk.dll

check_prerequisites() {
  local missing=() node_major
  if ! command -v dotnet >/dev/null; then
    missing+=(".NET 10 SDK: dotnet not found (https://dotnet.microsoft.com/download)")
  elif ! dotnet --list-sdks | grep -q '^10\.'; then
    missing+=(".NET 10 SDK: dotnet is there, but no SDK 10 is installed")
  fi

  if ! command -v node >/dev/null; then
    missing+=("Node 20 or later: node not found (https://nodejs.org)")
  else
    node_major=$(node -p 'process.versions.node.split(".")[0]')
    ((node_major >= 20)) || missing+=("Node 20 or later: found $(node --version)")
  fi

  if ! $synth_only; then
    command -v npm >/dev/null || missing+=("npm: not found; it comes with Node")
    command -v aws >/dev/null || missing+=("AWS CLI: aws not found (https://aws.amazon.com/cli)")
  fi

  if ((${#missing[@]})); then
    echo "These prerequisites are missing:" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 1
  fi
}

# Runs a command quietly; says how long it took, or shows what it printed if it failed.
step() {
  local name=$1 log=$logs/$2.log started=$SECONDS
  shift 2
  if "$@" >"$log" 2>&1 </dev/null; then
    echo "$name: done in $((SECONDS - started)) s"
  else
    echo "$name: FAILED after $((SECONDS - started)) s; full output in $log" >&2
    { grep -E ': error |^error|Error ' "$log" || tail -n 40 "$log"; } | sort -u | head -n 60 >&2
    exit 1
  fi
}

build_stack() {
  step "Build stack" stack dotnet build deploy/WebhookDelivery.Cdk -c Release --nologo -v quiet
}

# It prints the stack's name and the settings, or what is wrong with them.
check_settings() {
  local said
  said=$(dotnet "$stack_program" check "$1" "${context[@]}") || exit $?
  { read -r stack && read -r settings; } <<<"$said"
  prefix=${stack#WebhookDelivery-}
}

# A setting that is not given again must not fall back to its default unseen.
check_against_deployed() {
  local deployed
  stack_status=
  ask cloudformation describe-stacks --stack-name "$stack" --output text \
    --query "Stacks[0].[StackStatus, Outputs[?OutputKey=='Settings'] | [0].OutputValue]" || return 0
  read -r stack_status deployed <<<"$answer"
  check_settings "$deployed"
}

# What outlives a stack cannot be made again under its name. A first deployment that fails leaves such
# things too, and a stack that owns nothing.
refuse_leftovers() {
  local left=() each
  case $stack_status in
    "" | CREATE_FAILED | ROLLBACK_COMPLETE | ROLLBACK_FAILED | REVIEW_IN_PROGRESS) ;;
    *) return 0 ;;
  esac
  for each in "${tables[@]}"; do
    if ask dynamodb describe-table --table-name "$each"; then left+=("table $each"); fi
  done
  if ask s3api head-bucket --bucket "$bucket"; then left+=("bucket $bucket"); fi
  for each in "${queues[@]}"; do
    if ask sqs get-queue-url --queue-name "$each"; then left+=("queue $each"); fi
  done
  if ask kms describe-key --key-id "$key_alias"; then left+=("KMS key $key_alias"); fi
  ((${#left[@]})) || return 0
  fail "these are there, but the stack $stack is ${stack_status:-not there}:
$(printf '    %s\n' "${left[@]}")
  An earlier stack left its data, or a first deployment failed (the console says why). Take another
  --prefix, or delete them for good: scripts/destroy.sh --prefix $prefix --delete-data
  To keep them where there is no stack: scripts/deploy.sh --synth-only, npm ci --prefix deploy, then
  deploy/node_modules/.bin/cdk import --app artifacts/cdk"
}

# A new account may have ten: then the worker takes all, and the API is refused.
warn_of_concurrency() {
  local free needed
  [[ $settings =~ workerConcurrency=([0-9]+) ]]
  needed=$((BASH_REMATCH[1] + 20))
  free=$(aws lambda get-account-settings --output text \
    --query AccountLimit.UnreservedConcurrentExecutions) || fail "Lambda's limits cannot be read"
  ((free >= needed)) || echo "deploy.sh: warning: the account may run $free functions at once. \
workerConcurrency takes up to $((needed - 20)) and the rest needs some 20: ask AWS for more (Service \
Quotas, Lambda, concurrent executions) or lower -c workerConcurrency" >&2
}

# Apart from the usual build, and with no lock file: a runtime identifier resolves another graph,
# which must neither be checked against the locks nor written to them. Without the commit's id, so that
# a commit that changes no source neither compiles nor deploys the code anew.
publish_functions() {
  rm -rf artifacts/lambda
  step "Publish functions" publish dotnet publish src/WebhookDelivery.Lambda \
    -c Release -r linux-x64 --self-contained false --artifacts-path artifacts/publish \
    -o artifacts/lambda --nologo -v quiet \
    -p:PublishReadyToRun=true -p:EnableSourceLink=false \
    -p:RunAnalyzers=false -p:GenerateDocumentationFile=false "${publish_arguments[@]}"
  # The archive keeps modes, and Lambda reads it as another user: a strict umask would lock it out.
  chmod -R a+rX artifacts/lambda
}

synthesize() {
  rm -rf artifacts/cdk
  CDK_OUTDIR=artifacts/cdk dotnet "$stack_program" "${context[@]}" >/dev/null || exit $?
  echo "Template: artifacts/cdk/$stack.template.json"
}

bootstrap() {
  ask cloudformation describe-stacks --stack-name CDKToolkit && return 0
  step "Bootstrap CDK" bootstrap "$cdk" bootstrap "aws://$account/$AWS_REGION"
}

# Before the stack, so that the API finds it at its first start.
find_admin_key() {
  local errors=$logs/admin-key.log
  new_key=false
  if ask ssm get-parameter --name "$key_parameter" --with-decryption \
    --query Parameter.Value --output text; then
    admin_key=$answer
    return 0
  fi
  admin_key=$(dotnet "$stack_program" admin-key)
  # By standard input: arguments can be seen by others on this machine.
  # Of the CLI's options --value takes it from there; --cli-input-json reads nothing.
  printf %s "$admin_key" |
    aws ssm put-parameter --name "$key_parameter" --type SecureString \
      --description "Operator key" --value file:///dev/stdin >"$errors" 2>&1 ||
    fail "the operator key cannot be stored: $(<"$errors")"
  new_key=true
  echo "Operator key: made and stored as $key_parameter"
}

output() {
  node -p 'JSON.parse(require("fs").readFileSync("artifacts/cdk-outputs.json"))[process.argv[1]][process.argv[2]]' \
    "$stack" "$1"
}

# A new name takes minutes to be known everywhere.
wait_until_ready() {
  local url=$1 deadline=$((SECONDS + 600))
  until node -e 'fetch(process.argv[1], { signal: AbortSignal.timeout(10000) })
    .then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))' "$url/health/ready"; do
    ((SECONDS < deadline)) || fail "$url/health/ready does not answer 200 after ten minutes"
    sleep 5
  done
}

# Shown once, when it is made. No here-document: bash may write one to a file.
show_result() {
  local show_key="aws ssm get-parameter --with-decryption --output text \\
              --query Parameter.Value --name $key_parameter"
  if $new_key; then show_key=$admin_key; fi
  printf '\n%-13s %s\n' API "$url" "operator key" "$show_key" dashboard "$(output DashboardUrl)"
  # Its invocation may take 15 minutes, and the CLI sends it again when it has waited for one.
  printf '%-13s %s\n' "dead letters" "requeue them: aws lambda invoke --cli-read-timeout 900 \\
              --function-name $(output DlqProcessorFunctionName) /dev/stdout"
  printf '\n%s\n' "All outputs are in artifacts/cdk-outputs.json. To remove the stack: \
scripts/destroy.sh --prefix $prefix"
}

check_prerequisites
if ! $synth_only; then
  find_account " (--synth-only needs none)"
  echo "Account $account, region $AWS_REGION"
fi
mkdir -p "$logs" artifacts/lambda
build_stack
check_settings ""
if ! $synth_only; then
  name_data "$prefix"
  check_against_deployed
  refuse_leftovers
  warn_of_concurrency
fi
publish_functions
synthesize
if $synth_only; then
  echo "Nothing was deployed."
  exit 0
fi

cdk=deploy/node_modules/.bin/cdk
step "Install CDK" npm npm ci --prefix deploy --no-audit --no-fund
bootstrap
find_admin_key
step "Deploy $stack" deploy "$cdk" deploy --app artifacts/cdk --require-approval never \
  --outputs-file artifacts/cdk-outputs.json "$stack"
url=$(output ApiUrl)
wait_until_ready "$url"
if $seed; then
  WebhookDelivery__AdminKey=$admin_key scripts/seed.sh --url "$url" --target "$seed_target"
fi
show_result
