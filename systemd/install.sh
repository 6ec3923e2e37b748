#!/usr/bin/env bash
# Installs Bottlebank as a service, from a clone (needs a network) or a bundle (does not), and uninstalls it.
#
#   install.sh install      also updates; configuration and state stay as they are
#   install.sh uninstall    configuration and state stay
#   install.sh purge        uninstalls, and removes configuration, state and photos
#
# The Debian package installs the files itself and calls the other steps: setup, start, teardown.
#
# The new environment is built beside the old one and replaces it in one step: an installation that fails, or loses
# power, leaves the old one working.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
OPT=/opt/bottlebank
CONFIG=/etc/bottlebank/bottlebank.yaml
STATE=/var/lib/bottlebank
LIB=/usr/local/lib
NEEDED_MB=900  # twice the size of an environment: the old and the new one exist side by side for a moment

refuse() {
  echo "bottlebank: $1" >&2
  exit 1
}

running() { [ -d /run/systemd/system ]; }  # false while an image is being built

check() {
  [ "$(id -u)" = 0 ] || refuse "only root may install; try: sudo $0 $1"
  case $(uname -m) in
    aarch64 | x86_64) ;;
    *) refuse "$(uname -m) is not supported, OpenCV and the model's runtime need 64 bits; install the 64-bit system" ;;
  esac
  python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null ||
    refuse "$(python3 --version 2>&1 || true) found, Python 3.11 to 3.13 needed; install Raspberry Pi OS Bookworm or Trixie"
  python3 -c 'import ensurepip, venv' 2>/dev/null || refuse "Python's venv is missing; try: sudo apt install python3-venv"
  mkdir -p "$OPT"
  local free
  free=$(df --output=avail --block-size=1M "$OPT" | tail -1)
  [ "$free" -ge "$NEEDED_MB" ] || refuse "$OPT: $free MB free, $NEEDED_MB needed; try: sudo apt clean"
}

# A new configuration names the camera in CAMERA, or by default the Raspberry Pi's own.
check_camera() {
  [ -e "$CONFIG" ] || [ -n "${CAMERA:-}" ] || python3 -c 'import picamera2' 2>/dev/null ||
    refuse "no Raspberry Pi camera software; try: sudo apt install python3-picamera2 (for a USB camera: CAMERA=v4l2)"
}

# picamera2 on Raspberry Pi OS Bookworm (Python 3.11) needs numpy 1; this extra keeps to it.
extra() { python3 -c 'import sys; print("[tflite-runtime]" if sys.version_info < (3, 12) else "")'; }

make_environment() {
  local new
  new=$(mktemp --directory "$OPT/venv-XXXXXX")
  trap 'rm -rf "$new" "${copy:-}"' EXIT
  chmod 755 "$new"
  python3 -m venv --system-site-packages "$new"
  local pip=("$new/bin/pip" install --quiet --no-cache-dir --disable-pip-version-check)
  if [ -d "$HERE/wheels" ]; then
    "${pip[@]}" --no-index --find-links "$HERE/wheels" "bottlebank$(extra)"
  else
    copy=$(mktemp --directory)  # pip leaves build files in the source folder
    (cd "$HERE/.." && cp -a edge training models pyproject.toml README.md LICENSE "$copy")
    "${pip[@]}" "$copy$(extra)"
  fi
  "$new/bin/bottlebank" --version
  sync --file-system "$new"
  ln -s "$(basename "$new")/bin" "$OPT/bin-new"
  mv --no-target-directory "$OPT/bin-new" "$OPT/bin"
  find "$OPT" -mindepth 1 -maxdepth 1 -name 'venv-*' ! -path "$new" -exec rm -rf {} +
  rm -rf "${copy:-}"
  trap - EXIT
}

make_folders() {
  systemd-sysusers bottlebank.conf
  systemd-tmpfiles --create bottlebank.conf
  local login=${SUDO_USER:-$(getent passwd 1000 | cut -d: -f1)}
  if [ -n "$login" ] && [ "$login" != root ]; then
    usermod --append --groups bottlebank "$login"  # to read the bank; takes effect at their next login
    [ "$(stat -c %U "$STATE/enroll")" != bottlebank ] || chown "$login:" --from=bottlebank "$STATE/enroll"
    chgrp bottlebank "$STATE/enroll"
  else
    echo "bottlebank: no login user found; to let yours copy photos in: sudo usermod -aG bottlebank USER"
  fi
  [ -e "$CONFIG" ] && return
  install -D -m 644 "$HERE/bottlebank.yaml" "$CONFIG-new"
  [ -z "${CAMERA:-}" ] || sed -i "s|^  #kind: .*|  kind: $CAMERA|" "$CONFIG-new"
  sync "$CONFIG-new"
  mv "$CONFIG-new" "$CONFIG"
}

start() {
  running || return 0
  systemctl daemon-reload
  systemctl restart bottlebank ||
    echo "bottlebank: installed, but it does not work yet and keeps trying. The reason: journalctl -u bottlebank -n 20"
}

case ${1:-install} in
  install)
    check install
    [ "$(dpkg-query -W -f '${db:Status-Status}' bottlebank 2>/dev/null)" != installed ] ||
      refuse "the Debian package is installed; try: sudo apt remove bottlebank"
    check_camera
    make_environment
    install -D -m 644 "$HERE/bottlebank.service" "$LIB/systemd/system/bottlebank.service"
    install -D -m 644 "$HERE/sysusers.conf" "$LIB/sysusers.d/bottlebank.conf"
    install -D -m 644 "$HERE/tmpfiles.conf" "$LIB/tmpfiles.d/bottlebank.conf"
    ln -sfn "$OPT/bin/bottlebank" /usr/local/bin/bottlebank
    make_folders
    systemctl enable --quiet bottlebank
    start
    ;;
  setup)
    check setup
    make_environment
    make_folders
    ;;
  start) start ;;
  teardown)
    running && systemctl disable --quiet --now bottlebank || systemctl disable --quiet bottlebank || true
    rm -rf "$OPT/bin" "$OPT"/venv-*
    ;;
  uninstall | purge)
    [ "$(id -u)" = 0 ] || refuse "only root may uninstall; try: sudo $0 $1"
    "$0" teardown
    rm -f "$LIB"/{systemd/system/bottlebank.service,sysusers.d/bottlebank.conf,tmpfiles.d/bottlebank.conf} \
      /usr/local/bin/bottlebank
    rmdir "$OPT" 2>/dev/null || true
    ! running || systemctl daemon-reload
    if [ "$1" = purge ]; then
      rm -rf "$STATE" /etc/bottlebank /etc/systemd/system/bottlebank.service.d
      ! getent passwd bottlebank >/dev/null || userdel bottlebank
      ! getent group bottlebank >/dev/null || groupdel bottlebank
    else
      echo "bottlebank: $STATE and /etc/bottlebank are kept; $0 purge removes them"
    fi
    ;;
  *) refuse "$1: expected install, uninstall or purge" ;;
esac
