-- The newest piece of news about its account that a session has said it has seen: each device is told for itself, so that whoever has
-- another one cannot take it away. Those of now begin with what they have been told.
ALTER TABLE sessions ADD COLUMN news_seen_id BIGINT NOT NULL DEFAULT 0 CHECK (news_seen_id >= 0);
UPDATE sessions SET news_seen_id = coalesce((SELECT max(n.id) FROM notices n
  WHERE n.region = sessions.region AND n.account_id = sessions.account_id AND n.seen_ms IS NOT NULL), 0);
