#!/usr/bin/env bash
# Makes build/bottlebank-VERSION-ARCH, a folder that installs without a network. It holds the wheels for Python 3.11
# and 3.13, which Raspberry Pi OS Bookworm and Trixie ship.
#
#   bundle.sh PYTHON ARCH    PYTHON: one with pip, such as .venv/bin/python. ARCH: aarch64 or x86_64
set -euo pipefail

python=$1 arch=$2
cd "$(dirname "$0")/.."
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' edge/__init__.py)
bundle=build/bottlebank-$version-$arch
pip=("$python" -m pip --disable-pip-version-check --quiet)

platforms=(--platform "manylinux2014_$arch")
for minor in $(seq 17 36); do platforms+=(--platform "manylinux_2_${minor}_$arch"); done # 2.36 is Bookworm's C library

rm -rf "$bundle"
mkdir -p "$bundle/wheels"
copy=$(mktemp --directory)
trap 'rm -rf "$copy"' EXIT
cp -a edge training models pyproject.toml README.md LICENSE "$copy"
"${pip[@]}" wheel --no-deps --wheel-dir "$bundle/wheels" "$copy"
# pip evaluates environment markers for the Python it runs on, so Bookworm's runtime is named explicitly.
for target in '3.11 bottlebank[tflite-runtime] tflite-runtime==2.14.0' '3.13 bottlebank'; do
  read -r -a words <<<"$target"
  "${pip[@]}" download --only-binary=:all: --implementation cp --python-version "${words[0]}" "${platforms[@]}" \
    --find-links "$bundle/wheels" --dest "$bundle/wheels" "${words[@]:1}"
done
cp systemd/{install.sh,bottlebank.service,bottlebank.yaml,sysusers.conf,tmpfiles.conf} "$bundle"
echo "$bundle: $(du -sm "$bundle" | cut -f1) MB; copy it to the Pi, then: sudo ./install.sh"
