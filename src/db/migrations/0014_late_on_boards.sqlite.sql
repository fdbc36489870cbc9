-- Since when an answer is overdue, and that the reporter has written again, stand beside the deadline in what a post sees of a
-- case: an alert that rings on has its next deadline ahead of it, and is late all the same.
ALTER TABLE case_posts ADD COLUMN late_ms INTEGER; -- of the call that it sees
ALTER TABLE case_posts ADD COLUMN unread_ms INTEGER;

UPDATE case_posts SET
  late_ms = (SELECT a.late_ms FROM alerts a
              WHERE a.region = case_posts.region AND a.id = case_posts.alert_id AND a.ended_ms IS NULL),
  next_ms = (SELECT a.next_ms FROM alerts a
              WHERE a.region = case_posts.region AND a.id = case_posts.alert_id AND a.ended_ms IS NULL);
