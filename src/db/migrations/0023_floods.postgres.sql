-- In a flood of false reports a desk proposes to end many incidents at once; another account goes through them and agrees once.
CREATE TABLE alert_floods (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  made_by    BIGINT NOT NULL,
  post_id    BIGINT NOT NULL,                                    -- the desk's
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (region, id)
);
CREATE INDEX alert_floods_by_time ON alert_floods (region, created_ms);

-- An incident of it. Kept: whoever looked at it took it out, or something had come in since.
CREATE TABLE alert_flood_cases (
  region     TEXT NOT NULL,
  flood_id   BIGINT NOT NULL,
  case_id    BIGINT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('proposed', 'ended', 'kept')),
  decided_by BIGINT,
  decided_ms BIGINT,
  PRIMARY KEY (region, flood_id, case_id)
);
CREATE INDEX alert_flood_cases_by_case ON alert_flood_cases (region, case_id);
ALTER TABLE alert_floods ADD CONSTRAINT alert_floods_made_by_fkey FOREIGN KEY (region, made_by) REFERENCES accounts (region, id);
ALTER TABLE alert_floods ADD CONSTRAINT alert_floods_post_fkey FOREIGN KEY (region, post_id) REFERENCES posts (region, id);
ALTER TABLE alert_flood_cases ADD CONSTRAINT alert_flood_cases_flood_fkey FOREIGN KEY (region, flood_id) REFERENCES alert_floods (region, id);
ALTER TABLE alert_flood_cases ADD CONSTRAINT alert_flood_cases_case_fkey FOREIGN KEY (region, case_id) REFERENCES cases (region, id);
ALTER TABLE alert_flood_cases ADD CONSTRAINT alert_flood_cases_decided_fkey FOREIGN KEY (region, decided_by) REFERENCES accounts (region, id);
