-- A case spares the neighbourhood or it does not, for good. Cases of both kinds that were joined by hand come apart again: each
-- report goes back to the case that it came into, its calls and entries with it.

-- Whose word ended or reopened a case was not written down: it is taken as that of the report that the fewest read.
UPDATE case_entries SET about_report = (
  SELECT r.id FROM reports r WHERE r.region = case_entries.region AND r.case_id = case_entries.case_id
   ORDER BY r.spares_neighbours DESC,
            (SELECT count(*) FROM report_readers rr WHERE rr.region = r.region AND rr.report_id = r.id), r.id LIMIT 1)
 WHERE kind IN ('not_calm', 'reopened', 'confirmed') AND account_id IS NULL AND detail <> 'late' AND about_report IS NULL;
UPDATE case_entries SET spares_neighbours = true
 WHERE kind IN ('not_calm', 'reopened', 'confirmed') AND about_report IS NOT NULL
   AND EXISTS (SELECT 1 FROM reports r WHERE r.region = case_entries.region AND r.id = case_entries.about_report
                AND r.spares_neighbours);

UPDATE reports SET joined_by = NULL, case_id = (
  SELECT k.id FROM cases k JOIN case_entries e ON e.region = k.region AND e.case_id = k.id
   WHERE k.region = reports.region AND k.state = 'joined' AND k.spares_neighbours = reports.spares_neighbours
     AND e.kind = 'report' AND e.about_report = reports.id LIMIT 1)
 WHERE EXISTS (SELECT 1 FROM cases k WHERE k.region = reports.region AND k.id = reports.case_id
                AND k.spares_neighbours <> reports.spares_neighbours)
   AND EXISTS (
  SELECT 1 FROM cases k JOIN case_entries e ON e.region = k.region AND e.case_id = k.id
   WHERE k.region = reports.region AND k.state = 'joined' AND k.spares_neighbours = reports.spares_neighbours
     AND e.kind = 'report' AND e.about_report = reports.id);
UPDATE alerts SET case_id = (SELECT r.case_id FROM reports r WHERE r.region = alerts.region AND r.id = alerts.report_id)
 WHERE EXISTS (SELECT 1 FROM reports r JOIN cases k ON k.region = r.region AND k.id = r.case_id AND k.state = 'joined'
                WHERE r.region = alerts.region AND r.id = alerts.report_id AND r.case_id <> alerts.case_id);
UPDATE case_entries SET case_id = (SELECT r.case_id FROM reports r
                                    WHERE r.region = case_entries.region AND r.id = case_entries.about_report)
 WHERE EXISTS (SELECT 1 FROM reports r JOIN cases k ON k.region = r.region AND k.id = r.case_id AND k.state = 'joined'
                WHERE r.region = case_entries.region AND r.id = case_entries.about_report
                  AND r.case_id <> case_entries.case_id);
UPDATE case_entries SET case_id = (SELECT a.case_id FROM alerts a
                                    WHERE a.region = case_entries.region AND a.id = case_entries.subject_id)
 WHERE about_report IS NULL
   AND EXISTS (SELECT 1 FROM alerts a JOIN cases k ON k.region = a.region AND k.id = a.case_id AND k.state = 'joined'
                WHERE a.region = case_entries.region AND a.id = case_entries.subject_id
                  AND a.case_id <> case_entries.case_id);

-- Whoever was called since then takes part in the case of the call; no post of the neighbourhood in what spares it.
INSERT INTO case_posts (region, case_id, post_id, since_ms, neighbour)
SELECT l.region, a.case_id, l.post_id, min(l.called_ms), p.kind = 'rw'
  FROM alerts a
  JOIN cases k ON k.region = a.region AND k.id = a.case_id AND k.state = 'joined'
  JOIN alert_calls l ON l.region = a.region AND l.alert_id = a.id
  JOIN posts p ON p.region = l.region AND p.id = l.post_id
 WHERE NOT (p.kind = 'rw' AND k.spares_neighbours)
 GROUP BY l.region, a.case_id, l.post_id, p.kind
ON CONFLICT (region, case_id, post_id) DO NOTHING;
DELETE FROM case_posts
 WHERE neighbour AND EXISTS (SELECT 1 FROM cases k WHERE k.region = case_posts.region AND k.id = case_posts.case_id
                              AND k.spares_neighbours);

-- What was closed together stays closed; all else is open.
UPDATE cases SET state = 'closed',
  outcome = (SELECT k.outcome FROM cases k WHERE k.region = cases.region AND k.id = cases.joined_to),
  confirmed_as = (SELECT k.confirmed_as FROM cases k WHERE k.region = cases.region AND k.id = cases.joined_to),
  confirmed_by = (SELECT k.confirmed_by FROM cases k WHERE k.region = cases.region AND k.id = cases.joined_to),
  closed_ms = (SELECT k.closed_ms FROM cases k WHERE k.region = cases.region AND k.id = cases.joined_to)
 WHERE state = 'joined'
   AND EXISTS (SELECT 1 FROM reports r WHERE r.region = cases.region AND r.case_id = cases.id)
   AND EXISTS (SELECT 1 FROM cases k WHERE k.region = cases.region AND k.id = cases.joined_to AND k.state = 'closed')
   AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.region = cases.region AND a.case_id = cases.id AND a.ended_ms IS NULL);
