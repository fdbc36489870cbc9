-- What a post sees of a case stands in its row of case_posts, so that a board or a list reads one index and no history: the
-- highest level and the number of the reports it may open, the first and the last thing it sees, and what lists sort by. Kept up by
-- src/features/cases/cases_seen.c in the transaction of each change; here it is computed for the rows there are.

ALTER TABLE cases ADD COLUMN opened_level TEXT NOT NULL DEFAULT 'potensi' CHECK (opened_level IN ('potensi', 'ambang', 'nyata')); -- as the first report or whoever opened it said
ALTER TABLE cases ADD COLUMN spares_neighbours INTEGER NOT NULL DEFAULT 0 CHECK (spares_neighbours IN (0, 1)); -- of its first report: only reports of the same kind join by themselves
ALTER TABLE cases ADD COLUMN first_report_ms INTEGER; -- of the reports in it; null: none
ALTER TABLE cases ADD COLUMN last_report_ms INTEGER;
ALTER TABLE reports ADD COLUMN joined_by INTEGER; -- account that joined it to its case by hand
ALTER TABLE case_entries ADD COLUMN about_report INTEGER; -- only who sees this report sees the entry
ALTER TABLE case_entries ADD COLUMN spares_neighbours INTEGER NOT NULL DEFAULT 0 CHECK (spares_neighbours IN (0, 1)); -- stems from a report that leaves the neighbourhood out
ALTER TABLE case_posts ADD COLUMN neighbour INTEGER NOT NULL DEFAULT 0 CHECK (neighbour IN (0, 1)); -- a post of the neighbourhood: nothing that spares it is seen there
ALTER TABLE case_posts ADD COLUMN from_ms INTEGER NOT NULL DEFAULT 0; -- the first thing it sees
ALTER TABLE case_posts ADD COLUMN last_ms INTEGER NOT NULL DEFAULT 0; -- the last thing it sees
ALTER TABLE case_posts ADD COLUMN level TEXT NOT NULL DEFAULT 'potensi' CHECK (level IN ('potensi', 'ambang', 'nyata')); -- the highest it sees
ALTER TABLE case_posts ADD COLUMN reason TEXT NOT NULL DEFAULT 'other' CHECK (reason IN ('opinion', 'grudge', 'rumour', 'challenge', 'firecrackers', 'revenge', 'outsiders', 'blades', 'other')); -- of the first report it sees
ALTER TABLE case_posts ADD COLUMN reports INTEGER NOT NULL DEFAULT 0 CHECK (reports >= 0); -- how many it sees
ALTER TABLE case_posts ADD COLUMN state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closing', 'closed', 'joined')); -- the case's
ALTER TABLE case_posts ADD COLUMN open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)); -- open or closing
ALTER TABLE case_posts ADD COLUMN owner_id INTEGER; -- the case's
ALTER TABLE case_posts ADD COLUMN alert_id INTEGER; -- the call that needs somebody most, of those it sees
ALTER TABLE case_posts ADD COLUMN alert_state TEXT; -- its state
ALTER TABLE case_posts ADD COLUMN next_ms INTEGER; -- its deadline

-- Reports, messages and entries are read in order of time.
DROP INDEX reports_by_case;
CREATE INDEX reports_by_case ON reports (region, case_id, created_ms);
DROP INDEX case_entries_by_case;
CREATE INDEX case_entries_by_case ON case_entries (region, case_id, created_ms, id);
DROP INDEX report_messages_by_report;
CREATE INDEX report_messages_by_report ON report_messages (region, report_id, created_ms, id);
CREATE INDEX case_posts_open ON case_posts (region, post_id, from_ms) WHERE open;
CREATE INDEX case_posts_by_time ON case_posts (region, post_id, from_ms, case_id);

UPDATE cases SET opened_level = level;
UPDATE cases SET
  first_report_ms = (SELECT min(r.created_ms) FROM reports r WHERE r.region = cases.region AND r.case_id = cases.id),
  last_report_ms = (SELECT max(r.created_ms) FROM reports r WHERE r.region = cases.region AND r.case_id = cases.id);
UPDATE cases SET spares_neighbours = true
 WHERE EXISTS (SELECT 1 FROM reports r WHERE r.region = cases.region AND r.case_id = cases.id
                AND r.created_ms = cases.first_report_ms AND r.spares_neighbours);

UPDATE case_entries SET about_report = subject_id WHERE kind IN ('report', 'message', 'withdrawn');
UPDATE case_entries SET spares_neighbours = true
 WHERE EXISTS (SELECT 1 FROM reports r WHERE r.region = case_entries.region AND r.id = case_entries.about_report
                AND r.spares_neighbours);
