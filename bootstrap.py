"""Set Fenghuang up on a machine that has only Python, and run the verbs of the Makefile.

    python3 bootstrap.py demo

does what `make demo` does, where there is no make, pip or venv. It brings uv from the package
index, compares it with the hash in requirements/bootstrap.lock, has it fill .venv from
requirements/development.lock and install this tree in place. What is up to date is not made again.
Words after the verb are handed on to its command: `python3 bootstrap.py lock --upgrade`.

Index and certificates are those that uv or pip were told, in the environment or in pip's
configuration; proxies are those of the environment. Without an index, put the uv of
requirements/bootstrap.lock on the PATH and tell it where its packages are (UV_FIND_LINKS).
"""

from __future__ import annotations

import base64
import configparser
import ctypes
import hashlib
import html
import io
import os
import platform
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
LOCKS = ROOT / "requirements"
STATIC = ROOT / "fenghuang" / "static_built"


class Step(NamedTuple):
    heading: str
    command: str  # one of .venv, or on the PATH
    environment: dict[str, str] = {}


CHECKS = [
    Step("format", "ruff format --check ."),
    Step("lint", "ruff check ."),
    Step("types", "mypy fenghuang upkeep bootstrap.py"),
    Step("arrows between packages", "lint-imports"),
    Step("words, one to one", "python -m upkeep.words check"),
    Step("Chinese catalogue", "python -m upkeep.catalogue check"),
    Step("generated documents", "python -m upkeep.generated check"),
]
SUITE = "pytest -n 2 -m 'not journey'"
TESTS = [
    Step("tests on SQLite", SUITE),
    Step("tests on PostgreSQL", SUITE, {"FENGHUANG_TEST_DATABASE": "postgresql"}),
    Step("tests without the line requests", SUITE, {"FENGHUANG_WITHOUT": "requests"}),
    Step("journeys in a browser", "pytest -m journey"),
]
LOCK = (
    "uv pip compile --quiet --universal --python-version 3.11"
    " --generate-hashes --no-header --no-emit-index-url"
)
VERBS = {
    "setup": [],
    "demo": [Step("demo", "python -m fenghuang demo")],
    "test": CHECKS + TESTS,
    "check": CHECKS,
    "bench": [Step("bench", "python -m benchmarks")],
    "wheel": [Step("wheel", "python -m hatchling build -t wheel -d dist")],
    "lock": [
        Step("runtime", f"{LOCK} pyproject.toml -o requirements/runtime.lock"),
        Step("development", f"{LOCK} --group dev pyproject.toml -o requirements/development.lock"),
        Step("bootstrap", f"{LOCK} --group bootstrap -o requirements/bootstrap.lock"),
    ],
}

# A bare machine knows no index and this tree must tell it one: the only host named in the project.
PUBLIC_INDEX = "https://pypi.org/simple"
INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(verb: str = "", *words: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is to be told, not to crash
        sys.exit(
            f"Fenghuang needs Python 3.11 or newer; this is {platform.python_version()}."
            " If there is a newer one, name it: make PYTHON=python3.12 demo"
        )
    if verb not in VERBS:
        sys.exit(f"python3 bootstrap.py {'|'.join(VERBS)}")
    os.chdir(ROOT)
    tell_uv_what_pip_knows()
    programs = VENV / "bin"
    if verb == "lock":
        programs = uv().parent
    else:
        set_up()
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if verb in ("test", "bench"):
        install_system_packages(verb)
    steps = VERBS[verb]
    if len(steps) == 1:  # it may be a server: give it the terminal and its signals
        command = [*shlex.split(steps[0].command), *words]
        sys.stdout.flush()
        os.execvp(command[0], command)
    for step in steps:
        print(f"\n== {step.heading}: {step.command}", flush=True)
        began = time.monotonic()
        run(*shlex.split(step.command), *words, **step.environment)
        print(f"== {step.heading}: {time.monotonic() - began:.1f} s", flush=True)


def run(*command: str, **extra: str) -> None:
    """Run it with this added to the environment; if it fails, say which command and leave."""
    status = subprocess.run(command, env={**os.environ, **extra}).returncode
    if status:
        print(f"Stopped, because this failed: {shlex.join(command)}", file=sys.stderr)
        sys.exit(status)


def set_up() -> None:
    """Leave .venv/bin/fenghuang, the compiled translations and the collected static files."""
    package = ROOT / "fenghuang"
    lock = LOCKS / "development.lock"
    remake(VENV / "bin" / "fenghuang", [lock, ROOT / "pyproject.toml"], fill_environment)
    for text in package.glob("**/*.po"):
        remake(text.with_suffix(".mo"), [text], partial(compile_translation, text))
    served = [path for path in package.glob("**/static/**/*") if path.is_file()]
    remake(STATIC, [lock, package / "config" / "settings.py", *served], collect_static_files)


def fill_environment() -> None:
    """What the lock says, no more and no less, and this tree in place."""
    program, lock = str(uv()), str(LOCKS / "development.lock")
    here = ("--python", str(VENV))
    run(program, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV))
    run(program, "pip", "sync", *here, "--require-hashes", lock)
    run(program, "pip", "install", *here, "--no-deps", "--no-build-isolation", "--editable", ".")


