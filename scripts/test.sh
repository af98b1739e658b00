#!/usr/bin/env bash
# Builds the solution, checks its layout and runs every test.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/test.sh [options] [project ...]

Without arguments: sets up, builds in Release, checks layout, runs every test project.
The last line reads "N passed, N failed, N skipped"; logs are kept in artifacts/tests.

  project           run and build only the test projects whose name contains this,
                    for example Core.Tests
  --filter TEXT     run only the tests whose full name contains TEXT in any case; repeatable
  --timeout MINUTES bound for one test project (default 15)
  --no-build        use what is built already
  --no-layout       leave the layout check out
  -h, --help        this text

With CI=true a skipped test is a failure, and package locks may not change.
TEXT
}

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=true
layout=true
projects=()
runner_arguments=()
while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --no-build) build=false ;;
    --no-layout) layout=false ;;
    --filter | --timeout)
      if (($# < 2)); then
        echo "test.sh: $1 needs a value" >&2
        exit 2
      fi
      runner_arguments+=("$1=$2")
      shift
      ;;
    --filter=* | --timeout=*) runner_arguments+=("$1") ;;
    -*)
      echo "test.sh: unknown option $1" >&2
      usage >&2
      exit 2
      ;;
    *) projects+=("$1") ;;
  esac
  shift
done

cd -- "$root"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

check_prerequisites() {
  local missing=() node_major
  command -v git >/dev/null || missing+=("git: not found")

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
    command -v npm >/dev/null || missing+=("npm: not found; it comes with Node")
  fi

  command -v python3 >/dev/null || missing+=("Python 3: python3 not found")

  if ((${#missing[@]})); then
    echo "These prerequisites are missing:" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 1
  fi
}

# A step that fails counts as one failure, so that the last line is never all green by mistake.
step() {
  local name=$1 log=$root/artifacts/tests/$2.log started=$SECONDS
  shift 2
  if "$@" >"$log" 2>&1 </dev/null; then
    echo "$name: done in $((SECONDS - started)) s"
  else
    echo "$name: FAILED after $((SECONDS - started)) s"
    # The build repeats its errors at the end of its output: once is enough.
    { grep -E ': error |^error|Error ' "$log" || tail -n 40 "$log"; } | sort -u | head -n 60
    echo "  full output: ${log#"$root"/}"
    return 1
  fi
}

stop() {
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

install_emulators() {
  local folder=tests/emulators lock stamp
  [[ -f $folder/package.json ]] || return 0
  lock=$(cksum <"$folder/package-lock.json")
  stamp=$folder/node_modules/.installed-lock
  [[ -f $stamp && $(<"$stamp") == "$lock" ]] && return 0
  step "Emulators" emulators npm ci --prefix "$folder" --no-audit --no-fund || return 1
  mkdir -p "$folder/node_modules"
  echo "$lock" >"$stamp"
}

check_prerequisites
mkdir -p artifacts/tests

mapfile -t selected < <(python3 scripts/run_tests.py --list -- "${projects[@]}")
if ((${#selected[@]} == 0)); then
  echo "No test project of the solution matches: ${projects[*]}" >&2
  stop
fi

failed_steps=0
if $layout; then
  step "Tools" tools dotnet tool restore || stop
fi
if $build; then
  targets=(WebhookDelivery.sln)
  ((${#projects[@]})) && targets=("${selected[@]}")
  for target in "${targets[@]}"; do
    name=$(basename "${target%.*}")
    step "Restore $name" "restore-$name" dotnet restore "$target" || stop
    step "Build $name" "build-$name" dotnet build "$target" -c Release --no-restore || stop
  done
fi
install_emulators || stop
if $layout; then
  step "Layout" layout dotnet csharpier check . || {
    echo "  cure: dotnet csharpier format ."
    failed_steps=1
  }
fi

exec python3 scripts/run_tests.py \
  "${runner_arguments[@]}" --failed-steps="$failed_steps" -- "${projects[@]}"
