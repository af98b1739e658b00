#!/usr/bin/env bash
# Deploys WebhookDelivery to AWS: publishes the functions, synthesizes the stack, deploys, seeds.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/deploy.sh [options]

Publishes the functions to artifacts/lambda, writes the stack to artifacts/cdk and deploys it with the
AWS credentials of the environment. Makes the operator key at the first time, creates three test
tenants, and prints the address and the keys. Safe to repeat.

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
its own in that zone of Route 53, with a certificate.
TEXT
}

fail() {
  echo "deploy.sh: $1" >&2
  exit "${2:-1}"
}

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
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

find_account() {
  account=$(aws sts get-caller-identity --query Account --output text 2>/dev/null) ||
    fail "no valid AWS credentials; set AWS_PROFILE or run 'aws configure' (--synth-only needs none)"
  AWS_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
  [[ -n $AWS_REGION ]] || fail "no AWS region; set AWS_REGION"
  export AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION
  echo "Account $account, region $AWS_REGION"
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

# Apart from the usual build, and with no lock file: a runtime identifier resolves another graph,
# which must neither be checked against the locks nor written to them.
publish_functions() {
  rm -rf artifacts/lambda
  step "Publish functions" publish dotnet publish src/WebhookDelivery.Lambda \
    -c Release -r linux-x64 --self-contained false --artifacts-path artifacts/publish \
    -o artifacts/lambda --nologo -v quiet \
    -p:PublishReadyToRun=true \
    -p:RunAnalyzers=false -p:GenerateDocumentationFile=false "${publish_arguments[@]}"
}

synthesize() {
  step "Build stack" stack dotnet build deploy/WebhookDelivery.Cdk -c Release --nologo -v quiet
  rm -rf artifacts/cdk
  # It prints the stack's name, or what is wrong with the settings.
  stack=$(CDK_OUTDIR=artifacts/cdk dotnet "$stack_program" "${context[@]}") || exit $?
  prefix=${stack#WebhookDelivery-}
  echo "Template: artifacts/cdk/$stack.template.json"
}

exists() { "$@" >/dev/null 2>&1; }

# Tables that a stack left behind cannot be made again under their names.
refuse_leftovers() {
  exists aws cloudformation describe-stacks --stack-name "$stack" && return 0
  exists aws dynamodb describe-table --table-name "$prefix-Events" || return 0
  fail "the table $prefix-Events is there, but the stack $stack is not: an earlier one left its data.
  Import it (deploy/node_modules/.bin/cdk import --app artifacts/cdk), take another --prefix,
  or delete it for good: scripts/destroy.sh --prefix $prefix --delete-data"
}

bootstrap() {
  exists aws cloudformation describe-stacks --stack-name CDKToolkit && return 0
  step "Bootstrap CDK" bootstrap "$cdk" bootstrap "aws://$account/$AWS_REGION"
}

# Before the stack, so that the API finds it at its first start.
find_admin_key() {
  local name=/webhook-delivery/$prefix/admin-key errors=$logs/admin-key.log
  if admin_key=$(aws ssm get-parameter --name "$name" --with-decryption \
    --query Parameter.Value --output text 2>"$errors"); then
    return 0
  fi
  grep -q ParameterNotFound "$errors" || fail "the operator key cannot be read: $(<"$errors")"
  admin_key=$(dotnet "$stack_program" admin-key)
  # By standard input: arguments can be seen by others on this machine.
  printf '{"Name":"%s","Value":"%s","Type":"SecureString","Description":"Operator key"}' \
    "$name" "$admin_key" |
    aws ssm put-parameter --cli-input-json file:///dev/stdin >"$errors" 2>&1 ||
    fail "the operator key cannot be stored: $(<"$errors")"
  echo "Operator key: made and stored as $name"
}

output() {
  node -p 'JSON.parse(require("fs").readFileSync("artifacts/cdk-outputs.json"))[process.argv[1]][process.argv[2]]' \
    "$stack" "$1"
}

# A new name takes minutes to be known everywhere.
wait_until_ready() {
  local url=$1 deadline=$((SECONDS + 600))
  until node -e 'fetch(process.argv[1]).then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))' \
    "$url/health/ready"; do
    ((SECONDS < deadline)) || fail "$url/health/ready does not answer 200 after ten minutes"
    sleep 5
  done
}

check_prerequisites
$synth_only || find_account
mkdir -p "$logs"
publish_functions
synthesize
if $synth_only; then
  echo "Nothing was deployed."
  exit 0
fi

cdk=deploy/node_modules/.bin/cdk
step "Install CDK" npm npm ci --prefix deploy --no-audit --no-fund
refuse_leftovers
bootstrap
find_admin_key
step "Deploy $stack" deploy "$cdk" deploy --app artifacts/cdk --require-approval never \
  --outputs-file artifacts/cdk-outputs.json "$stack"
url=$(output ApiUrl)
wait_until_ready "$url"
if $seed; then
  WebhookDelivery__AdminKey=$admin_key scripts/seed.sh --url "$url" --target "$seed_target"
fi

cat <<TEXT

API           $url
operator key  $admin_key
dashboard     $(output DashboardUrl)

All outputs are in artifacts/cdk-outputs.json. To remove everything: scripts/destroy.sh --prefix $prefix
TEXT