def compile_translation(text: Path) -> None:
    compiled = str(text.with_suffix(".mo"))
    run(str(VENV / "bin" / "pybabel"), "-q", "compile", "-i", str(text), "-o", compiled)


def collect_static_files() -> None:
    python = str(VENV / "bin" / "python")
    run(python, "-m", "fenghuang", "collectstatic", "--noinput", "--clear", "--verbosity=0")


def remake(made: Path, sources: Iterable[Path], make: Callable[[], None]) -> None:
    """Call `make` unless `made` is there and was made from these sources, here, by this Python."""
    fingerprint = hashlib.sha256(sys.version.encode())
    for source in sorted(sources):
        fingerprint.update(f"{source}\0".encode() + source.read_bytes())
    stamp = TOOLS / f"{'-'.join(made.relative_to(ROOT).parts)}.made-from"
    if made.exists() and stamp.exists() and stamp.read_text() == fingerprint.hexdigest():
        return
    make()
    TOOLS.mkdir(exist_ok=True)
    stamp.write_text(fingerprint.hexdigest())


def uv() -> Path:
    """The uv of requirements/bootstrap.lock: fetched before, on the PATH, or fetched now."""
    lock = (LOCKS / "bootstrap.lock").read_text()
    version = lock.split()[0].removeprefix("uv==")
    fetched = TOOLS / f"uv-{version}" / "uv"
    if fetched.exists():
        return fetched
    found = shutil.which("uv")
    if found:
        answer = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
        if answer.split()[1:2] == [version]:
            return Path(found)
    page = f"{index().rstrip('/')}/uv/"
    print(f"Fetching uv {version} from {urllib.parse.urlsplit(page).hostname} …", flush=True)
    wheel = read(wheel_address(page, read(page).decode(), version, *this_machine()))
    if f"sha256:{hashlib.sha256(wheel).hexdigest()}" not in lock:
        sys.exit("The uv that came is not the one in requirements/bootstrap.lock. Nothing was run.")
    program = zipfile.ZipFile(io.BytesIO(wheel)).read(f"uv-{version}.data/scripts/uv")
    fetched.parent.mkdir(parents=True, exist_ok=True)
    unfinished = fetched.with_suffix(".part")
    unfinished.write_bytes(program)
    unfinished.chmod(0o755)
    return unfinished.rename(fetched)


def wheel_address(page: str, listing: str, version: str, system: str, machine: str) -> str:
    """The address of uv's wheel for a machine, from the `listing` that the index has at `page`."""
    for link in re.findall(r'href="([^"]+)"', listing):
        address = urllib.parse.urljoin(page, html.unescape(link)).partition("#")[0]
        name = address.rpartition("/")[2]
        tags = name.removesuffix(".whl").rpartition("-")[2].split(".")
        fits = any(tag.startswith(system) and tag.endswith(f"_{machine}") for tag in tags)
        if name.startswith(f"uv-{version}-") and fits:
            return address
    sys.exit(
        f"The index has no uv {version} for {system} {machine}."
        " Put that version of uv on the PATH, or name another index in UV_DEFAULT_INDEX."
    )


