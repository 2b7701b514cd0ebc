-- Clients that a file declares (D11): the label of the declaration they belong to, and the version at which they were
-- as it says. A greater version means that somebody changed them by hand since.
ALTER TABLE clients ADD COLUMN owner TEXT;
ALTER TABLE clients ADD COLUMN declared_version INTEGER;

CREATE INDEX clients_by_owner ON clients (owner);
