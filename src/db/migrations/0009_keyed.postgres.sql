-- Sessions and the audit chain are keyed from the pepper. Who is signed in signs in again: the old rows could have been made by anybody
-- who can write the database. What the audit holds already stays; "adem migrate" adds the first keyed row behind it.
DELETE FROM sessions;
ALTER TABLE audit_heads ADD COLUMN mac BYTEA; -- keyed hash of region, number and hash; null: not keyed yet
