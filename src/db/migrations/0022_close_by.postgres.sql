-- An open case whose calls have all ended is to be closed within a day: those of before, too.
UPDATE case_posts SET
  next_ms = (SELECT max(a.ended_ms) + 86400000 FROM alerts a
              WHERE a.region = case_posts.region AND a.case_id = case_posts.case_id)
 WHERE state = 'open' AND alert_state IN ('calm', 'false_alarm') AND next_ms IS NULL;
