-- In a flood of false reports a desk proposes to end many incidents at once; another account goes through them and agrees once.
CREATE TABLE alert_floods (
  region     TEXT NOT NULL,
  id         INTEGER NOT NULL CHECK (id > 0),
  made_by    INTEGER NOT NULL,
  post_id    INTEGER NOT NULL,                                   -- the desk's
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, made_by) REFERENCES accounts (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
) STRICT;
CREATE INDEX alert_floods_by_time ON alert_floods (region, created_ms);

-- An incident of it. Kept: whoever looked at it took it out, or something had come in since.
CREATE TABLE alert_flood_cases (
  region     TEXT NOT NULL,
  flood_id   INTEGER NOT NULL,
  case_id    INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('proposed', 'ended', 'kept')),
  decided_by INTEGER,
  decided_ms INTEGER,
  PRIMARY KEY (region, flood_id, case_id),
  FOREIGN KEY (region, flood_id) REFERENCES alert_floods (region, id),
  FOREIGN KEY (region, case_id) REFERENCES cases (region, id),
  FOREIGN KEY (region, decided_by) REFERENCES accounts (region, id)
) STRICT;
CREATE INDEX alert_flood_cases_by_case ON alert_flood_cases (region, case_id);
