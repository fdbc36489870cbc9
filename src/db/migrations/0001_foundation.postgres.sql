-- Regions and territory, people who sign in, posts and their duty, the vault's rows, audit, jobs and live events.
-- Every row that belongs to a region has the key (region, id); region is the Kemendagri code of the city or regency.
-- Times (_ms) are UTC milliseconds since 1970.

CREATE TABLE regions (
  region     TEXT NOT NULL PRIMARY KEY CHECK (length(region) BETWEEN 4 AND 8),
  number     BIGINT NOT NULL UNIQUE CHECK (number BETWEEN 0 AND 1023), -- the two first characters of a receipt
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  zone       TEXT NOT NULL CHECK (zone IN ('WIB', 'WITA', 'WIT')),
  created_ms BIGINT NOT NULL
);

CREATE TABLE places (
  region     TEXT NOT NULL REFERENCES regions (region),
  id         BIGINT NOT NULL CHECK (id > 0),
  parent_id  BIGINT,
  code       TEXT NOT NULL CHECK (length(code) BETWEEN 2 AND 40), -- Kemendagri code, RW and RT as three digits each
  level      TEXT NOT NULL CHECK (level IN ('province', 'city', 'district', 'village', 'rw', 'rt')),
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  lat        DOUBLE PRECISION CHECK (lat BETWEEN -90 AND 90),    -- of the centre
  lon        DOUBLE PRECISION CHECK (lon BETWEEN -180 AND 180),
  population BIGINT CHECK (population >= 0),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, parent_id) REFERENCES places (region, id)
);
CREATE UNIQUE INDEX places_by_code ON places (region, code);
CREATE INDEX places_by_parent ON places (region, parent_id);

-- Places that touch; both directions are stored.
CREATE TABLE neighbours (
  region      TEXT NOT NULL,
  place_id    BIGINT NOT NULL,
  neighbour_id BIGINT NOT NULL,
  PRIMARY KEY (region, place_id, neighbour_id),
  FOREIGN KEY (region, place_id) REFERENCES places (region, id),
  FOREIGN KEY (region, neighbour_id) REFERENCES places (region, id),
  CHECK (place_id <> neighbour_id)
);

CREATE TABLE accounts (
  region         TEXT NOT NULL REFERENCES regions (region),
  id             BIGINT NOT NULL CHECK (id > 0),
  name           TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  phone          TEXT NOT NULL CHECK (length(phone) <= 20),      -- digits with a leading +, or empty
  lang           TEXT NOT NULL CHECK (lang IN ('id', 'en')),
  public_key     BYTEA NOT NULL CHECK (length(public_key) = 32),
  password_salt  BYTEA NOT NULL CHECK (length(password_salt) = 16),
  password_cost  BIGINT NOT NULL CHECK (password_cost BETWEEN 0 AND 9),
  password_key   BYTEA NOT NULL,                                  -- private key wrapped under the password's key
  recovery_key   BYTEA NOT NULL,                                  -- the same wrapped under the recovery code's key
  failed_count   BIGINT NOT NULL DEFAULT 0,                     -- sign-ins that failed since the last good one
  failed_ms      BIGINT NOT NULL DEFAULT 0,
  created_ms     BIGINT NOT NULL,
  disabled_ms    BIGINT,
  PRIMARY KEY (region, id)
);

-- Finds an account by what is typed at sign-in: a keyed hash of the folded name or phone number, in all regions.
CREATE TABLE sign_in_names (
  lookup     BYTEA NOT NULL PRIMARY KEY CHECK (length(lookup) = 32),
  region     TEXT NOT NULL REFERENCES regions (region),
  account_id BIGINT NOT NULL
);
CREATE INDEX sign_in_names_by_account ON sign_in_names (region, account_id);

