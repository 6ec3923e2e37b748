"""Debian systems to boot, as folders: made once a list of packages, kept in build/trees, booted only as copies."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "trees"
PACKAGES = "systemd systemd-sysv dbus udev openssh-server rsync python3 python3-venv acl sudo make kmod".split()
MIRROR = "http://deb.debian.org/debian"
USER = "maker"


def pristine(release: str) -> Path:
    """Given bookworm or trixie, return its tree, with a login user who has sudo, and key as her SSH key."""
    mark = hashlib.sha256(" ".join([release, *PACKAGES]).encode()).hexdigest()[:8]
    tree = CACHE / f"{release}-{mark}"
    if not tree.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        draft = tree.with_name(tree.name + ".draft")
        shutil.rmtree(draft, ignore_errors=True)
        options = ["--mode=root", "--variant=apt", "--dpkgopt=force-unsafe-io", f"--include={','.join(PACKAGES)}"]
        subprocess.run(["mmdebstrap", "--quiet", *options, release, draft, MIRROR], check=True)
        _add_user(draft)
        draft.rename(tree)
    return tree


def copy(source: Path, target: Path) -> Path:
    """Given a tree that is not booted, copy it, sharing blocks where the disk can."""
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)
    return target


def key() -> Path:
    """The private key that opens every tree."""
    path = CACHE / "key"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def _add_user(tree: Path) -> None:
    subprocess.run(["chroot", tree, "useradd", "-m", "-s", "/bin/bash", "-u", "1000", USER], check=True)
    (tree / "etc/sudoers.d" / USER).write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
    (tree / "etc/hostname").write_text("pi\n")
    (tree / "etc/hosts").write_text("127.0.0.1 localhost pi\n")
    for name in ("root", f"home/{USER}"):
        folder = tree / name / ".ssh"
        folder.mkdir(mode=0o700, exist_ok=True)
        shutil.copy(key().with_suffix(".pub"), folder / "authorized_keys")
    os.chown(folder, 1000, 1000)
    os.chown(folder / "authorized_keys", 1000, 1000)
