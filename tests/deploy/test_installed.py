"""The offline folder installs without a network; its units and nginx configuration hold; a request goes all the way."""

import shutil
import ssl
import stat
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deploy.conftest import HOST, Installed, plain_environment, wait_for
from tests.installation import FOUND

UNITS = (
    "xianxue.service",
    "xianxue-worker.service",
    "xianxue-backup.service",
    "xianxue-backup.timer",
    "xianxue-backup-check.service",
    "xianxue-backup-check.timer",
)


def tool(name: str, package: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    assert found, f"{name} is missing. Debian, Ubuntu: apt-get install {package}"
    return found


def test_a_damaged_folder_is_not_installed(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "bundle"
    shutil.copytree(bundle, copy, ignore=shutil.ignore_patterns("*.whl"))
    done = subprocess.run(
        [str(copy / "install.sh"), "--root", str(tmp_path / "root"), "--host", HOST],
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "没有装好：安装包不完整或被改动过，见上。" in done.stderr
    assert not (tmp_path / "root").exists()


def test_keys_are_for_root_alone_and_stay(installed: Installed) -> None:
    keys = installed.config / "keys"
    assert {path.name for path in keys.iterdir()} == {
        "XIANXUE_SECRET_KEY",
        "XIANXUE_SEAL_KEYS",
        "XIANXUE_DIGEST_KEY",
    }
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}


def test_nothing_of_the_templates_is_left_open(installed: Installed) -> None:
    written = [installed.unit(name) for name in UNITS]
    written += [installed.root / "etc/nginx/conf.d/xianxue.conf", installed.config / "xianxue.env"]
    assert [
        path.name
        for path in written
        if "@" in path.read_text().replace("@system-service", "").replace("@priv", "").replace("@res", "")
    ] == []


def test_systemd_takes_the_units(installed: Installed) -> None:
    analyze = tool("systemd-analyze", "systemd")
    paths = [str(installed.unit(name)) for name in UNITS]
    done = subprocess.run([analyze, "verify", "--man=no", *paths], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "xianxue" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_the_units_may_do_little(installed: Installed, name: str) -> None:
    analyze = tool("systemd-analyze", "systemd")
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", "--threshold=25", str(installed.unit(name))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-400:]


def make_certificate(place: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    place.mkdir(parents=True, exist_ok=True)
    (place / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (place / "key.pem").write_bytes(private)


@contextmanager
def nginx(installed: Installed) -> Iterator[None]:
    """The real program, with the configuration that was installed and nothing else of this machine's."""
    program = tool("nginx", "nginx-light")
    make_certificate(installed.config / "tls")
    main = installed.root / "nginx.conf"
    main.write_text(
        f"user root;\ndaemon off;\npid {installed.root}/nginx.pid;\nerror_log {installed.root}/error.log;\n"
        "events {}\nhttp {\n  include /etc/nginx/mime.types;\n"
        f"  client_body_temp_path {installed.root}/body;\n  proxy_temp_path {installed.root}/proxy;\n"
        f"  fastcgi_temp_path {installed.root}/f;\n  uwsgi_temp_path {installed.root}/u;\n"
        f"  scgi_temp_path {installed.root}/s;\n  include {installed.root}/etc/nginx/conf.d/*.conf;\n}}\n"
    )
    command = [program, "-c", str(main), "-e", str(installed.root / "error.log")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen(command)
    try:
        wait_for(installed.https)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


class Visitor:
    """Somebody with a browser, at the address that people use."""

    def __init__(self, installed: Installed, server: "subprocess.Popen[bytes]") -> None:
        self.server = server
        self.context = ssl.create_default_context(cafile=str(installed.config / "tls/certificate.pem"))
        self.port = installed.https

    def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> tuple[HTTPResponse, bytes]:
        line = HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=60)
        # The certificate names the host; the connection goes to this machine.
        line._tunnel_host = None  # type: ignore[attr-defined]  # not through a tunnel
        self.context.check_hostname = False
        line.request(method, path, headers={"Host": HOST, **(headers or {})})
        answer = line.getresponse()
        content = answer.read()
        line.close()
        return answer, content


@pytest.fixture(scope="module")
def visitor(installed: Installed) -> Iterator[Visitor]:
    """The whole of it: migrated, founded, served, behind nginx."""
    for arguments in (("migrate",), FOUND):
        done = installed.command(*arguments)
        assert done.returncode == 0, done.stderr
    with ExitStack() as running:
        server = running.enter_context(installed.service("xianxue.service"))
        running.enter_context(installed.service("xianxue-worker.service"))
        wait_for(installed.port)
        running.enter_context(nginx(installed))
        yield Visitor(installed, server)


def test_a_request_goes_through_nginx_to_the_server(visitor: Visitor) -> None:
    answer, content = visitor.ask("/sign-in/")
    assert answer.status == 200
    assert "某县教育体育局" in content.decode()
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["X-Request-ID"]
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_number_sent_by_a_visitor_is_not_taken(visitor: Visitor) -> None:
    answer, _content = visitor.ask("/sign-in/", headers={"X-Request-ID": "of-the-visitor-01"})
    assert answer.headers["X-Request-ID"] != "of-the-visitor-01"


def test_static_files_come_from_nginx(visitor: Visitor, installed: Installed) -> None:
    folder = installed.root / "var/cache/xianxue/static"
    path = next(path for path in folder.rglob("*.css"))
    answer, content = visitor.ask(f"/static/{path.relative_to(folder)}")
    assert (answer.status, content) == (200, path.read_bytes())
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_machines_ask_is_not_for_visitors(visitor: Visitor, path: str) -> None:
    assert visitor.ask(path)[0].status == 404


def test_machines_ask_the_server_itself(visitor: Visitor, installed: Installed) -> None:
    with urlopen(f"http://127.0.0.1:{installed.port}/readyz", timeout=30) as answer:
        assert answer.read() == b"ok\n"
    with urlopen(f"http://127.0.0.1:{installed.port}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    assert 'xianxue_requests_total{method="GET",route="sign-in",status="200"}' in text
    assert 'xianxue_workers{lane="default"} 1.0' in text


def test_plain_http_is_led_to_tls(visitor: Visitor, installed: Installed) -> None:
    line = subprocess.run(
        ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", f"http://127.0.0.1:{installed.http}/x"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert line.stdout == "308 https://127.0.0.1/x"


def test_a_file_over_the_limit_is_refused(visitor: Visitor) -> None:
    headers = {"Content-Length": str(200 * 2**20), "Content-Type": "application/octet-stream"}
    assert visitor.ask("/imports/", "POST", headers)[0].status == 413


def test_the_administrators_command_backs_up_and_finds_the_installation_well(
    visitor: Visitor, installed: Installed
) -> None:
    made = installed.command("backup")
    assert made.returncode == 0, made.stderr
    told = installed.command("doctor")
    lines = [line for line in told.stdout.splitlines() if line.startswith("[故障]")]
    assert lines == [], told.stdout


def test_an_upgrade_keeps_settings_keys_and_data(bundle: Path, visitor: Visitor, installed: Installed) -> None:
    before = {path: path.read_bytes() for path in installed.config.rglob("*") if path.is_file()}
    was = (installed.root / "opt/xianxue/current").resolve()
    done = subprocess.run(
        [str(bundle / "install.sh"), "--root", str(installed.root)],
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in installed.config.rglob("*") if path.is_file()} == before
    assert (installed.root / "opt/xianxue/current").resolve() != was
    assert was.exists()
    upgraded = installed.command("upgrade", "--while-running")
    assert upgraded.returncode == 0, upgraded.stderr


def test_while_the_server_is_gone_the_page_says_so(visitor: Visitor) -> None:
    """Last: the server does not come back."""
    visitor.server.terminate()
    visitor.server.wait(timeout=60)
    answer, content = visitor.ask("/sign-in/")
    assert answer.status == 502
    assert answer.headers["Retry-After"] == "10"
    assert "系统暂时打不开" in content.decode()