UPDATE case_entries SET spares_neighbours = true
 WHERE EXISTS (SELECT 1 FROM alerts a JOIN reports r ON r.region = a.region AND r.id = a.report_id
                WHERE a.region = case_entries.region AND a.id = case_entries.subject_id AND r.spares_neighbours);
UPDATE case_entries SET spares_neighbours = true
 WHERE kind IN ('opened', 'level')
   AND EXISTS (SELECT 1 FROM cases c WHERE c.region = case_entries.region AND c.id = case_entries.case_id
                AND c.spares_neighbours);

UPDATE case_posts SET neighbour = true
 WHERE EXISTS (SELECT 1 FROM posts p WHERE p.region = case_posts.region AND p.id = case_posts.post_id AND p.kind = 'rw');
UPDATE case_posts SET from_ms = since_ms,
  level = (SELECT c.level FROM cases c WHERE c.region = case_posts.region AND c.id = case_posts.case_id),
  reason = (SELECT c.reason FROM cases c WHERE c.region = case_posts.region AND c.id = case_posts.case_id),
  state = (SELECT c.state FROM cases c WHERE c.region = case_posts.region AND c.id = case_posts.case_id),
  owner_id = (SELECT c.owner_id FROM cases c WHERE c.region = case_posts.region AND c.id = case_posts.case_id),
  reports = (SELECT count(*) FROM reports r
               JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id
              WHERE r.region = case_posts.region AND r.case_id = case_posts.case_id AND rr.post_id = case_posts.post_id
                AND NOT (r.spares_neighbours AND case_posts.neighbour)),
  alert_id = (SELECT a.id FROM alerts a LEFT JOIN reports r ON r.region = a.region AND r.id = a.report_id
               WHERE a.region = case_posts.region AND a.case_id = case_posts.case_id
                 AND NOT (coalesce(r.spares_neighbours, false) AND case_posts.neighbour)
               ORDER BY a.ended_ms IS NOT NULL, a.owner_id IS NOT NULL, a.raised_ms, a.id LIMIT 1);
UPDATE case_posts SET open = state IN ('open', 'closing'),
  alert_state = (SELECT a.state FROM alerts a WHERE a.region = case_posts.region AND a.id = case_posts.alert_id),
  next_ms = (SELECT a.next_ms FROM alerts a
              WHERE a.region = case_posts.region AND a.id = case_posts.alert_id AND a.ended_ms IS NULL),
  last_ms = coalesce((SELECT max(e.created_ms) FROM case_entries e
                       WHERE e.region = case_posts.region AND e.case_id = case_posts.case_id
                         AND NOT (e.spares_neighbours AND case_posts.neighbour)), since_ms);
UPDATE case_posts SET last_ms = since_ms WHERE last_ms < since_ms;
UPDATE case_posts SET from_ms = (SELECT c.opened_ms FROM cases c
                                  WHERE c.region = case_posts.region AND c.id = case_posts.case_id)
 WHERE EXISTS (SELECT 1 FROM cases c WHERE c.region = case_posts.region AND c.id = case_posts.case_id
                AND c.opened_by IS NOT NULL AND c.opened_ms < case_posts.from_ms);
UPDATE case_posts SET
  reason = (SELECT r.reason FROM reports r JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id
             WHERE r.region = case_posts.region AND r.case_id = case_posts.case_id AND rr.post_id = case_posts.post_id
               AND NOT (r.spares_neighbours AND case_posts.neighbour) ORDER BY r.created_ms, r.id LIMIT 1),
  level = (SELECT CASE max(CASE r.level WHEN 'nyata' THEN 2 WHEN 'ambang' THEN 1 ELSE 0 END)
                  WHEN 2 THEN 'nyata' WHEN 1 THEN 'ambang' ELSE 'potensi' END
             FROM reports r JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id
            WHERE r.region = case_posts.region AND r.case_id = case_posts.case_id AND rr.post_id = case_posts.post_id
              AND NOT (r.spares_neighbours AND case_posts.neighbour))
 WHERE reports > 0 AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.region = case_posts.region AND c.id = case_posts.case_id
                                    AND c.opened_by IS NOT NULL);
UPDATE case_posts SET from_ms = (SELECT min(r.created_ms) FROM reports r
                                   JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id
                                  WHERE r.region = case_posts.region AND r.case_id = case_posts.case_id
                                    AND rr.post_id = case_posts.post_id
                                    AND NOT (r.spares_neighbours AND case_posts.neighbour))
 WHERE EXISTS (SELECT 1 FROM reports r JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id
                WHERE r.region = case_posts.region AND r.case_id = case_posts.case_id AND rr.post_id = case_posts.post_id
                  AND NOT (r.spares_neighbours AND case_posts.neighbour) AND r.created_ms < case_posts.from_ms);
