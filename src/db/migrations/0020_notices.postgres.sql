-- What happened to an account, for its person to see on every device until they say that they have; who did it stands in the audit too.
CREATE TABLE notices (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  account_id BIGINT NOT NULL,                                  -- whom it is told
  kind       TEXT NOT NULL CHECK (kind IN ('password', 'recovery_made', 'recovery_cancelled', 'recovered', 'reset_made', 'reset',
                                           'joined', 'roles', 'removed', 'key')),
  post_id    BIGINT,
  roles      BIGINT NOT NULL CHECK (roles BETWEEN 0 AND 511),
  by_id      BIGINT,                                           -- null: the operator, or somebody without a session
  created_ms BIGINT NOT NULL,
  seen_ms    BIGINT,
  PRIMARY KEY (region, id)
);
CREATE INDEX notices_by_account ON notices (region, account_id, seen_ms);
-- A fresh recovery code beside the one that works until the fresh one does.
ALTER TABLE accounts ADD COLUMN fresh_recovery_key BYTEA;
ALTER TABLE accounts ADD COLUMN fresh_recovery_ms BIGINT; -- from when it works, and the other no longer
ALTER TABLE notices ADD CONSTRAINT notices_account_fkey FOREIGN KEY (region, account_id) REFERENCES accounts (region, id);
ALTER TABLE notices ADD CONSTRAINT notices_post_fkey FOREIGN KEY (region, post_id) REFERENCES posts (region, id);
ALTER TABLE notices ADD CONSTRAINT notices_by_fkey FOREIGN KEY (region, by_id) REFERENCES accounts (region, id);
