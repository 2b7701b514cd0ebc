-- The address that a ticket is about, where that is not (or may no longer be) the one of its account: the new address that it
-- proves, or the old one that it brings back (A9).
ALTER TABLE tickets ADD COLUMN email TEXT;
