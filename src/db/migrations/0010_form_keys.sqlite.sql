-- Forms that were handled, so that the same one sent twice is done once: keyed hashes and what was answered, never what it said.
CREATE TABLE form_keys (
  region     TEXT NOT NULL,
  key        BLOB NOT NULL CHECK (length(key) = 32),            -- of the form's key, its address and the session
  fields     BLOB NOT NULL CHECK (length(fields) = 32),         -- of all that was in it
  status     INTEGER NOT NULL CHECK (status BETWEEN 200 AND 399),
  location   TEXT,                                               -- where it led
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (region, key)
) STRICT;
CREATE INDEX form_keys_by_time ON form_keys (region, created_ms);
