"""Starts the release binary for a measurement and reads what the kernel knows of it."""

import base64
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
from urllib.parse import urlencode, urlsplit

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "target" / "release" / "ostiary"
TICKS = os.sysconf("SC_CLK_TCK")
PASSWORD = "Kvarteret-9-Dorvaktaren"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Ostiary:
    """One provider. The only place of the benchmark that knows configuration keys and command-line flags."""

    def __init__(self, directory, database_url):
        self.dir = pathlib.Path(directory)
        self.port = free_port()
        self.issuer = f"http://localhost:{self.port}"
        self.database_url = database_url
        self.config = self.dir / "ostiary.toml"
        self.config.write_text(
            f'[server]\nlisten = "127.0.0.1:{self.port}"\npublic_url = "{self.issuer}"\n'
            f'[database]\nurl = "{database_url}"\n'
            f'[secrets]\nmaster_key = "{base64.b64encode(bytes(32)).decode()}"\n'
            '[tokens]\ncode_ttl = "10m"\n'
            "[limits]\nsign_in_per_minute = 100000000\nauth_per_minute = 100000000\n"
        )
        self.process = None

    def start(self):
        """Starts the server; gives the CPU milliseconds it used until its first answer."""
        with open(self.dir / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--config", self.config], cwd=self.dir, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as s:
                    s.sendall(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                    if s.recv(64).startswith(b"HTTP/1.1 200"):
                        return self.cpu_precise() * 1000
            except OSError:
                pass
            time.sleep(0.001)
        raise SystemExit(f"ostiary did not start:\n{(self.dir / 'server.log').read_text()[-3000:]}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def run(self, *args):
        done = subprocess.run(
            [BINARY, *args, "--config", self.config], cwd=self.dir, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise SystemExit(f"ostiary {' '.join(args)}: {done.stderr}{done.stdout}")
        return done.stdout

    def create_client(self, name, *, redirect_uri=None, grants, scopes, more=(), **settings):
        args = ["client", "create", "--json", "--name", name, "--first-party"]
        if redirect_uri:
            args += ["--redirect-uri", redirect_uri]
        for grant in grants:
            args += ["--grant", grant]
        for scope in scopes:
            args += ["--scope", scope]
        made = json.loads(self.run(*args, *more))
        for setting, value in settings.items():
            self.run("client", "update", made["client_id"], "--set", f"{setting}={json.dumps(value)}")
        return made["client_id"], made.get("client_secret")

    def create_user(self, email):
        self.run("user", "create", "--email", email, "--password", PASSWORD, "--verified")

    def cpu(self):
        """CPU seconds of the whole process so far, user and system (10 ms steps)."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def cpu_precise(self):
        """The same in nanosecond steps, for a process none of whose threads has ended yet."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


class Browser:
    """Cookies and redirects on one kept connection: enough to sign in and to be sent back with a code."""

    def __init__(self, ostiary):
        self.origin = ostiary.issuer
        self.connection = http.client.HTTPConnection("127.0.0.1", ostiary.port)
        self.cookies = {}

    def once(self, method, target, form=None, body=None, headers=None):
        """One request; gives status, headers and body."""
        sent = {
            "host": self.origin.removeprefix("http://"),
            "cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        if form is not None:
            body = urlencode(form)
            sent["content-type"] = "application/x-www-form-urlencoded"
            sent["origin"] = self.origin
            sent["sec-fetch-site"] = "same-origin"
        sent.update(headers or {})
        self.connection.request(method, target, body, sent)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("set-cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers, text

    def follow(self, method, target, form=None):
        """Follows redirects inside the provider; gives the address it ends at and the page there, if any."""
        for _ in range(12):
            status, headers, text = self.once(method, target, form)
            location = headers.get("location")
            if location is None:
                return target, status, text
            if location.startswith("http") and not location.startswith(self.origin):
                return location, status, ""
            parts = urlsplit(location)
            target = parts.path + ("?" + parts.query if parts.query else "")
            method, form = "GET", None
        raise SystemExit(f"too many redirects, last to {target}")
