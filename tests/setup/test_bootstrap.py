"""The set-up on a bare machine: which index, which wheel, whose hash, and what is made again."""

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import bootstrap

SECRET = "Basic " + base64.b64encode(b"clerk:p@ss").decode()


class Index(ThreadingHTTPServer):
    """A package index of this machine: its pages, and what each caller called himself."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.pages: dict[str, bytes] = {}
        self.moved: dict[str, str] = {}
        self.callers: list[tuple[str, str | None]] = []

    def address(self, path: str = "", caller: str = "") -> str:
        return f"http://{caller}127.0.0.1:{self.server_port}{path}"


class Page(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        self.server.callers.append((self.path, self.headers["Authorization"]))
        if elsewhere := self.server.moved.get(self.path):
            self.send_response(302)
            self.send_header("Location", elsewhere)
            self.end_headers()
            return
        self.send_response(200 if self.path in self.server.pages else 404)
        self.end_headers()
        self.wfile.write(self.server.pages.get(self.path, b""))

    def log_message(self, *_: object) -> None:
        """Say nothing between the results of the tests."""


def served() -> Iterator[Index]:
    with Index() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


index = pytest.fixture(served)
other_index = pytest.fixture(served)


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch, tmp_path):
    for variable in (*bootstrap.INDEX_VARIABLES, *bootstrap.CERTIFICATE_VARIABLES):
        monkeypatch.delenv(variable, raising=False)
    pip = tmp_path / "pip.conf"
    pip.write_text("[global]\nindex-url = https://pip-file.example/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(pip))


def test_what_uv_was_told_goes_before_what_pip_was_told(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.example/simple")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "mirror=https://uv.example/simple")

    assert bootstrap.index() == "https://uv.example/simple"


def test_the_environment_goes_before_the_configuration_of_pip(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.example/simple")

    assert bootstrap.index() == "https://pip.example/simple"


def test_an_index_that_only_the_configuration_of_pip_knows_is_told_to_uv(monkeypatch):
    monkeypatch.setattr(bootstrap.os, "environ", dict(bootstrap.os.environ))

    bootstrap.tell_uv_what_pip_knows()

    assert bootstrap.os.environ["UV_DEFAULT_INDEX"] == "https://pip-file.example/simple"


@pytest.mark.parametrize(
    ("system", "machine", "tags"),
    [
        ("manylinux", "x86_64", "manylinux_2_17_x86_64.manylinux2014_x86_64"),
        ("musllinux", "x86_64", "musllinux_1_1_x86_64"),
        ("musllinux", "aarch64", "manylinux_2_17_aarch64.musllinux_1_1_aarch64"),
        ("macosx", "arm64", "macosx_11_0_arm64"),
    ],
)
def test_the_wheel_is_the_one_for_this_system_and_processor(system, machine, tags):
    names = [
        "uv-1.0.tar.gz",
        "uv-1.0-py3-none-win_amd64.whl",
        f"uv-1.0.1-py3-none-{tags}.whl",
        "uv-1.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "uv-1.0-py3-none-musllinux_1_1_x86_64.whl",
        "uv-1.0-py3-none-manylinux_2_17_aarch64.musllinux_1_1_aarch64.whl",
        "uv-1.0-py3-none-macosx_11_0_arm64.whl",
    ]
    listing = "".join(f'<a href="/files/{name}#sha256=0">{name}</a>' for name in names)

    address = bootstrap.wheel_address("https://m.example/uv/", listing, "1.0", system, machine)

    assert address == f"https://m.example/files/uv-1.0-py3-none-{tags}.whl"


def test_a_machine_for_which_there_is_no_wheel_is_told_what_to_do():
    with pytest.raises(SystemExit) as refused:
        bootstrap.wheel_address("https://m.example/uv/", "", "1.0", "manylinux", "loongarch64")

    assert "Put that version of uv on the PATH" in str(refused.value)


def put_uv_on(index: Index, locks: Path, program: bytes, *, locked: bytes | None = None) -> None:
    """Serve a uv 0.0.1 that holds `program`; the lock has the hash of one that holds `locked`."""

    def wheel(content: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            entry = zipfile.ZipInfo("uv-0.0.1.data/scripts/uv")
            archive.writestr(entry, content)
        return made.getvalue()

    system, machine = bootstrap.this_machine()
    name = f"uv-0.0.1-py3-none-{system}_2_17_{machine}.whl"
    index.pages["/simple/uv/"] = f'<a href="../../files/{name}">{name}</a>'.encode()
    index.pages[f"/files/{name}"] = wheel(program)
    digest = hashlib.sha256(wheel(program if locked is None else locked)).hexdigest()
    (locks / "bootstrap.lock").write_text(f"uv==0.0.1 \\\n    --hash=sha256:{digest}\n")


def test_uv_is_fetched_from_the_index_once(index, tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "LOCKS", tmp_path)
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "tools")
    monkeypatch.setenv("PIP_INDEX_URL", index.address("/simple"))
    put_uv_on(index, tmp_path, b"the program")

    first, again = bootstrap.uv(), bootstrap.uv()

    assert (first, first.read_bytes()) == (again, b"the program")
    assert first.stat().st_mode & 0o777 == 0o755
    assert len(index.callers) == 2  # the page and the wheel


def test_a_uv_whose_hash_is_not_in_the_lock_is_not_left_behind(index, tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "LOCKS", tmp_path)
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "tools")
    monkeypatch.setenv("PIP_INDEX_URL", index.address("/simple"))
    put_uv_on(index, tmp_path, b"another program", locked=b"the program")

    with pytest.raises(SystemExit):
        bootstrap.uv()

    assert not (tmp_path / "tools").exists()


def test_name_and_password_are_given_to_the_index_and_to_nobody_it_points_to(index, other_index):
    index.moved["/simple/uv/"] = other_index.address("/uv/")
    other_index.pages["/uv/"] = b"the page"

    answer = bootstrap.read(index.address("/simple/uv/", caller="clerk:p%40ss@"))

    assert answer == b"the page"
    assert index.callers == [("/simple/uv/", SECRET)]
    assert other_index.callers == [("/uv/", None)]


def test_an_index_that_cannot_be_read_is_named_without_its_password(index):
    with pytest.raises(SystemExit) as refused:
        bootstrap.read(index.address("/nothing", caller="clerk:p%40ss@"))

    assert str(refused.value).startswith(f"{index.address('/nothing')} cannot be read")


def test_something_is_made_again_when_a_source_changed_or_it_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "tools")
    source, made = tmp_path / "source", tmp_path / "made"
    times = []

    def make() -> None:
        made.touch()
        times.append(source.read_text())

    source.write_text("first")
    bootstrap.remake(made, [source], make)
    bootstrap.remake(made, [source], make)
    source.write_text("second")
    bootstrap.remake(made, [source], make)
    made.unlink()
    bootstrap.remake(made, [source], make)

    assert times == ["first", "second", "second"]
