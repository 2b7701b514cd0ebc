-- APIs and scopes that a file declares (D11), as clients are: the version grows with each change; the label of the
-- declaration they belong to, and the version at which they were as it says.
ALTER TABLE resources ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE resources ADD COLUMN owner TEXT;
ALTER TABLE resources ADD COLUMN declared_version BIGINT;

ALTER TABLE scopes ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE scopes ADD COLUMN owner TEXT;
ALTER TABLE scopes ADD COLUMN declared_version BIGINT;
