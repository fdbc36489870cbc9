-- Escalation: the top of a ladder rings again, an alert ends only by arrival or agreement, and a call is one row for each post and role.

ALTER TABLE alerts ADD COLUMN turn BIGINT NOT NULL DEFAULT 0; -- counts changes: who changes the row says which they saw
ALTER TABLE alerts ADD COLUMN rings BIGINT NOT NULL DEFAULT 0; -- how often the top has rung again in this silence
ALTER TABLE alerts ADD COLUMN ladder_ms BIGINT NOT NULL DEFAULT 0; -- from when the times of the ladder count
ALTER TABLE alerts ADD COLUMN there_ms BIGINT; -- since when the owner is there
ALTER TABLE alerts ADD COLUMN late_ms BIGINT; -- since when an answer is overdue
ALTER TABLE alerts ADD COLUMN rung_ms BIGINT NOT NULL DEFAULT 0; -- when posts were last rung
ALTER TABLE alerts ADD COLUMN unread_ms BIGINT; -- the reporter wrote, and nobody has taken it up
ALTER TABLE alerts ADD COLUMN over_by BIGINT; -- account that says it is over, and waits for a second one
ALTER TABLE alerts ADD COLUMN over_post_id BIGINT;
ALTER TABLE alerts ADD COLUMN over_as TEXT CHECK (over_as IN ('calm', 'false_alarm'));
CREATE INDEX alerts_due ON alerts (region, next_ms) WHERE ended_ms IS NULL;

UPDATE alerts SET there_ms = raised_ms WHERE ended_ms IS NULL AND state = 'there';
-- Alerts that died at the top of their ladder ring again, at once.
UPDATE alerts SET ladder_ms = raised_ms, rung_ms = raised_ms;
UPDATE alerts SET late_ms = raised_ms, next_ms = raised_ms WHERE ended_ms IS NULL AND next_ms IS NULL;
INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms)
SELECT region, id, 'alert_climb', id, raised_ms, raised_ms FROM alerts WHERE ended_ms IS NULL AND late_ms IS NOT NULL
ON CONFLICT (region, id) DO NOTHING;

ALTER TABLE alert_calls ADD COLUMN rung_ms BIGINT NOT NULL DEFAULT 0; -- when it rang last
UPDATE alert_calls SET rung_ms = called_ms;
ALTER TABLE alert_calls DROP CONSTRAINT alert_calls_pkey;
ALTER TABLE alert_calls ADD CONSTRAINT alert_calls_pkey PRIMARY KEY (region, alert_id, post_id, roles);
CREATE INDEX alert_calls_by_time ON alert_calls (region, called_ms);

ALTER TABLE alert_answers DROP CONSTRAINT alert_answers_answer_check;
ALTER TABLE alert_answers ADD CONSTRAINT alert_answers_answer_check CHECK (answer IN ('seen', 'mine', 'on_the_way', 'there',
  'calm', 'handed_over', 'accepted', 'refused', 'false_alarm', 'planned', 'helping'));
ALTER TABLE alert_answers ADD COLUMN turn BIGINT NOT NULL DEFAULT 0; -- which turn of the alert it made: the order of answers
ALTER TABLE alert_answers ADD COLUMN before_offered_to BIGINT;
ALTER TABLE alert_answers ADD COLUMN before_owned_ms BIGINT;
ALTER TABLE alert_answers ADD COLUMN before_there_ms BIGINT;
ALTER TABLE alert_answers ADD COLUMN before_late_ms BIGINT;
ALTER TABLE alert_answers ADD COLUMN before_rings BIGINT NOT NULL DEFAULT 0;
ALTER TABLE alert_answers ADD COLUMN before_unread_ms BIGINT;
ALTER TABLE alert_answers ADD COLUMN before_over_by BIGINT;
ALTER TABLE alert_answers ADD COLUMN before_over_post_id BIGINT;
ALTER TABLE alert_answers ADD COLUMN before_over_as TEXT;
