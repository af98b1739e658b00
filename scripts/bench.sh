#!/usr/bin/env bash
# Builds the server and the benchmarks in Release and measures what docs/performance.md tells of.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/bench.sh [options] [benchmark ...]

Without arguments: measures all that is judged. Prints each pair, what a delivered event costs on AWS,
and at the end one table: each ratio's median and spread beside must and aim.

  benchmark         a ratio's name, aws, all (what is judged, as without arguments), profile, which
                    counts what an event costs the server's process, or volume, which reports what a
                    million queued deliveries do; a name that does not exist lists them all
  --pairs N         how often the arms alternate (default 9, at least 3); backlog has three times as many
  --seconds S       how long a load is measured each time (default 5)
  --backlog N       how many events a drain begins with (default 100000); peer has five times as many,
                    a long backlog ten times
  --events N        how many events each row of aws has (default 200, at least 10)
  --scratch DIR     where data directories go: a real disk (default artifacts/bench)
  --no-build        use what is built already
  -h, --help        this text

A run first prints how long each ratio should take, computed from these settings for a quiet machine
that moves 15,000 events a second and takes 2 s for each start. On 2 cores the defaults come to 68
minutes, and aws on top:
  peer, peer-2ms 13 min each; latency 8; backlog 5; peer-cold 4; ingest, ingest-2ms, drain, drain-2ms,
  heap 3 each; commits, share, share-offer, share-one 2 each
A part that breaks off is void in the table, and the others are measured all the same.

Ratios need gcc and Linux; peer needs Node 20 and redis-server too, profile strace; aws needs Node 20.
What of that Debian has is installed if you are root; npm packages are, the first time.
Exit code: 0 every must is met; 1 one is missed; 2 wrong usage; 3 void, as a ledger does not balance
or a part broke off. What the servers print is kept in the scratch directory's server.log.
TEXT
}

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=true
scratch=$root/artifacts/bench
names=()
options=()
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
    --*)
      options+=("$1" "${2:?$1 needs a value}")
      shift
      ;;
    *) names+=("$1") ;;
  esac
  shift
done

# Nothing named is everything named. All but aws are measured at the server's process.
aws=false
peer=false
profile=false
measures_server=false
for name in "${names[@]-all}"; do
  case $name in
    all) aws=true peer=true measures_server=true ;;
    aws) aws=true ;;
    peer | peer-cold | peer-2ms) peer=true measures_server=true ;;
    profile) profile=true measures_server=true ;;
    *) measures_server=true ;;
  esac
done

fail() {
  echo "bench.sh: $1" >&2
  exit 2
}

if $measures_server && [[ $(uname -s) != Linux ]]; then
  fail "ratios are for Linux only: they read /proc and preload a library"
fi
missing=()
need() {
  command -v "$1" >/dev/null || missing+=("$1")
}
! $measures_server || need gcc
! $peer || need redis-server
! $profile || need strace
if ((${#missing[@]})); then
  # gcc alone brings no C headers; libc6-dev does, and is named since recommends are left out.
  [[ " ${missing[*]} " != *" gcc "* ]] || missing+=(libc6-dev)
  install=(apt-get install --no-install-recommends "${missing[@]}")
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    fail "missing: ${missing[*]}; on Debian: ${install[*]}"
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  "${install[@]}" -q -y
  if [[ " ${missing[*]} " == *" redis-server "* ]]; then
    # The package starts a server of its own, which would live beside the measurement.
    if [[ -d /run/systemd/system ]]; then
      systemctl disable --now redis-server
    else
      service redis-server stop || true
    fi
  fi
fi
if $aws || $peer; then
  for command in node npm; do
    command -v "$command" >/dev/null || fail "$command not found; aws and peer need Node 20"
  done
fi

cd -- "$root"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
mkdir -p "$scratch"
shim=$scratch/slow_fsync.so
benchmarks=tests/WebhookDelivery.Benchmarks/bin/Release/net10.0/WebhookDelivery.Benchmarks.dll

if $build; then
  projects=(tests/WebhookDelivery.Benchmarks)
  ! $measures_server || projects+=(src/WebhookDelivery.Server)
  # A build server that lived on would take its share of the cores.
  for project in "${projects[@]}"; do
    dotnet build "$project" -c Release -v quiet --disable-build-servers
  done
  if $measures_server; then
    gcc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$shim" \
      tests/WebhookDelivery.Benchmarks/fsync-shim/slow_fsync.c
    gcc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$scratch/shifted_clock.so" \
      tests/WebhookDelivery.Benchmarks/clock-shim/shifted_clock.c
  fi
fi

emulators=tests/emulators
if $aws && [[ ! -d $emulators/node_modules/fauxqs ]]; then
  npm ci --prefix "$emulators" --no-audit --no-fund >/dev/null
fi
peer_folder=$root/tests/WebhookDelivery.Benchmarks/peer
if $peer && [[ $peer_folder/package-lock.json -nt $peer_folder/node_modules/.package-lock.json ]]; then
  npm ci --prefix "$peer_folder" --no-audit --no-fund >/dev/null
fi

rm -f "$scratch"/{server,redis}.log
exec dotnet "$benchmarks" run \
  --server "$root/src/WebhookDelivery.Server/bin/Release/net10.0/WebhookDelivery.Server.dll" \
  --scratch "$scratch" --shim "$shim" --peer "$peer_folder" "${options[@]}" "${names[@]}"
