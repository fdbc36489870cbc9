-- Escalation: the top of a ladder rings again, an alert ends only by arrival or agreement, and a call is one row for each post and role.

ALTER TABLE alerts ADD COLUMN turn INTEGER NOT NULL DEFAULT 0; -- counts changes: who changes the row says which they saw
ALTER TABLE alerts ADD COLUMN rings INTEGER NOT NULL DEFAULT 0; -- how often the top has rung again in this silence
ALTER TABLE alerts ADD COLUMN ladder_ms INTEGER NOT NULL DEFAULT 0; -- from when the times of the ladder count
ALTER TABLE alerts ADD COLUMN there_ms INTEGER; -- since when the owner is there
ALTER TABLE alerts ADD COLUMN late_ms INTEGER; -- since when an answer is overdue
ALTER TABLE alerts ADD COLUMN rung_ms INTEGER NOT NULL DEFAULT 0; -- when posts were last rung
ALTER TABLE alerts ADD COLUMN unread_ms INTEGER; -- the reporter wrote, and nobody has taken it up
ALTER TABLE alerts ADD COLUMN over_by INTEGER; -- account that says it is over, and waits for a second one
ALTER TABLE alerts ADD COLUMN over_post_id INTEGER;
ALTER TABLE alerts ADD COLUMN over_as TEXT CHECK (over_as IN ('calm', 'false_alarm'));
CREATE INDEX alerts_due ON alerts (region, next_ms) WHERE ended_ms IS NULL;

UPDATE alerts SET there_ms = raised_ms WHERE ended_ms IS NULL AND state = 'there';
-- Alerts that died at the top of their ladder ring again, at once.
UPDATE alerts SET ladder_ms = raised_ms, rung_ms = raised_ms;
UPDATE alerts SET late_ms = raised_ms, next_ms = raised_ms WHERE ended_ms IS NULL AND next_ms IS NULL;
INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms)
SELECT region, id, 'alert_climb', id, raised_ms, raised_ms FROM alerts WHERE ended_ms IS NULL AND late_ms IS NOT NULL
ON CONFLICT (region, id) DO NOTHING;

CREATE TABLE alert_calls_new (
  region      TEXT NOT NULL,
  alert_id    INTEGER NOT NULL,
  post_id     INTEGER NOT NULL,
  step        INTEGER NOT NULL,
  roles       INTEGER NOT NULL,                                  -- whose members are called
  on_duty     INTEGER NOT NULL CHECK (on_duty IN (0, 1)),        -- bool: only those on duty
  called_ms   INTEGER NOT NULL,
  seen_ms     INTEGER,
  answered_ms INTEGER,                                           -- first "mine" by a member of the post
  rung_ms     INTEGER NOT NULL DEFAULT 0,                        -- when it rang last
  PRIMARY KEY (region, alert_id, post_id, roles),
  FOREIGN KEY (region, alert_id) REFERENCES alerts (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
) STRICT;
INSERT INTO alert_calls_new
SELECT region, alert_id, post_id, step, roles, on_duty, called_ms, seen_ms, answered_ms, called_ms FROM alert_calls;
DROP TABLE alert_calls;
ALTER TABLE alert_calls_new RENAME TO alert_calls;
CREATE INDEX alert_calls_by_post ON alert_calls (region, post_id, called_ms);
CREATE INDEX alert_calls_by_time ON alert_calls (region, called_ms);

CREATE TABLE alert_answers_new (
  region     TEXT NOT NULL,
  id         INTEGER NOT NULL CHECK (id > 0),
  alert_id   INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  post_id    INTEGER NOT NULL,
  answer     TEXT NOT NULL CHECK (answer IN ('seen', 'mine', 'on_the_way', 'there', 'calm', 'handed_over', 'accepted',
                                             'refused', 'false_alarm', 'planned', 'helping')),
  to_post_id INTEGER,                                            -- handed over to
  before_state    TEXT NOT NULL,
  before_owner_id INTEGER,
  before_owner_post_id INTEGER,
  before_next_ms  INTEGER,
  created_ms INTEGER NOT NULL,
  undone_ms  INTEGER,
  turn       INTEGER NOT NULL DEFAULT 0,                         -- which turn of the alert it made: the order of answers
  before_offered_to INTEGER,
  before_owned_ms   INTEGER,
  before_there_ms   INTEGER,
  before_late_ms    INTEGER,
  before_rings      INTEGER NOT NULL DEFAULT 0,
  before_unread_ms  INTEGER,
  before_over_by    INTEGER,
  before_over_post_id INTEGER,
  before_over_as    TEXT,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, alert_id) REFERENCES alerts (region, id),
  FOREIGN KEY (region, account_id) REFERENCES accounts (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
) STRICT;
INSERT INTO alert_answers_new (region, id, alert_id, account_id, post_id, answer, to_post_id, before_state, before_owner_id,
                               before_owner_post_id, before_next_ms, created_ms, undone_ms)
SELECT region, id, alert_id, account_id, post_id, answer, to_post_id, before_state, before_owner_id, before_owner_post_id,
       before_next_ms, created_ms, undone_ms
  FROM alert_answers;
DROP TABLE alert_answers;
ALTER TABLE alert_answers_new RENAME TO alert_answers;
CREATE INDEX alert_answers_by_alert ON alert_answers (region, alert_id, id);
