-- Ending many incidents of a flood at once.

-- What a desk may propose to end: open, called for, with no fight in it, and not proposed since AFTER_MS. A case stands there once
-- for each of the person's posts.
-- stmt alerts_flood_choices many
-- in  account_id int, roles int, after_ms int, rows_max int
-- out case_id int, post_id int, place_id int, level text, reason text, reports int, from_ms int
SELECT cp.case_id, cp.post_id, k.place_id, cp.level, cp.reason, cp.reports, cp.from_ms
  FROM memberships m
  JOIN case_posts cp ON cp.region = :region AND cp.post_id = m.post_id AND cp.open
  JOIN cases k ON k.region = :region AND k.id = cp.case_id
 WHERE m.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
   AND k.state = 'open' AND k.level <> 'nyata' AND cp.alert_state IN ('ringing', 'seen') AND cp.unread_ms IS NULL
   AND NOT EXISTS (SELECT 1 FROM alert_flood_cases f JOIN alert_floods w ON w.region = :region AND w.id = f.flood_id
                    WHERE f.region = :region AND f.case_id = cp.case_id AND f.state = 'proposed' AND w.created_ms > :after_ms)
 ORDER BY cp.reports DESC, cp.from_ms DESC, cp.case_id LIMIT :rows_max;

-- The post at which the person is a desk, and which takes part in the case.
-- stmt alerts_flood_desk maybe
-- in  case_id int, account_id int, roles int
-- out post_id int
SELECT cp.post_id FROM case_posts cp
  JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.account_id = :account_id AND m.ended_ms IS NULL
                    AND (m.roles & :roles) <> 0
 WHERE cp.region = :region AND cp.case_id = :case_id ORDER BY cp.since_ms, cp.post_id LIMIT 1;

-- stmt alerts_flood_insert exec write
-- in  id int, made_by int, post_id int
INSERT INTO alert_floods (region, id, made_by, post_id, created_ms) VALUES (:region, :id, :made_by, :post_id, :now_ms);

-- stmt alerts_flood_add exec write
-- in  flood_id int, case_id int
INSERT INTO alert_flood_cases (region, flood_id, case_id, state) VALUES (:region, :flood_id, :case_id, 'proposed');

-- stmt alerts_flood_get maybe
-- in  id int
-- out id int, made_by int, name text, post_id int, post_name text, created_ms int
SELECT f.id, f.made_by, a.name, f.post_id, p.name AS post_name, f.created_ms
  FROM alert_floods f
  JOIN accounts a ON a.region = :region AND a.id = f.made_by
  JOIN posts p ON p.region = :region AND p.id = f.post_id
 WHERE f.region = :region AND f.id = :id;

-- The incidents of a proposal that the person sees.
-- stmt alerts_flood_rows many
-- in  flood_id int, account_id int, roles int
-- out case_id int, state text
-- limit: one proposal
SELECT f.case_id, f.state FROM alert_flood_cases f
 WHERE f.region = :region AND f.flood_id = :flood_id AND EXISTS (
       SELECT 1 FROM case_posts cp
         JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.account_id = :account_id AND m.ended_ms IS NULL
                           AND (m.roles & :roles) <> 0
        WHERE cp.region = :region AND cp.case_id = f.case_id)
 ORDER BY f.case_id;

-- stmt alerts_flood_decide maybe write
-- in  flood_id int, case_id int, state text, decided_by int
-- out case_id int
UPDATE alert_flood_cases SET state = :state, decided_by = :decided_by, decided_ms = :now_ms
 WHERE region = :region AND flood_id = :flood_id AND case_id = :case_id AND state = 'proposed' RETURNING case_id;

-- The calls of a case that go on.
-- stmt alerts_flood_calls many
-- in  case_id int
-- out id int
-- limit: the calls of one case
SELECT id FROM alerts WHERE region = :region AND case_id = :case_id AND ended_ms IS NULL ORDER BY id;

-- Whether a reporter has said something new since a moment.
-- stmt alerts_flood_news one
-- in  case_id int, since_ms int
-- out news bool
SELECT EXISTS (SELECT 1 FROM case_entries e
                WHERE e.region = :region AND e.case_id = :case_id AND e.created_ms >= :since_ms
                  AND (e.kind IN ('report', 'not_calm', 'joined', 'reopened') OR (e.kind = 'message' AND e.detail = 'reporter'))) AS news;

-- When somebody last took a call of the case, moved on with it, helped or said that it is over. "Seen, cannot take it" has read, and
-- answers nothing.
-- stmt alerts_flood_answered one
-- in  case_id int
-- out last_ms int?
SELECT max(w.created_ms) AS last_ms FROM alerts a
  JOIN alert_answers w ON w.region = :region AND w.alert_id = a.id
 WHERE a.region = :region AND a.case_id = :case_id AND w.undone_ms IS NULL
   AND w.answer NOT IN ('seen', 'refused', 'handed_over');

