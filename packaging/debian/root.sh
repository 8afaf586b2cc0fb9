# Fresh Debian systems under a folder; sourced by what builds and tries in them. Needs root and debootstrap.

debian_mirror() {  # where this machine has its own packages from
  apt-get indextargets --format '$(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 == "main" { print $3; exit }'
}

make_root() {  # suite, folder, packages with commas between: packages come as on this machine, nothing else does
  local mirror
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || { echo "root: no Debian archive among this machine's apt sources" >&2; return 2; }
  debootstrap --variant=minbase --include="$3" "$1" "$2" "$mirror" > "$2.log" 2>&1 ||
    { tail -n 20 "$2.log" >&2; return 1; }
  cp -L /etc/resolv.conf /etc/hosts "$2/etc/"
  apt-config dump | grep '^Acquire::' > "$2/etc/apt/apt.conf.d/90acquire"
  cp -L /etc/ssl/certs/ca-certificates.crt "$2/etc/ssl/certs/ca-certificates.crt"
}

# What a program has to know of this machine's way to the archive and to package registries
passed=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL PIP_CERT PIP_DEFAULT_TIMEOUT \
            SSL_CERT_FILE NODE_EXTRA_CA_CERTS npm_config_cafile npm_config_registry; do
  [ -z "${!name:-}" ] || passed+=("$name=${!name}")
done

in_root() {  # folder, then VARIABLE=value and a command: a mount and a process namespace; what is left in there ends with it
  unshare --mount --pid --fork --kill-child bash -euc '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mkdir -p "$1/tmp/.X11-unix"
    mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"
    root=$1; shift
    exec chroot "$root" /usr/bin/env -i "$@"
  ' root "$1" HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${passed[@]+"${passed[@]}"} "${@:2}" < /dev/null
}