CREATE TABLE sessions (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  account_id BIGINT NOT NULL,
  token_hash BYTEA NOT NULL CHECK (length(token_hash) = 32),
  wrapped_key BYTEA NOT NULL,                                     -- private key wrapped under a key from the token
  created_ms BIGINT NOT NULL,
  seen_ms    BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, account_id) REFERENCES accounts (region, id)
);
CREATE UNIQUE INDEX sessions_by_token ON sessions (region, token_hash);
CREATE INDEX sessions_by_account ON sessions (region, account_id);

CREATE TABLE posts (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  kind       TEXT NOT NULL CHECK (kind IN ('bhabin', 'polsek', 'polres', 'call110', 'rw', 'fkpm')),
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  place_id   BIGINT NOT NULL,                                   -- what it covers, with all below
  parent_id  BIGINT,                                            -- whose keepers may give its key; none for fkpm
  phone      TEXT NOT NULL CHECK (length(phone) <= 20),          -- public number, or empty
  created_ms BIGINT NOT NULL,
  closed_ms  BIGINT,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, place_id) REFERENCES places (region, id),
  FOREIGN KEY (region, parent_id) REFERENCES posts (region, id)
);
CREATE INDEX posts_by_place ON posts (region, place_id);

CREATE TABLE memberships (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  account_id BIGINT NOT NULL,
  post_id    BIGINT NOT NULL,
  roles      BIGINT NOT NULL CHECK (roles BETWEEN 1 AND 511),   -- bits, see accounts.h
  since_ms   BIGINT NOT NULL,
  ended_ms   BIGINT,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, account_id) REFERENCES accounts (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
);
CREATE UNIQUE INDEX memberships_current ON memberships (region, account_id, post_id) WHERE ended_ms IS NULL;
CREATE INDEX memberships_by_post ON memberships (region, post_id);

-- An invitation to a post, or a reset of an account; the code is shown once, only its lookup and public key are kept.
CREATE TABLE invitations (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  post_id    BIGINT,
  account_id BIGINT,                                            -- reset of this account; null for a new person
  roles      BIGINT NOT NULL CHECK (roles BETWEEN 0 AND 511),
  name       TEXT NOT NULL CHECK (length(name) <= 80),
  lookup     BYTEA NOT NULL CHECK (length(lookup) = 32),
  public_key BYTEA NOT NULL CHECK (length(public_key) = 32),
  made_by    BIGINT,                                            -- null: from the command line
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  used_ms    BIGINT,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id),
  FOREIGN KEY (region, account_id) REFERENCES accounts (region, id),
  FOREIGN KEY (region, made_by) REFERENCES accounts (region, id)
);
CREATE UNIQUE INDEX invitations_by_lookup ON invitations (region, lookup);
CREATE INDEX invitations_by_post ON invitations (region, post_id);

-- Who is on duty at a post, hour by hour.
CREATE TABLE duties (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  post_id    BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  from_ms    BIGINT NOT NULL,
  until_ms   BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  ended_ms   BIGINT,                                            -- taken off the roster
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id),
  FOREIGN KEY (region, account_id) REFERENCES accounts (region, id),
  CHECK (until_ms > from_ms)
);
CREATE INDEX duties_by_post ON duties (region, post_id, until_ms);
CREATE INDEX duties_by_account ON duties (region, account_id, until_ms);

-- "Can you take my shift?"
CREATE TABLE duty_swaps (
  region      TEXT NOT NULL,
  id          BIGINT NOT NULL CHECK (id > 0),
  duty_id     BIGINT NOT NULL,
  to_account_id BIGINT NOT NULL,
  asked_ms    BIGINT NOT NULL,
  answered_ms BIGINT,
  accepted    BOOLEAN NOT NULL DEFAULT false,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, duty_id) REFERENCES duties (region, id),
  FOREIGN KEY (region, to_account_id) REFERENCES accounts (region, id)
);
CREATE INDEX duty_swaps_by_duty ON duty_swaps (region, duty_id);
CREATE INDEX duty_swaps_by_account ON duty_swaps (region, to_account_id);

