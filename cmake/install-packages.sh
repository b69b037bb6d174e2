#!/bin/sh
# Installs what is missing for a purpose: run, test or bench. Says what and why; silent when everything is there.
# Needs nothing but a shell: it must work before there is a compiler.
set -eu

purpose=${1:-run}

# package | first purpose that needs it | why
packages='
gcc                  | run   | the compiler
libc6-dev            | run   | its standard library
cmake                | run   | configures the build
ninja-build          | run   | runs the build
pkg-config           | run   | finds the libraries below
libevent-dev         | run   | event loops
libcurl4-openssl-dev | run   | calls to peers
libxml2-dev          | run   | reading XML
libssl-dev           | run   | TLS and certificates
libxmlsec1-dev       | run   | signatures of SAML assertions
uuid-dev             | run   | identifiers
libsqlite3-dev       | run   | databases of registry and PIX manager
libjansson-dev       | run   | reading JSON
libhpdf-dev          | run   | PDF documents of the simulated patients
ca-certificates      | run   | downloads by the tools above
curl                 | run   | the examples of the README
libcmocka-dev        | test  | unit tests
python3              | test  | reads JSON in the system tests
openssl              | test  | an outside TLS client in the system tests
xmlsec1              | test  | an outside signer and judge of SAML assertions in the system tests
libxml2-utils        | test  | xmllint, an outside reader in the system tests
jq                   | test  | the CI job in the system tests speaks JSON with it
python3-hl7          | test  | an outside reader of the HL7 v2 documents
poppler-utils        | test  | pdftotext, an outside reader of the PDF documents
poppler-data         | test  | the Japanese encodings of pdftotext
dcmtk                | test  | dcmdump and dsrdump, outside readers of the DICOM documents
nginx-light          | bench | what the benchmark is compared with (Debian starts it: systemctl disable --now nginx)
'

case $purpose in
    run) wanted='run' ;;
    test) wanted='run test' ;;
    bench) wanted='run bench' ;;
    *) echo "usage: $0 run|test|bench" >&2; exit 2 ;;
esac

is_installed() {
    case " $(dpkg-query -W -f '${db:Status-Status} ' "$1" 2>/dev/null) " in
        *' installed '*) return 0 ;;
        *) return 1 ;;
    esac
}

# Any build of nginx will do, and another one already there must not be replaced.
is_there() {
    is_installed "$1" && return 0
    [ "$1" = nginx-light ] && { is_installed nginx-core || is_installed nginx-full || is_installed nginx-extras; }
}

system() {
    (. /etc/os-release 2>/dev/null && echo "${ID:-?} ${VERSION_ID:-}") || echo '?'
}

has_dpkg=$(command -v dpkg-query || true)
missing=''
reasons=''
while IFS='|' read -r name need why; do
    name=${name%% *}
    need=$(echo $need)
    case " $wanted " in *" $need "*) ;; *) continue ;; esac
    [ -n "$name" ] || continue
    [ -n "$has_dpkg" ] && is_there "$name" && continue
    missing="$missing $name"
    reasons="$reasons$(printf '  %-22s%s' "$name" "${why# }")
"
done <<EOF
$packages
EOF

[ -n "$missing" ] || exit 0

echo "These packages are missing:"
printf '%s' "$reasons"

case $(system) in
    'debian 12' | 'ubuntu 24.04') ;;
    *)
        echo "This is $(system); packages are installed on Debian 12 and Ubuntu 24.04 only." >&2
        echo "Install what corresponds to the list, then: cmake --preset release && cmake --build --preset release" >&2
        exit 1
        ;;
esac

as_root=''
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Neither root nor sudo: ask an administrator for: apt-get install$missing" >&2
        exit 1
    fi
    as_root='sudo'
    echo "sudo may ask for your password."
fi

# Package lists older than a day name versions the mirrors no longer have.
if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' -mtime -1 2>/dev/null | head -n 1)" ]; then
    $as_root apt-get update -q
fi
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
