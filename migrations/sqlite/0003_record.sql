-- What happened (audit), what must still be told (outbox), and what the nodes share.

CREATE TABLE audit (
    id BLOB PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    user_id BLOB,
    organization_id BLOB,
    -- 'anonymous', 'user', 'client', 'operator', 'system'
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    client_id TEXT,
    ip TEXT,
    user_agent TEXT,
    correlation_id BLOB NOT NULL,
    details TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_user ON audit (user_id, at);
CREATE INDEX audit_by_time ON audit (at);

CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    -- 'mail', 'event' …
    kind TEXT NOT NULL,
    -- Messages of one aggregate are delivered in order.
    aggregate_id TEXT NOT NULL,
    -- Sealed by the master key: mails carry links that are secrets. Emptied when delivered.
    sealed_payload BLOB,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- Taken by a worker until then.
    leased_until INTEGER,
    delivered_at INTEGER,
    given_up_at INTEGER,
    last_error TEXT
) STRICT;

CREATE INDEX outbox_by_due ON outbox (delivered_at, given_up_at, due_at);

-- A job runs on the one node that holds its lease (D12).
CREATE TABLE leases (
    job TEXT PRIMARY KEY NOT NULL,
    holder BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    last_run_at INTEGER
) STRICT;

-- Facts about this instance that outlive a restart, sealed where they are secret.
CREATE TABLE instance (
    name TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;
