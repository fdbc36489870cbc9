-- Which pepper (the key file beside the database) the rows were made with; one row, written by "adem migrate".
CREATE TABLE pepper (
  number      INTEGER NOT NULL PRIMARY KEY CHECK (number = 1),
  fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 8),
  written_ms  INTEGER NOT NULL
) STRICT;
