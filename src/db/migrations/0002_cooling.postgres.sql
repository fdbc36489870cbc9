-- The first half of the chain: reports and their threads, alerts and their ladder, cases and what was done.

-- A tension being cooled.
CREATE TABLE cases (
  region         TEXT NOT NULL,
  id             BIGINT NOT NULL CHECK (id > 0),
  place_id       BIGINT NOT NULL,
  level          TEXT NOT NULL CHECK (level IN ('potensi', 'ambang', 'nyata')),
  reason         TEXT NOT NULL CHECK (reason IN ('opinion', 'grudge', 'rumour', 'challenge', 'firecrackers', 'revenge',
                                                 'outsiders', 'blades', 'other')),
  state          TEXT NOT NULL CHECK (state IN ('open', 'closing', 'closed', 'joined')),
  owner_id       BIGINT,                                        -- account
  owner_post_id  BIGINT,
  opened_ms      BIGINT NOT NULL,
  opened_by      BIGINT,                                        -- account; null: by a report
  outcome        TEXT CHECK (outcome IN ('calmed', 'agreed', 'referred', 'unfounded', 'violence')),
  closing_by     BIGINT,                                        -- account that asked to close
  closing_ms     BIGINT,
  confirm_by_ms  BIGINT,                                        -- reopens when nobody confirmed by then
  confirmed_as   TEXT CHECK (confirmed_as IN ('member', 'reporter')),
  confirmed_by   BIGINT,                                        -- account, when a member confirmed
  closed_ms      BIGINT,
  reopened_count BIGINT NOT NULL DEFAULT 0,
  watch_until_ms BIGINT,
  joined_to      BIGINT,                                        -- the case that goes on
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, place_id) REFERENCES places (region, id),
  FOREIGN KEY (region, owner_id) REFERENCES accounts (region, id),
  FOREIGN KEY (region, owner_post_id) REFERENCES posts (region, id),
  FOREIGN KEY (region, joined_to) REFERENCES cases (region, id)
);
CREATE INDEX cases_by_place ON cases (region, place_id, opened_ms);
CREATE INDEX cases_by_state ON cases (region, state, opened_ms);

-- Which posts take part in a case: only their members see it.
CREATE TABLE case_posts (
  region   TEXT NOT NULL,
  case_id  BIGINT NOT NULL,
  post_id  BIGINT NOT NULL,
  since_ms BIGINT NOT NULL,
  PRIMARY KEY (region, case_id, post_id),
  FOREIGN KEY (region, case_id) REFERENCES cases (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
);
CREATE INDEX case_posts_by_post ON case_posts (region, post_id, since_ms);

-- Timeline, append-only: what happened, by whom, when. A note's text is a box of subject case_entries.
CREATE TABLE case_entries (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  case_id    BIGINT NOT NULL,
  kind       TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 30), -- report, called, seen, mine, note, visit, call, …
  detail     TEXT NOT NULL CHECK (length(detail) <= 100),        -- codes only
  account_id BIGINT,
  post_id    BIGINT,
  subject_id BIGINT,                                            -- the report, alert or case it speaks of
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, case_id) REFERENCES cases (region, id)
);
CREATE INDEX case_entries_by_case ON case_entries (region, case_id, id);

-- For 14 days after a tension: the place and its neighbours.
CREATE TABLE case_watches (
  region   TEXT NOT NULL,
  case_id  BIGINT NOT NULL,
  place_id BIGINT NOT NULL,
  from_ms  BIGINT NOT NULL,
  until_ms BIGINT NOT NULL,
  PRIMARY KEY (region, case_id, place_id),
  FOREIGN KEY (region, case_id) REFERENCES cases (region, id),
  FOREIGN KEY (region, place_id) REFERENCES places (region, id)
);
CREATE INDEX case_watches_by_end ON case_watches (region, until_ms);

-- One person's word about tension. Its text and contact are boxes of subject reports.
CREATE TABLE reports (
  region       TEXT NOT NULL,
  id           BIGINT NOT NULL CHECK (id > 0),
  case_id      BIGINT NOT NULL,
  place_id     BIGINT NOT NULL,
  level        TEXT NOT NULL CHECK (level IN ('potensi', 'ambang', 'nyata')),
  reason       TEXT NOT NULL CHECK (reason IN ('opinion', 'grudge', 'rumour', 'challenge', 'firecrackers', 'revenge',
                                               'outsiders', 'blades', 'other')),
  timing       TEXT NOT NULL CHECK (timing IN ('now', 'tonight', 'earlier', 'planned')),
  channel      TEXT NOT NULL CHECK (channel IN ('web', 'api', 'desk')),
  spares_neighbours BOOLEAN NOT NULL, -- the neighbourhood's readers are left out
  entered_by   BIGINT,                                          -- account that took down a caller's words
  created_ms   BIGINT NOT NULL,
  withdrawn_ms BIGINT,                                          -- the reporter took the text back
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, case_id) REFERENCES cases (region, id),
  FOREIGN KEY (region, place_id) REFERENCES places (region, id)
);
CREATE INDEX reports_by_case ON reports (region, case_id);
CREATE INDEX reports_by_place ON reports (region, place_id, created_ms);

CREATE TABLE report_receipts (
  region     TEXT NOT NULL,
  report_id  BIGINT NOT NULL,
  lookup     BYTEA NOT NULL CHECK (length(lookup) = 32),
  public_key BYTEA NOT NULL CHECK (length(public_key) = 32),
  PRIMARY KEY (region, report_id),
  FOREIGN KEY (region, report_id) REFERENCES reports (region, id)
);
CREATE UNIQUE INDEX report_receipts_by_lookup ON report_receipts (region, lookup);

