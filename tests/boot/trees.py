"""Debian systems to boot, as folders: made once a list of packages, kept in build/trees, booted only as copies."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "trees"
PACKAGES = "systemd systemd-sysv dbus udev openssh-server rsync python3 python3-venv acl sudo make kmod".split()
MIRROR = "http://deb.debian.org/debian"
USER = "maker"


def pristine(release: str) -> Path:
    """Given bookworm or trixie, return its tree, with a login user who has sudo, and key as her SSH key."""
    return _made(release, release, PACKAGES, _add_user)


def kernel() -> tuple[Path, Path]:
    """A kernel for an emulated machine, and its initial RAM disk."""
    return kernel_of(_made("kernel", "bookworm", ["linux-image-cloud-amd64", "initramfs-tools"], _shrink_initrd))


def kernel_of(tree: Path) -> tuple[Path, Path]:
    """The kernel in a tree, and its initial RAM disk."""
    return next(tree.glob("boot/vmlinuz-*")), next(tree.glob("boot/initrd.img-*"))


def camera_system() -> Path:
    """Debian 13 with libcamera and a kernel that has vimc and vivid, two cameras in software."""
    packages = "linux-image-amd64 linux-headers-amd64 linux-source make xz-utils initramfs-tools kmod udev"
    packages += " python3 python3-prctl python3-libcamera libcamera-ipa"
    return _made("cameras", "trixie", packages.split(), _build_vimc)


def aarch64(release: str) -> Path:
    """The Python of a Raspberry Pi, not installed but only unpacked: enough to run it by qemu-aarch64-static -L."""
    packages = ["python3", "libstdc++6"]
    return _made(f"{release}-aarch64", release, packages, _merge_lib, "--variant=extract", "--architectures=arm64")


def _made(name: str, release: str, packages: list[str], finish: Callable[[Path], None], *options: str) -> Path:
    """Make a tree of a release's packages, unless it was made before, and finish it."""
    mark = hashlib.sha256(" ".join([release, *packages, *options]).encode()).hexdigest()[:8]
    tree = CACHE / f"{name}-{mark}"
    if not tree.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        draft = tree.with_name(tree.name + ".draft")
        shutil.rmtree(draft, ignore_errors=True)
        how = ["--mode=root", *(options or ("--variant=apt", "--dpkgopt=force-unsafe-io"))]
        subprocess.run(
            ["mmdebstrap", "-q", *how, f"--include={','.join(packages)}", release, draft, MIRROR], check=True
        )
        finish(draft)
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


def _merge_lib(tree: Path) -> None:
    if not (tree / "lib").exists():  # in Debian 13 the link is made by what is not run here
        (tree / "lib").symlink_to("usr/lib")


def _build_vimc(tree: Path) -> None:
    """Debian's kernel has vivid and not vimc; its source has both."""
    script = """
        release=$(ls /lib/modules)
        cd /usr/src && tar xf linux-source-*.tar.xz --wildcards '*/drivers/media/test-drivers/vimc/*'
        cd linux-source-*/drivers/media/test-drivers/vimc
        make -C /lib/modules/$release/build M=$PWD CONFIG_VIDEO_VIMC=m modules
        install -D -t /lib/modules/$release/extra vimc.ko
        apt-get purge -y --autoremove linux-headers-\\* linux-source-\\* make
        rm -r /usr/src/linux-source-*
        depmod $release
    """
    subprocess.run(["chroot", tree, "sh", "-ec", script], check=True, stdout=subprocess.DEVNULL)
    _shrink_initrd(tree)


def _shrink_initrd(tree: Path) -> None:
    with (tree / "etc/initramfs-tools/modules").open("a") as modules:
        modules.write("virtio_pci\nvirtio_blk\next4\n")
    (tree / "etc/initramfs-tools/conf.d/list").write_text("MODULES=list\n")
    subprocess.run(["chroot", tree, "update-initramfs", "-u", "-k", "all"], check=True, stdout=subprocess.DEVNULL)


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
