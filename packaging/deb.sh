#!/usr/bin/env bash
# Makes build/bottlebank_VERSION_ARCH.deb from a bundle: the same files, with the installer as maintainer script.
#
#   deb.sh ARCH    after bundle.sh. ARCH: aarch64 or x86_64
set -euo pipefail

cd "$(dirname "$0")/.."
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' edge/__init__.py)
case $1 in aarch64) arch=arm64 ;; x86_64) arch=amd64 ;; *) echo "$1: expected aarch64 or x86_64" >&2; exit 2 ;; esac
bundle=build/bottlebank-$version-$1
deb=build/bottlebank_${version}_$arch.deb
tree=$(mktemp --directory)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

install -D -m 644 "$bundle/bottlebank.service" "$tree/usr/lib/systemd/system/bottlebank.service"
install -D -m 644 "$bundle/sysusers.conf" "$tree/usr/lib/sysusers.d/bottlebank.conf"
install -D -m 644 "$bundle/tmpfiles.conf" "$tree/usr/lib/tmpfiles.d/bottlebank.conf"
install -D -m 755 "$bundle/install.sh" "$tree/usr/share/bottlebank/install.sh"
install -m 644 "$bundle/bottlebank.yaml" "$tree/usr/share/bottlebank/bottlebank.yaml"
install -D -m 644 -t "$tree/usr/share/bottlebank/wheels" "$bundle/wheels"/*
install -D -m 644 LICENSE "$tree/usr/share/doc/bottlebank/copyright"
install -d "$tree/usr/bin"
ln -s /opt/bottlebank/bin/bottlebank "$tree/usr/bin/bottlebank"
install -d "$tree/DEBIAN"
sed "s/@VERSION@/$version/; s/@ARCH@/$arch/" packaging/debian/control >"$tree/DEBIAN/control"
install -m 755 -t "$tree/DEBIAN" packaging/debian/{preinst,postinst,prerm,postrm}
dpkg-deb --root-owner-group -Znone --build "$tree" "$deb" >/dev/null # wheels are already compressed
echo "$deb: $(du -m "$deb" | cut -f1) MB; copy it to the Pi, then: sudo apt install ./${deb##*/}"
