"""Organisations as a large instance has them: every organisation has 100 members, everybody belongs to five (but for the first
and the last few). The same SQL fills both databases, straight into the tables."""

import random
import sqlite3
import subprocess
import uuid

MEMBERS = 100
STEP = MEMBERS // 5  # so that everybody is in five organisations

# What an id is made of: the kind of thing, and which of them.
USER, ORGANIZATION, MEMBERSHIP, ENTRY = 1, 2, 3, 4


def people_in(organizations):
    """How many people belong to so many organisations."""
    return organizations * STEP + MEMBERS - STEP if organizations else 0


def identifier(kind, number):
    return uuid.UUID(int=(0x01900000_0000_7000_9000_0000_0000_0000 | kind << 40 | number))


class Seed:
    """Fills tables, from row `start` up to `end`, each row like one that is there."""

    def __init__(self, url, template_email, template_organization):
        self.url = url
        self.email = template_email
        self.slug = template_organization
        self.sql = []

    def rows(self, table, like, start, end, **values):
        """Rows like the one that `like` finds; `values` are SQL over the row's number `n` for the columns that differ."""
        columns = self.columns(table)
        chosen = [values.get(column, f"t.{column}") for column in columns]
        self.sql.append(
            f"INSERT INTO {table} ({', '.join(columns)}) WITH RECURSIVE seq(n) AS (SELECT {start} UNION ALL "
            f"SELECT n + 1 FROM seq WHERE n + 1 < {end}) SELECT {', '.join(chosen)} FROM seq, {table} t WHERE {like}")

    def organizations(self, start, end):
        """Organisations from `start` up to `end`, and their members."""
        self.rows("users", f"t.email_key = '{self.email}'", people_in(start), people_in(end), id=f"bench_id({USER}, n)",
                  email="'member' || n || '@bench.example'", email_key="'member' || n || '@bench.example'",
                  username="NULL", username_key="NULL", display_name="'Member ' || n", preferred_organization_id="NULL")
        self.rows("organizations", f"t.slug = '{self.slug}'", start, end, id=f"bench_id({ORGANIZATION}, n)",
                  name="'Organisation ' || n", name_key="'organisation ' || n", slug="'organisation-' || n", personal_of="NULL")
        role = "(SELECT r.id FROM roles r WHERE r.organization_id IS NULL AND r.name_key = " \
               f"CASE n % {MEMBERS} WHEN 0 THEN 'owner' WHEN 1 THEN 'admin' WHEN 2 THEN 'operator' ELSE 'viewer' END)"
        one = "t.id = (SELECT id FROM memberships WHERE organization_id = " \
              f"(SELECT id FROM organizations WHERE slug = '{self.slug}'))"
        self.rows("memberships", one, start * MEMBERS, end * MEMBERS, id=f"bench_id({MEMBERSHIP}, n)",
                  organization_id=f"bench_id({ORGANIZATION}, n / {MEMBERS})", role_id=role, joined_at="t.joined_at + n",
                  user_id=f"bench_id({USER}, n / {MEMBERS} * {STEP} + n % {MEMBERS})", invited_by="NULL")
        self.sql.append(
            "INSERT INTO member_entries (id, membership_id, effect, permission, reason, created_at) "
            f"WITH RECURSIVE seq(n) AS (SELECT {start * MEMBERS} UNION ALL SELECT n + 20 FROM seq WHERE n + 20 < {end * MEMBERS}) "
            f"SELECT bench_id({ENTRY}, n), bench_id({MEMBERSHIP}, n), 'grant', 'members:invite', '', 0 FROM seq")
        self.write()


class SqliteSeed(Seed):
    def columns(self, table):
        with sqlite3.connect(self.url.removeprefix("sqlite:")) as db:
            return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]

    def write(self):
        db = sqlite3.connect(self.url.removeprefix("sqlite:"), timeout=60)
        db.create_function("bench_id", 2, lambda kind, number: identifier(kind, number).bytes, deterministic=True)
        with db:
            for sql in self.sql:
                db.execute(sql)
        db.close()
        self.sql.clear()


class PostgresSeed(Seed):
    def psql(self, text):
        done = subprocess.run(["psql", self.url, "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-"],
                              input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"psql: {done.stderr}")
        return done.stdout

    def columns(self, table):
        return self.psql("SELECT column_name FROM information_schema.columns "
                         f"WHERE table_schema = 'public' AND table_name = '{table}'").split()

    def write(self):
        base = str(identifier(0, 0))[:-12]
        function = ("CREATE OR REPLACE FUNCTION bench_id(kind bigint, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS "
                    f"$$ SELECT ('{base}' || lpad(to_hex((kind << 40) | number), 12, '0'))::uuid $$")
        self.psql(";\n".join([function, *self.sql, "ANALYZE", ""]))
        self.sql.clear()


def seed_for(url, *template):
    return (SqliteSeed if url.startswith("sqlite:") else PostgresSeed)(url, *template)


def questions(count, organizations):
    """Members, each once, of a hundred organisations: the number of the person and of the organisation."""
    chance = random.Random(organizations)
    chosen = chance.sample(range(organizations), 100)
    members = [(organization * STEP + n, organization) for organization in chosen for n in range(MEMBERS)]
    return chance.sample(members, count)
