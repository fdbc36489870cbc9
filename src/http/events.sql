-- What open pages must hear of.

-- stmt events_insert exec write
-- in  id int, channel int, kind text, subject_id int
INSERT INTO events (region, id, channel, kind, subject_id, created_ms)
VALUES (:region, :id, :channel, :kind, :subject_id, :now_ms);

-- stmt events_since many
-- in  after_id int
-- out id int, channel int, kind text, subject_id int
SELECT id, channel, kind, subject_id FROM events
 WHERE region = :region AND id >= :after_id ORDER BY id LIMIT 20000;

-- stmt events_forget exec write
-- in  before_id int
DELETE FROM events WHERE region = :region AND id < :before_id;
