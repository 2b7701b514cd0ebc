#!/usr/bin/env python3
"""Measures a release build on SQLite and PostgreSQL; see README.md beside this file. Standard library and wrk only."""

import argparse
import base64
import hashlib
import json
import os
import pathlib
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import scale
from ostiary import BINARY, PASSWORD, ROOT, Browser, Ostiary

HERE = pathlib.Path(__file__).resolve().parent
REDIRECT = "http://127.0.0.1:9/callback"
VERIFIER = "bench-verifier-bench-verifier-bench-verifier-0123"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Bench:
    def __init__(self, ostiary, options):
        self.ostiary = ostiary
        self.options = options
        self.seconds = 2 if options.quick else 8
        self.many = 300 if options.quick else 6000
        self.results = {}
        self.dir = ostiary.dir
        self.bench = None

    # -- the load ---------------------------------------------------------------------------------------------------

    def wrk(self, path, connections=16, seconds=None, **arguments):
        """One run of wrk; gives right answers per server CPU-second. Arguments as in load.lua, headers as a dict `h`."""
        headers = arguments.pop("h", {})
        words = [f"{k}={v}" for k, v in arguments.items()] + [f"h:{k}={v}" for k, v in headers.items()]
        before = self.ostiary.cpu()
        seconds = seconds or self.seconds
        run = subprocess.Popen(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", HERE / "load.lua",
             f"http://127.0.0.1:{self.ostiary.port}{path}", "--", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        errors = ""
        for line in run.stderr:
            if line == "SPENT\n":
                run.send_signal(signal.SIGINT)  # wrk then prints its summary and ends
            else:
                errors += line
        output = run.stdout.read()
        run.wait()
        cpu = self.ostiary.cpu() - before
        found = re.search(r"^RESULT (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+) (.*)$", output, re.M)
        if not found:
            raise SystemExit(f"wrk {path}: {output}{errors}")
        good, bad, broken = (int(n) for n in found.groups()[:3])
        took, p50, p99 = (float(n) for n in found.groups()[3:6])
        note = f"{good / took:8.0f}/s on the clock, CPU {cpu / took * 100:3.0f} %, p50 {p50:.2f} ms, p99 {p99:.2f} ms"
        if bad or broken:
            note += f"; {bad} WRONG ANSWERS ({found[7]}), {broken} broken connections"
        return {"value": good / cpu if cpu else 0, "rate": good / took, "good": good, "bad": bad + broken, "note": note}

    def record(self, name, result):
        self.results[name] = result
        print(f"  {name:45} {result['value']:10.0f}   {result['note']}", flush=True)

    def file(self, name, lines=()):
        path = self.dir / name
        path.write_text("".join(f"{line}\n" for line in lines))
        return path

    # -- what is needed before --------------------------------------------------------------------------------------

    def prepare(self):
        o = self.ostiary
        self.machine = o.create_client("Nightly job", grants=["client_credentials"], scopes=["reports:read"])
        self.opaque = o.create_client(
            "Weekly job", grants=["client_credentials"], scopes=["reports:read"], access_token_format="opaque")
        self.app = o.create_client(
            "Blockyard", redirect_uri=REDIRECT, grants=["authorization_code", "refresh_token"],
            scopes=["openid", "profile", "email", "offline_access"],
        )
        self.people = [f"person{n}@bench.example" for n in range(4 if self.options.quick else 24)]
        for email in self.people:
            o.create_user(email)

    @staticmethod
    def basic(client):
        return "Basic " + base64.b64encode(":".join(quote(part, safe="") for part in client).encode()).decode()

    def form(self, client):
        return {"Content-Type": "application/x-www-form-urlencoded", "Authorization": self.basic(client)}

    def browser(self):
        """A browser in which the first person is signed in."""
        browser = Browser(self.ostiary)
        end, status, page = browser.follow("GET", self.authorize("openid"))
        hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
        hidden |= {"username": self.people[0], "password": PASSWORD}
        if "i" not in hidden and "i=" in end:
            hidden["i"] = parse_qs(urlsplit(end).query)["i"][0]
        end, status, page = browser.follow("POST", "/do/sign-in", hidden)
        if "code=" not in end:
            raise SystemExit(f"sign-in did not lead back to the application but to {end} ({status}):\n{page[:2000]}")
        return browser

    @staticmethod
    def authorize(scope):
        return "/connect/authorize?" + urlencode({
            "response_type": "code", "client_id": Bench.app_id, "redirect_uri": REDIRECT, "scope": scope, "state": "s",
            "nonce": "n", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
        })

    def codes(self, count, scope):
        browser = self.browser()
        target = self.authorize(scope)
        return [parse_qs(urlsplit(browser.follow("GET", target)[0]).query)["code"][0] for _ in range(count)]

    def tokens(self, count, scope):
        body = f"grant_type=authorization_code&code={{}}&redirect_uri={quote(REDIRECT, safe='')}&code_verifier={VERIFIER}"
        browser = Browser(self.ostiary)
        found = []
        for code in self.codes(count, scope):
            status, _, text = browser.once("POST", "/connect/token", body=body.replace("{}", code), headers=self.form(self.app))
            if status != 200:
                raise SystemExit(f"code exchange: {status} {text}")
            found.append(json.loads(text))
        return found

    # -- what is measured -------------------------------------------------------------------------------------------

    def client_credentials(self):
        self.record("client_credentials", self.wrk(
            "/connect/token", method="POST", body="grant_type=client_credentials&scope=reports%3Aread", h=self.form(self.machine)))

    def signed(self, *arguments):
        """Lines that somebody else signed just now; they are good for a minute."""
        done = subprocess.run([ROOT / "target/release/examples/signed", self.dir / "key", *map(str, arguments)],
                              capture_output=True, text=True, check=True)
        return done.stdout.split()

    def dpop(self):
        """A token of its own that is bound to a key: one proof each, verified and remembered."""
        issuer = self.ostiary.issuer
        lines = self.file("proofs", self.signed("dpop", f"{issuer}/connect/token", self.many))
        self.record("client_credentials with DPoP", self.wrk(
            "/connect/token", method="POST", mode="once", lines=lines, header="DPoP", seconds=50, ok='"DPoP"',
            body="grant_type=client_credentials&scope=reports%3Aread", h=self.form(self.machine)))

    def private_key_jwt(self):
        """The same with a client assertion instead of a secret, and no proof."""
        issuer = self.ostiary.issuer
        jwks = self.file("jwks.json", self.signed("jwks"))
        client, _ = self.ostiary.create_client(
            "Signing job", grants=["client_credentials"], scopes=["reports:read"],
            more=["--auth-method", "private_key_jwt", "--jwks", jwks])
        lines = self.file("assertions", self.signed("assertion", client, issuer, self.many))
        kind = quote("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", safe="")
        self.record("client_credentials with private_key_jwt", self.wrk(
            "/connect/token", method="POST", mode="once", lines=lines, seconds=50, ok='"Bearer"',
            body=f"grant_type=client_credentials&client_assertion_type={kind}&client_assertion={{}}",
            h={"Content-Type": "application/x-www-form-urlencoded"}))

    def introspect_each(self, name, client):
        """Looks at many tokens, each once; gives one of them."""
        tokens = self.dir / "access-tokens"
        self.wrk("/connect/token", method="POST", mode="once", lines=self.file("nothing", ["1"] * self.many * 2), out=tokens,
                 body="grant_type=client_credentials&scope=reports%3Aread&_={}", capture='"access_token"%s*:%s*"([^"]+)"',
                 seconds=60, h=self.form(client))
        arguments = {"method": "POST", "body": "token={}", "ok": '"active"%s*:%s*true', "h": self.form(client)}
        self.record(name, self.wrk("/connect/introspect", mode="once", lines=tokens, seconds=60, **arguments))
        return tokens.read_text().split("\n", 1)[0]

    def introspection(self):
        one = self.introspect_each("introspection", self.machine)
        self.record("introspection, remembered", self.wrk(
            "/connect/introspect", method="POST", body=f"token={one}", h=self.form(self.machine)))

    def opaque_introspection(self):
        self.introspect_each("opaque_introspection", self.opaque)

    def par(self):
        query = urlsplit(self.authorize("openid profile email")).query
        self.record("par", self.wrk("/connect/par", method="POST", body=query, h=self.form(self.app)))

    def api(self, method, path, body=None, token=None):
        """One request to the REST API; gives what it answered."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        status, _, text = Browser(self.ostiary).once(method, path, body=json.dumps(body) if body else None, headers=headers)
        if status not in (200, 201, 204):
            raise SystemExit(f"{path}: {status} {text}")
        return json.loads(text) if text else {}

    def found(self):
        """An organisation of the first person, and a client that asks about members; once."""
        if self.bench:
            return self.bench
        owner = self.api("POST", "/api/v1/auth/login", {"username": self.people[0], "password": PASSWORD})["token"]
        user = self.api("GET", "/api/v1/auth/me", token=owner)["userId"]
        organization = self.api("POST", "/api/v1/organizations", {"name": "Bench", "slug": "bench"}, owner)["id"]
        gate = self.ostiary.create_client("Gate", grants=["client_credentials"], scopes=["authorize"])
        status, _, answer = Browser(self.ostiary).once(
            "POST", "/connect/token", body="grant_type=client_credentials", headers=self.form(gate))
        if status != 200:
            raise SystemExit(f"a token to ask with: {status} {answer}")
        asks = {"Content-Type": "application/json", "Authorization": f"Bearer {json.loads(answer)['access_token']}"}
        self.bench = {"owner": owner, "user": user, "organization": organization, "asks": asks}
        return self.bench

    @staticmethod
    def question(user, organization):
        return {"subject": {"type": "user", "id": str(user)}, "action": {"name": "org:read"},
                "resource": {"type": "server", "id": "node-3"}, "context": {"organization": str(organization)}}

    def decisions(self):
        """Questions of an application about a member, with policies of the organisation; one at a time, and a hundred."""
        bench = self.found()
        base = f"/api/v1/organizations/{bench['organization']}/policies"
        text = "".join(
            f'@id("p{n}") forbid (principal, action == Ostiary::Action::"org:delete", resource) unless {{ context.mfa }};\n'
            for n in range(20))
        self.api("POST", base, {"text": text, "newest": 0}, bench["owner"])
        self.api("PUT", base + "/active", {"number": 1, "active": None}, bench["owner"])
        question = self.question(bench["user"], bench["organization"])
        self.record("decision", self.wrk("/api/v1/authorize", method="POST", body=json.dumps(question), h=bench["asks"]))
        batch = json.dumps(question | {"evaluations": [{"resource": {"type": "server", "id": f"node-{n}"}} for n in range(100)]})
        self.record("100 decisions at once", self.wrk("/api/v1/authorize", method="POST", body=batch, h=bench["asks"]))

    def forward_auth(self):
        bench = self.found()
        self.record("forward-auth", self.wrk("/forward-auth?organization=bench&require=org:read",
                                             h={"Authorization": f"Bearer {bench['owner']}"}))

    def organizations(self):
        """The same look-ups in a small and in a large data set: they may take twice as long at most (E10)."""
        bench = self.found()
        seed = scale.seed_for(self.ostiary.database_url, self.people[0], "bench")
        sizes = (100, 200) if self.options.quick else (100, 10_000)
        rates, before = {}, 0
        for organizations in sizes:
            self.ostiary.stop()
            started = time.monotonic()
            seed.organizations(before, organizations)
            before = organizations
            self.ostiary.start()
            members = f"{organizations * scale.MEMBERS:,} memberships"
            print(f"  {'… ' + members:45} {'':10}   made in {time.monotonic() - started:.0f} s", flush=True)
            for name, rate in self.look_up(bench, organizations, members).items():
                rates.setdefault(name, []).append(rate)
        for name, (small, large) in rates.items():
            self.results[f"{name}, large against small"] = {"value": large / small, "note": ""}
            print(f"  {'… ' + name + ', large against small':45} {large / small:10.2f}", flush=True)

    def look_up(self, bench, organizations, members):
        """Each look-up's right answers a second on the clock, where the database's own work counts, too."""
        def ids(user, organization):
            return scale.identifier(scale.USER, user), scale.identifier(scale.ORGANIZATION, organization)

        lines = [json.dumps(self.question(*ids(*pair))) for pair in scale.questions(self.many, organizations)]
        token = self.api("POST", "/api/v1/auth/login", {"username": "member0@bench.example", "password": PASSWORD})["token"]
        mine = {"Authorization": f"Bearer {token}"}
        _, organization = ids(0, 0)
        asked = {"method": "POST", "ok": '"decision"%s*:%s*true', "body": "{}", "h": bench["asks"]}
        runs = {
            "permissions, first look": lambda: self.wrk(
                "/api/v1/authorize", mode="once", lines=self.file("questions", lines), seconds=60, **asked),
            "permissions, remembered": lambda: self.wrk(
                "/api/v1/authorize", lines=self.file("questions", lines[:200]), **asked),
            "forward-auth of a member": lambda: self.wrk(f"/forward-auth?organization={organization}&require=org:read", h=mine),
            "page of members": lambda: self.wrk(f"/api/v1/organizations/{organization}/members?limit=20", h=mine),
            "search for members": lambda: self.wrk(f"/api/v1/organizations/{organization}/members?q=member+1&limit=20", h=mine),
            "own organisations": lambda: self.wrk("/api/v1/organizations?q=organisation", h=mine),
        }
        rates = {}
        for name, run in runs.items():
            result = run()
            self.record(f"{name}, {members}", result)
            rates[name] = result["rate"]
        return rates

    def userinfo(self):
        token = self.tokens(1, "openid profile email")[0]["access_token"]
        self.record("userinfo", self.wrk("/connect/userinfo", h={"Authorization": f"Bearer {token}"}))

    def refresh(self):
        found = self.tokens(32 if self.options.quick else 128, "openid offline_access")
        lines = self.file("refresh-tokens", [t["refresh_token"] for t in found])
        for connections in (1, 16, 64) if not self.options.quick else (16,):
            name = "refresh with rotation" + ("" if connections == 16 else f", {connections} at once")
            result = self.wrk("/connect/token", connections, method="POST", mode="requeue", lines=lines, h=self.form(self.app),
                              out=self.dir / "refresh-tokens.next", body="grant_type=refresh_token&refresh_token={}",
                              capture='"refresh_token"%s*:%s*"([^"]+)"')
            self.record(name, result)
            # Each run needs tokens that are still good: those of the last run's end are mixed with used ones, so take new.
            found = self.tokens(len(found), "openid offline_access")
            self.file("refresh-tokens", [t["refresh_token"] for t in found])

    def exchange(self):
        body = f"grant_type=authorization_code&code={{}}&redirect_uri={quote(REDIRECT, safe='')}&code_verifier={VERIFIER}"
        lines = self.file("codes", self.codes(self.many, "openid profile email"))
        self.record("code exchange with ID token", self.wrk(
            "/connect/token", method="POST", mode="once", lines=lines, body=body, seconds=60, ok='"id_token"',
            h=self.form(self.app)))

    def static(self):
        self.record("discovery", self.wrk("/.well-known/openid-configuration"))
        self.record("JWKS", self.wrk("/.well-known/jwks.json"))
        self.record("sign-in page", self.wrk("/sign-in"))
        self.record("sign-in page, compressed", self.wrk("/sign-in", h={"Accept-Encoding": "gzip"}))

    def sign_in(self):
        bodies = [json.dumps({"username": email, "password": PASSWORD}) for email in self.people]
        result = self.wrk("/api/v1/auth/login", 4, method="POST", lines=self.file("sign-ins", bodies), body="{}",
                          ok='"token"', h={"Content-Type": "application/json"})
        result["note"] = f"{result['value']:.1f} a CPU-second; " + result["note"]
        self.record("password sign-in", result)
        bare = float(subprocess.run([ROOT / "target/release/examples/hash_rate", "2" if self.options.quick else "6"],
                                    capture_output=True, text=True, check=True).stdout)
        share = result["value"] / bare
        self.results["password sign-in, share of the bare hash"] = {"value": share, "note": f"bare hash {bare:.1f}/s"}
        print(f"  {'… share of the bare hash':45} {share:10.2f}   bare hash {bare:.1f}/s")

    def timing(self):
        """Wrong passwords for people who exist, do not, or are locked: nobody may be able to tell by the clock."""
        rounds = 10 if self.options.quick else 300
        strangers = [f"nobody{n}@bench.example" for n in range(rounds)]
        known = [f"timing{n}@bench.example" for n in range(max(rounds // 4, 3) + 1)]
        for email in known:
            self.ostiary.create_user(email)
        locked, known = known[0], known[1:]
        browser = Browser(self.ostiary)

        def attempt(email):
            body = json.dumps({"username": email, "password": "Not-the-password-1"})
            started = time.perf_counter()
            status, _, text = browser.once("POST", "/api/v1/auth/login", body=body, headers={"content-type": "application/json"})
            took = time.perf_counter() - started
            if status != 401:
                raise SystemExit(f"a wrong password was answered {status}: {text}")
            return took * 1000

        for _ in range(6):
            attempt(locked)
        samples = {"known": [], "unknown": [], "locked": []}
        plan = [("known", known[n % len(known)]) for n in range(min(rounds, 4 * len(known)))]
        plan += [("unknown", email) for email in strangers] + [("locked", locked)] * rounds
        random.Random(1).shuffle(plan)
        for kind, email in plan:
            samples[kind].append(attempt(email))
        for kind in ("unknown", "locked"):
            low, middle, high = median_difference(samples["known"], samples[kind])
            name = f"sign-in timing, known against {kind}"
            note = (f"median {statistics.median(samples['known']):.2f} ms against {statistics.median(samples[kind]):.2f} ms, "
                    f"difference {middle:+.3f} ms, 99 % interval {low:+.3f} to {high:+.3f}")
            self.results[name] = {"value": middle, "note": note, "equal": low <= 0 <= high or abs(middle) < 0.2}
            print(f"  {name:45} {middle:+10.3f}   {note}", flush=True)

    def run(self):
        only = self.options.only
        starts = [self.restart() for _ in range(3 if self.options.quick else 9)]
        self.results["start to first answer, CPU ms"] = {
            "value": statistics.median(starts), "note": "of " + ", ".join(f"{s:.0f}" for s in sorted(starts))}
        time.sleep(2)
        self.results["memory idle, MiB"] = {"value": self.ostiary.resident_mib(), "note": ""}
        self.prepare()
        Bench.app_id = self.app[0]
        for part in (self.client_credentials, self.dpop, self.private_key_jwt, self.introspection,
                     self.opaque_introspection, self.par, self.decisions, self.forward_auth, self.userinfo, self.refresh, self.exchange, self.static):
            if not only or part.__name__ in only:
                part()
        self.results["memory loaded, MiB"] = {"value": self.ostiary.resident_mib(), "note": "before any password was hashed by load"}
        for part in (self.sign_in, self.timing):
            if not only or part.__name__ in only:
                part()
        self.results["memory after sign-ins, MiB"] = {"value": self.ostiary.resident_mib(), "note": f"{os.cpu_count()} hash slots"}
        if not only or "organizations" in only:
            self.organizations()

    def restart(self):
        self.ostiary.stop()
        return self.ostiary.start()


def median_difference(a, b, rounds=2000):
    """Median of b minus median of a with a 99 % bootstrap interval."""
    chance = random.Random(2)
    differences = sorted(
        statistics.median(chance.choices(b, k=len(b))) - statistics.median(chance.choices(a, k=len(a))) for _ in range(rounds))
    return differences[rounds // 200], statistics.median(b) - statistics.median(a), differences[-rounds // 200]


def table(results, goals):
    """The results of all databases beside the goals, as Markdown."""
    databases = list(results)
    names = list(dict.fromkeys(name for found in results.values() for name in found))
    lines = ["| | " + " | ".join(databases) + " | goal | |", "|---|" + "---|" * (len(databases) + 2)]
    for name in names:
        goal = goals.get(name, {})
        cells, verdicts, wanted = [], [], []
        for database in databases:
            found = results[database].get(name)
            if found is None:
                cells.append("–")
                continue
            value = found["value"]
            cells.append(f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}")
            if found.get("bad"):
                verdicts.append("WRONG ANSWERS")
            if "equal" in found:
                wanted.append("no difference")
                verdicts.append("reached" if found["equal"] else "MISSED")
            if database in goal:
                wanted.append(f"≥ {goal[database]:,}")
                verdicts.append("reached" if value >= goal[database] else "MISSED")
            if "at_most" in goal:
                wanted.append(f"≤ {goal['at_most']}")
                verdicts.append("reached" if value <= goal["at_most"] else "MISSED")
            if "at_least" in goal:
                wanted.append(f"≥ {goal['at_least']}")
                verdicts.append("reached" if value >= goal["at_least"] else "MISSED")
        verdict = ", ".join(dict.fromkeys(verdicts))
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {', '.join(dict.fromkeys(wanted))} | {verdict} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="short runs, to see that everything works")
    parser.add_argument("--only", type=lambda text: text.split(","), help="names of parts: refresh,exchange,…")
    parser.add_argument("--database", choices=["sqlite", "postgres"])
    options = parser.parse_args()
    postgres = os.environ.get("OSTIARY_TEST_POSTGRES_URL")
    results = {}
    for database in ("sqlite", "postgres"):
        if options.database not in (None, database):
            continue
        if database == "postgres" and not postgres:
            print("no OSTIARY_TEST_POSTGRES_URL: PostgreSQL is left out", file=sys.stderr)
            continue
        # Not in /tmp where that is memory: the disk is part of what is measured.
        with tempfile.TemporaryDirectory(dir=ROOT / "target", prefix="bench-") as directory:
            url = f"sqlite:{directory}/ostiary.db" if database == "sqlite" else postgres
            print(f"\n{database}", flush=True)
            ostiary = Ostiary(directory, url)
            try:
                bench = Bench(ostiary, options)
                bench.run()
                results[database] = bench.results
            finally:
                ostiary.stop()
    size = BINARY.stat().st_size / 2**20
    goals = json.loads((HERE / "goals.json").read_text())
    text = f"{table(results, goals)}\n\nBinary {size:.1f} MiB. Operations per server CPU-second unless a unit is named."
    text += "\nRates are of right answers only. Quick run: numbers mean little." if options.quick else ""
    print(f"\n{text}")
    (ROOT / "target" / "bench.md").write_text(text + "\n")


if __name__ == "__main__":
    main()