def this_machine() -> tuple[str, str]:
    """How wheels name this system and this processor, for example manylinux and x86_64."""
    if sys.platform == "darwin":
        return "macosx", platform.machine()
    return "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux", platform.machine()


def read(address: str) -> bytes:
    """What is found at this address; a name and password in it are sent to its own host only."""
    parts = urllib.parse.urlsplit(address)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    request = urllib.request.Request(bare)
    if parts.username:
        secret = urllib.parse.unquote(f"{parts.username}:{parts.password or ''}").encode()
        basic = f"Basic {base64.b64encode(secret).decode()}"
        request.add_unredirected_header("Authorization", basic)
    context = ssl.create_default_context()
    if not parts.username and not has_root_certificates():
        # Minimal Debian has none. The hash in the lock, not the connection, vouches for the file.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return bytes(answer.read())
    except OSError as fault:
        sys.exit(
            f"{bare} cannot be read: {fault}. Name an index that can be reached in"
            " UV_DEFAULT_INDEX, or put the uv of requirements/bootstrap.lock on the PATH."
        )


def tell_uv_what_pip_knows() -> None:
    """Set uv's variables, one of which Python reads too, from those of pip if they are not set."""
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    if index() != PUBLIC_INDEX:
        os.environ.setdefault("UV_DEFAULT_INDEX", index())
    bundle = told(CERTIFICATE_VARIABLES, "cert")
    if bundle:
        os.environ["SSL_CERT_FILE"] = bundle
    elif has_root_certificates():
        os.environ.setdefault("UV_SYSTEM_CERTS", "true")


def index() -> str:
    """The package index in use. uv allows a name before the address: `mirror=https://…`."""
    return re.sub(r"^[\w-]+=", "", told(INDEX_VARIABLES, "index-url") or PUBLIC_INDEX)


def told(variables: Iterable[str], option: str) -> str | None:
    """The first of these variables that is set, otherwise this option of pip's configuration."""
    for variable in variables:
        if os.environ.get(variable):
            return os.environ[variable]
    home = Path.home()
    settings = configparser.RawConfigParser()
    settings.read(  # a later file wins over an earlier one
        [
            "/etc/pip.conf",
            home / ".pip" / "pip.conf",
            Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf",
            os.environ.get("PIP_CONFIG_FILE", ""),
        ],
        encoding="utf-8",
    )
    return settings.get("global", option, fallback=None)


def has_root_certificates() -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())))


def install_system_packages(verb: str) -> None:
    """Bring what the journeys need of the system, or name the command that does."""
    command = " && ".join(system_commands())
    if not command:
        return
    print(f"make {verb} opens pages in a browser and needs:\n    {command}", flush=True)
    allowed = os.geteuid() == 0 or (
        shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"]).returncode == 0
    )
    if not allowed or subprocess.run(command, shell=True).returncode:
        print("This could not be done from here. Run it yourself, then repeat.", file=sys.stderr)
        sys.exit(2)


def system_commands() -> list[str]:
    """What a shell must do for the browser, its driver's library and the Chinese font."""
    packages, commands = [], []
    release = Path("/etc/os-release")
    has_package = release.exists() and "ID=debian" in release.read_text().split()
    if not has_browser() and has_package:
        packages.append("chromium")
    if not has_library("libatomic.so.1"):
        packages.append("libatomic1")
    if not has_chinese_font():
        packages += ["fontconfig", "fonts-noto-cjk"]
    if packages:
        sudo = "" if os.geteuid() == 0 else "sudo "
        apt = f"{sudo}env DEBIAN_FRONTEND=noninteractive apt-get"
        commands.append(f"{apt} update")
        commands.append(f"{apt} install -y --no-install-recommends {' '.join(packages)}")
    if not has_browser() and not has_package:  # Ubuntu, for one, has it only as a snap
        commands.append(f"{VENV / 'bin' / 'playwright'} install --with-deps chromium")
    return commands


def has_browser() -> bool:
    fetched = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return any(map(shutil.which, BROWSERS)) or any(Path(fetched).glob("chromium-*"))


def has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_chinese_font() -> bool:
    listing = shutil.which("fc-list")
    return bool(listing and subprocess.run([listing, ":lang=zh"], capture_output=True).stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