-- The key pair of a post's readers. A new generation is made when a member is removed; old ones open old boxes.
CREATE TABLE circles (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  post_id    BIGINT NOT NULL,
  generation BIGINT NOT NULL CHECK (generation >= 1),
  public_key BYTEA NOT NULL CHECK (length(public_key) = 32),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
);
CREATE UNIQUE INDEX circles_by_post ON circles (region, post_id, generation);

-- A circle's private key, sealed to a member, to the parent post's circle, or to an open invitation.
CREATE TABLE circle_keys (
  region     TEXT NOT NULL,
  circle_id  BIGINT NOT NULL,
  holder     TEXT NOT NULL CHECK (holder IN ('account', 'circle', 'invitation')),
  holder_id  BIGINT NOT NULL,
  sealed_key BYTEA NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (region, circle_id, holder, holder_id),
  FOREIGN KEY (region, circle_id) REFERENCES circles (region, id)
);
CREATE INDEX circle_keys_by_holder ON circle_keys (region, holder, holder_id);

-- Sealed text: one box a field of a row.
CREATE TABLE boxes (
  region     TEXT NOT NULL REFERENCES regions (region),
  id         BIGINT NOT NULL CHECK (id > 0),
  subject    TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 30),    -- the table of the row it belongs to
  subject_id BIGINT NOT NULL,
  field      TEXT NOT NULL CHECK (length(field) BETWEEN 1 AND 30),
  ciphertext BYTEA NOT NULL,                                      -- empty after withdrawal
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX boxes_by_subject ON boxes (region, subject, subject_id, field);

-- The content key of the boxes of one row, sealed to one reader.
CREATE TABLE box_keys (
  region     TEXT NOT NULL REFERENCES regions (region),
  subject    TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 30),
  subject_id BIGINT NOT NULL,
  reader     TEXT NOT NULL CHECK (reader IN ('circle', 'receipt')),
  reader_id  BIGINT NOT NULL,                                   -- circle, or report whose receipt it is
  sealed_key BYTEA NOT NULL,
  PRIMARY KEY (region, subject, subject_id, reader, reader_id)
);
CREATE INDEX box_keys_by_reader ON box_keys (region, reader, reader_id);

-- Append-only; each row carries the hash of the one before, per region.
CREATE TABLE audit (
  region     TEXT NOT NULL REFERENCES regions (region),
  number     BIGINT NOT NULL CHECK (number >= 1),
  at_ms      BIGINT NOT NULL,
  account_id BIGINT,                                            -- who; null: nobody signed in, or the command line
  action     TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 40),
  subject    TEXT NOT NULL CHECK (length(subject) <= 30),
  subject_id BIGINT NOT NULL,
  detail     TEXT NOT NULL CHECK (length(detail) <= 200),        -- codes and numbers, nothing a person wrote
  prev_hash  BYTEA NOT NULL CHECK (length(prev_hash) = 32),
  hash       BYTEA NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (region, number)
);
CREATE INDEX audit_by_time ON audit (region, at_ms);

CREATE TABLE audit_heads (
  region TEXT NOT NULL PRIMARY KEY REFERENCES regions (region),
  number BIGINT NOT NULL,
  hash   BYTEA NOT NULL CHECK (length(hash) = 32)
);

-- What open boards must hear of.
CREATE TABLE events (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  channel    BIGINT NOT NULL,                                   -- post or account
  kind       TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 30),
  subject_id BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (region, id)
);

-- Work to be done at a time, by whichever worker is free.
CREATE TABLE jobs (
  region         TEXT NOT NULL,
  id             BIGINT NOT NULL CHECK (id > 0),
  kind           TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  subject_id     BIGINT NOT NULL,
  run_after_ms   BIGINT NOT NULL,
  lease_until_ms BIGINT NOT NULL DEFAULT 0,
  attempt        BIGINT NOT NULL DEFAULT 0,
  created_ms     BIGINT NOT NULL,
  done_ms        BIGINT,
  failed         TEXT CHECK (length(failed) <= 300),             -- why the last attempt failed
  PRIMARY KEY (region, id)
);
CREATE INDEX jobs_due ON jobs (region, run_after_ms) WHERE done_ms IS NULL;
