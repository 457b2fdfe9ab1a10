# What the scripts share. Sourced, never run.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

# Colours only where somebody looks.
if [ -t 1 ] && [ -z "${CI:-}" ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
    export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-always}"
else
    bold='' red='' green='' plain=''
    export CARGO_TERM_COLOR=never
fi

# Under CI a build is made once: what is kept for the next one only costs time.
if [ -n "${CI:-}" ]; then
    export CARGO_INCREMENTAL=0
fi

# An environment variable would silently replace the flags of .cargo/config.toml.
unset RUSTFLAGS

say() { printf '%s\n' "$*"; }
heading() { printf '\n%s── %s %s%s\n' "$bold" "$1" "$(printf '%*s' $((70 - ${#1})) '' | sed 's/ /─/g')" "$plain"; }
fail() {
    printf '%serror: %s%s\n' "$red" "$*" "$plain" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Where cargo puts what it builds.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-target}"; }

# The directory of PostgreSQL's server programs; they are seldom on the path.
postgres_bin() {
    local program
    if program=$(command -v postgres) && program=$(readlink -f "$program"); then
        dirname "$program"
        return
    fi
    for program in /usr/lib/postgresql/*/bin/postgres; do
        [ -x "$program" ] && dirname "$program" && return
    done
    return 1
}

# The system's Chromium.
chromium_path() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" && return
    done
    return 1
}
