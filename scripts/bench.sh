#!/usr/bin/env bash
# Builds the server and the benchmarks in Release and measures the ratios of docs/performance.md.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/bench.sh [options] [benchmark ...]

Without arguments: measures all. Prints each ratio's median, spread, must and aim.

  benchmark         ingest, drain or commits
  --pairs N         how often the arms alternate (default 9, at least 3)
  --seconds S       how long a load is measured each time (default 5)
  --backlog N       how many events a drain begins with (default 100000)
  --scratch DIR     where data directories go: a real disk (default artifacts/bench)
  --no-build        use what is built already
  -h, --help        this text

Exit code: 0 every must is met; 1 one is missed; 2 wrong usage; 3 void, as a ledger does not balance
or a run broke off. What the servers print is kept in the scratch directory's server.log.
TEXT
}

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=true
scratch=$root/artifacts/bench
arguments=()
while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --no-build) build=false ;;
    --scratch)
      scratch=$(realpath -m -- "${2:?--scratch needs a value}")
      shift
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

if [[ $(uname -s) != Linux ]]; then
  echo "bench.sh: Linux only: it reads /proc and preloads a library" >&2
  exit 2
fi

cd -- "$root"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
mkdir -p "$scratch"
shim=$scratch/slow_fsync.so

if $build; then
  # A build server that lived on would take its share of the cores.
  for project in src/WebhookDelivery.Server tests/WebhookDelivery.Benchmarks; do
    dotnet build "$project" -c Release -v quiet --disable-build-servers
  done
  gcc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$shim" \
    tests/WebhookDelivery.Benchmarks/fsync-shim/slow_fsync.c
fi

rm -f "$scratch/server.log"
exec dotnet tests/WebhookDelivery.Benchmarks/bin/Release/net10.0/WebhookDelivery.Benchmarks.dll run \
  --server "$root/src/WebhookDelivery.Server/bin/Release/net10.0/WebhookDelivery.Server.dll" \
  --scratch "$scratch" --shim "$shim" "${arguments[@]}"
