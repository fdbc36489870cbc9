-- Which pepper (the key file beside the database) the rows were made with; one row, written by "adem migrate".
CREATE TABLE pepper (
  number      BIGINT NOT NULL PRIMARY KEY CHECK (number = 1),
  fingerprint BYTEA NOT NULL CHECK (length(fingerprint) = 8),
  written_ms  BIGINT NOT NULL
);