-- Whether a reporter wrote after their report, and since that moment, to whom no post has written back.
-- stmt alerts_flood_unanswered one
-- in  case_id int, since_ms int
-- out unanswered bool
SELECT EXISTS (SELECT 1 FROM reports r
                 JOIN report_messages m ON m.region = :region AND m.report_id = r.id
                WHERE r.region = :region AND r.case_id = :case_id AND m.created_ms > :since_ms AND m.side = 'reporter'
                  AND NOT EXISTS (SELECT 1 FROM report_messages b WHERE b.region = :region AND b.report_id = r.id
                                     AND b.created_ms > m.created_ms AND b.side = 'post'))
       OR EXISTS (SELECT 1 FROM case_entries e
                   WHERE e.region = :region AND e.case_id = :case_id AND e.created_ms > :since_ms AND e.kind = 'not_calm'
                     AND NOT EXISTS (SELECT 1 FROM report_messages b WHERE b.region = :region AND b.report_id = e.about_report
                                        AND b.created_ms > e.created_ms AND b.side = 'post')) AS unanswered;

-- What its reporter wrote after a report, newest first.
-- stmt alerts_flood_words many
-- in  report_id int, rows_max int
-- out id int, created_ms int, withdrawn_ms int?
SELECT m.id, m.created_ms, m.withdrawn_ms FROM report_messages m
 WHERE m.region = :region AND m.report_id = :report_id AND m.side = 'reporter'
 ORDER BY m.created_ms DESC, m.id DESC LIMIT :rows_max;

-- When a reporter last wrote since a moment, in what the person reads.
-- stmt alerts_flood_written one
-- in  case_id int, account_id int, roles int, since_ms int
-- out last_ms int?
SELECT max(e.created_ms) AS last_ms FROM case_entries e
 WHERE e.region = :region AND e.case_id = :case_id AND e.created_ms >= :since_ms
   AND (e.kind IN ('report', 'not_calm') OR (e.kind = 'message' AND e.detail = 'reporter'))
   AND EXISTS (SELECT 1 FROM report_readers rr
                 JOIN case_posts cp ON cp.region = :region AND cp.case_id = :case_id AND cp.post_id = rr.post_id
                 JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.ended_ms IS NULL
                WHERE rr.region = :region AND rr.report_id = e.about_report AND m.account_id = :account_id
                  AND (m.roles & :roles) <> 0 AND NOT (e.spares_neighbours AND cp.neighbour));

-- Whether it is about a fight, whoever said so.
-- stmt alerts_flood_fight one
-- in  case_id int
-- out fight bool
SELECT EXISTS (SELECT 1 FROM reports r WHERE r.region = :region AND r.case_id = :case_id AND r.level = 'nyata')
       OR EXISTS (SELECT 1 FROM alerts a WHERE a.region = :region AND a.case_id = :case_id AND a.level = 'nyata')
       OR EXISTS (SELECT 1 FROM cases k WHERE k.region = :region AND k.id = :case_id AND 'nyata' IN (k.level, k.opened_level))
       OR EXISTS (SELECT 1 FROM case_posts p WHERE p.region = :region AND p.case_id = :case_id AND p.level = 'nyata') AS fight;

-- What waits for the person's word: proposals of others since AFTER_MS of which they see an incident. CROSS JOIN: the embedded database is
-- to begin with the few proposals of a day, not with all that the person's posts ever had.
-- stmt alerts_flood_waiting many
-- in  account_id int, roles int, after_ms int
-- out id int, name text, post_name text, cases int, created_ms int
SELECT f.id, a.name, p.name AS post_name, count(DISTINCT fc.case_id) AS cases, f.created_ms
  FROM (SELECT id, made_by, post_id, created_ms FROM alert_floods
         WHERE region = :region AND created_ms > :after_ms ORDER BY created_ms DESC LIMIT 100) f
  CROSS JOIN alert_flood_cases fc CROSS JOIN case_posts cp CROSS JOIN memberships m
  JOIN accounts a ON a.region = :region AND a.id = f.made_by
  JOIN posts p ON p.region = :region AND p.id = f.post_id
 WHERE fc.region = :region AND fc.flood_id = f.id AND fc.state = 'proposed'
   AND cp.region = :region AND cp.case_id = fc.case_id
   AND m.region = :region AND m.post_id = cp.post_id AND m.account_id = :account_id AND m.ended_ms IS NULL
   AND (m.roles & :roles) <> 0
 GROUP BY f.id, a.name, p.name, f.created_ms ORDER BY f.created_ms DESC, f.id LIMIT 20;
