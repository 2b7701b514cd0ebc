-- Who is told of the end of a session, and sign-outs on their way (D9).

-- Applications that know a session and want to hear of its end.
CREATE TABLE session_clients (
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    -- The `sid` it knows: that of the session itself, or of one whose place it took.
    sid BLOB NOT NULL,
    -- It has an address that we call; else only a page of its own that the browser loads.
    back_channel INTEGER NOT NULL,
    PRIMARY KEY (session_id, client_id, sid)
) STRICT;

CREATE INDEX session_clients_by_client ON session_clients (client_id);

-- Requests to sign out that wait for the person, and what the page afterwards has to show.
CREATE TABLE logouts (
    digest BLOB PRIMARY KEY NOT NULL,
    client_id TEXT REFERENCES clients (id) ON DELETE CASCADE,
    -- The session that ended by it.
    session_id BLOB REFERENCES sessions (id) ON DELETE CASCADE,
    -- Where to return to (see logout::Asked).
    request TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX logouts_by_client ON logouts (client_id);
CREATE INDEX logouts_by_session ON logouts (session_id);
CREATE INDEX logouts_by_expiry ON logouts (expires_at);