-- The posts that may open the report: at once (step 0), or when the ladder reaches them.
CREATE TABLE report_readers (
  region    TEXT NOT NULL,
  report_id BIGINT NOT NULL,
  post_id   BIGINT NOT NULL,
  step      BIGINT NOT NULL CHECK (step >= 0),
  PRIMARY KEY (region, report_id, post_id),
  FOREIGN KEY (region, report_id) REFERENCES reports (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
);

-- The thread between reporter and posts. Texts are boxes of subject report_messages.
CREATE TABLE report_messages (
  region       TEXT NOT NULL,
  id           BIGINT NOT NULL CHECK (id > 0),
  report_id    BIGINT NOT NULL,
  side         TEXT NOT NULL CHECK (side IN ('reporter', 'post')),
  account_id   BIGINT,
  post_id      BIGINT,
  created_ms   BIGINT NOT NULL,
  withdrawn_ms BIGINT,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, report_id) REFERENCES reports (region, id)
);
CREATE INDEX report_messages_by_report ON report_messages (region, report_id, id);

-- Form tokens already used: sending the same form twice makes one report.
CREATE TABLE report_tokens (
  region     TEXT NOT NULL,
  token      BYTEA NOT NULL CHECK (length(token) = 32),           -- hash
  report_id  BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (region, token),
  FOREIGN KEY (region, report_id) REFERENCES reports (region, id)
);
CREATE INDEX report_tokens_by_time ON report_tokens (region, created_ms);

-- The ladder of a level: which posts are called after how many seconds without an owner.
CREATE TABLE alert_rungs (
  region    TEXT NOT NULL REFERENCES regions (region),
  id        BIGINT NOT NULL CHECK (id > 0),
  level     TEXT NOT NULL CHECK (level IN ('potensi', 'ambang', 'nyata')),
  step      BIGINT NOT NULL CHECK (step BETWEEN 0 AND 9),
  after_s   BIGINT NOT NULL CHECK (after_s BETWEEN 0 AND 604800),
  post_kind TEXT NOT NULL CHECK (post_kind IN ('bhabin', 'polsek', 'polres', 'call110', 'rw')),
  roles     BIGINT NOT NULL CHECK (roles BETWEEN 1 AND 511),    -- whose members are called
  on_duty   BOOLEAN NOT NULL,          -- only those on duty
  PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX alert_rungs_by_level ON alert_rungs (region, level, step, post_kind);

-- A call on posts to answer.
CREATE TABLE alerts (
  region        TEXT NOT NULL,
  id            BIGINT NOT NULL CHECK (id > 0),
  case_id       BIGINT NOT NULL,
  report_id     BIGINT,
  place_id      BIGINT NOT NULL,
  level         TEXT NOT NULL CHECK (level IN ('potensi', 'ambang', 'nyata')),
  reason        TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 20),
  state         TEXT NOT NULL CHECK (state IN ('ringing', 'seen', 'mine', 'on_the_way', 'there', 'calm', 'false_alarm')),
  step          BIGINT NOT NULL,                                -- highest step called so far
  next_ms       BIGINT,                                         -- when it climbs next; null: owned, ended or at the top
  raised_ms     BIGINT NOT NULL,
  owned_ms      BIGINT,                                         -- first "mine": the answer time ends here
  owner_id      BIGINT,
  owner_post_id BIGINT,
  offered_to    BIGINT,                                         -- post asked to take over
  ended_ms      BIGINT,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, case_id) REFERENCES cases (region, id),
  FOREIGN KEY (region, place_id) REFERENCES places (region, id),
  FOREIGN KEY (region, owner_id) REFERENCES accounts (region, id),
  FOREIGN KEY (region, owner_post_id) REFERENCES posts (region, id),
  FOREIGN KEY (region, offered_to) REFERENCES posts (region, id)
);
CREATE INDEX alerts_by_case ON alerts (region, case_id);
CREATE INDEX alerts_open ON alerts (region, raised_ms) WHERE ended_ms IS NULL;

-- Which posts an alert has reached.
CREATE TABLE alert_calls (
  region      TEXT NOT NULL,
  alert_id    BIGINT NOT NULL,
  post_id     BIGINT NOT NULL,
  step        BIGINT NOT NULL,
  roles       BIGINT NOT NULL,
  on_duty     BOOLEAN NOT NULL,
  called_ms   BIGINT NOT NULL,
  seen_ms     BIGINT,
  answered_ms BIGINT,                                           -- first "mine" by a member of the post
  PRIMARY KEY (region, alert_id, post_id),
  FOREIGN KEY (region, alert_id) REFERENCES alerts (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
);
CREATE INDEX alert_calls_by_post ON alert_calls (region, post_id, called_ms);

-- One tap each; an answer can be undone for a minute, then the state before it holds again.
CREATE TABLE alert_answers (
  region     TEXT NOT NULL,
  id         BIGINT NOT NULL CHECK (id > 0),
  alert_id   BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  post_id    BIGINT NOT NULL,
  answer     TEXT NOT NULL CHECK (answer IN ('seen', 'mine', 'on_the_way', 'there', 'calm', 'handed_over', 'accepted',
                                             'refused', 'false_alarm')),
  to_post_id BIGINT,                                            -- handed over to
  before_state    TEXT NOT NULL,
  before_owner_id BIGINT,
  before_owner_post_id BIGINT,
  before_next_ms  BIGINT,
  created_ms BIGINT NOT NULL,
  undone_ms  BIGINT,
  PRIMARY KEY (region, id),
  FOREIGN KEY (region, alert_id) REFERENCES alerts (region, id),
  FOREIGN KEY (region, account_id) REFERENCES accounts (region, id),
  FOREIGN KEY (region, post_id) REFERENCES posts (region, id)
);
CREATE INDEX alert_answers_by_alert ON alert_answers (region, alert_id, id);