UPDATE cases SET state = 'open'
 WHERE state = 'joined' AND EXISTS (SELECT 1 FROM reports r WHERE r.region = cases.region AND r.case_id = cases.id);
UPDATE cases SET joined_to = NULL,
  owner_id = (SELECT a.owner_id FROM alerts a WHERE a.region = cases.region AND a.case_id = cases.id
               ORDER BY a.ended_ms IS NOT NULL, a.raised_ms DESC LIMIT 1),
  owner_post_id = (SELECT a.owner_post_id FROM alerts a WHERE a.region = cases.region AND a.case_id = cases.id
                    ORDER BY a.ended_ms IS NOT NULL, a.raised_ms DESC LIMIT 1)
 WHERE joined_to IS NOT NULL AND state <> 'joined';
UPDATE cases SET
  first_report_ms = (SELECT min(r.created_ms) FROM reports r WHERE r.region = cases.region AND r.case_id = cases.id),
  last_report_ms = (SELECT max(r.created_ms) FROM reports r WHERE r.region = cases.region AND r.case_id = cases.id)
 WHERE EXISTS (SELECT 1 FROM case_entries e WHERE e.region = cases.region AND e.case_id = cases.id
                AND e.kind IN ('joined', 'joined_to'));

-- What posts see of cases that were joined is counted anew.
UPDATE case_posts SET
  state = (SELECT k.state FROM cases k WHERE k.region = case_posts.region AND k.id = case_posts.case_id),
  owner_id = (SELECT k.owner_id FROM cases k WHERE k.region = case_posts.region AND k.id = case_posts.case_id),
  reports = (SELECT count(*) FROM reports r
               JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id
              WHERE r.region = case_posts.region AND r.case_id = case_posts.case_id AND rr.post_id = case_posts.post_id
                AND NOT (r.spares_neighbours AND case_posts.neighbour)),
  alert_id = (SELECT a.id FROM alerts a WHERE a.region = case_posts.region AND a.case_id = case_posts.case_id
               ORDER BY a.ended_ms IS NOT NULL, a.owner_id IS NOT NULL, a.raised_ms, a.id LIMIT 1)
 WHERE EXISTS (SELECT 1 FROM case_entries e WHERE e.region = case_posts.region AND e.case_id = case_posts.case_id
                AND e.kind IN ('joined', 'joined_to'));
UPDATE case_posts SET open = state IN ('open', 'closing'), last_ms = CASE WHEN last_ms < since_ms THEN since_ms ELSE last_ms END,
  from_ms = CASE WHEN from_ms = 0 THEN since_ms ELSE from_ms END,
  alert_state = (SELECT a.state FROM alerts a WHERE a.region = case_posts.region AND a.id = case_posts.alert_id),
  next_ms = (SELECT a.next_ms FROM alerts a
              WHERE a.region = case_posts.region AND a.id = case_posts.alert_id AND a.ended_ms IS NULL),
  late_ms = (SELECT a.late_ms FROM alerts a
              WHERE a.region = case_posts.region AND a.id = case_posts.alert_id AND a.ended_ms IS NULL),
  unread_ms = (SELECT a.unread_ms FROM alerts a WHERE a.region = case_posts.region AND a.id = case_posts.alert_id),
  level = coalesce((SELECT CASE max(CASE r.level WHEN 'nyata' THEN 2 WHEN 'ambang' THEN 1 ELSE 0 END)
                           WHEN 2 THEN 'nyata' WHEN 1 THEN 'ambang' WHEN 0 THEN 'potensi' END
             FROM reports r JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id
            WHERE r.region = case_posts.region AND r.case_id = case_posts.case_id AND rr.post_id = case_posts.post_id
              AND NOT (r.spares_neighbours AND case_posts.neighbour)),
           (SELECT a.level FROM alerts a WHERE a.region = case_posts.region AND a.id = case_posts.alert_id), level)
 WHERE EXISTS (SELECT 1 FROM case_entries e WHERE e.region = case_posts.region AND e.case_id = case_posts.case_id
                AND e.kind IN ('joined', 'joined_to'))
   AND NOT EXISTS (SELECT 1 FROM cases k WHERE k.region = case_posts.region AND k.id = case_posts.case_id
                    AND k.opened_by IS NOT NULL);

-- Nobody has a call that rings, whoever has the case or another call of it; and the reason is that of the first report.
UPDATE case_posts SET owner_id = (SELECT a.owner_id FROM alerts a
                                   WHERE a.region = case_posts.region AND a.id = case_posts.alert_id)
 WHERE EXISTS (SELECT 1 FROM alerts a WHERE a.region = case_posts.region AND a.id = case_posts.alert_id
                AND (a.owner_id IS NOT NULL OR a.ended_ms IS NULL));
UPDATE case_posts SET
  reason = (SELECT r.reason FROM reports r JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id
             WHERE r.region = case_posts.region AND r.case_id = case_posts.case_id AND rr.post_id = case_posts.post_id
               AND NOT (r.spares_neighbours AND case_posts.neighbour) ORDER BY r.created_ms, r.id LIMIT 1)
 WHERE reports > 0 AND EXISTS (SELECT 1 FROM case_entries e
                                WHERE e.region = case_posts.region AND e.case_id = case_posts.case_id
                                  AND e.kind IN ('joined', 'joined_to'));
