-- What the pages of cases show.

-- What one of a person's posts sees, the newest first, read from the index as far as a page goes. Where several of these posts see a
-- case, it stands where the one that saw it first has it.
-- stmt cases_page_rows many
-- in  post_id int, account_id int, roles int, before_ms int, before_id int, rows_max int
-- out id int, place_id int, level text, reason text, state text, alert_state text?, opened_ms int
SELECT cp.case_id AS id, c.place_id, cp.level, cp.reason, cp.state, cp.alert_state, cp.from_ms AS opened_ms
  FROM case_posts cp JOIN cases c ON c.region = :region AND c.id = cp.case_id
 WHERE cp.region = :region AND cp.post_id = :post_id AND (cp.from_ms, cp.case_id) < (:before_ms, :before_id)
   AND NOT EXISTS (
       SELECT 1 FROM case_posts o
         JOIN memberships m ON m.region = :region AND m.post_id = o.post_id AND m.account_id = :account_id
                           AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
        WHERE o.region = :region AND o.case_id = cp.case_id AND (o.from_ms, o.post_id) < (cp.from_ms, cp.post_id))
 ORDER BY cp.from_ms DESC, cp.case_id DESC LIMIT :rows_max;

-- stmt cases_page_report one
-- in  id int
-- out place_id int, level text, reason text, timing text, created_ms int, withdrawn_ms int?
SELECT place_id, level, reason, timing, created_ms, withdrawn_ms FROM reports WHERE region = :region AND id = :id;

-- stmt cases_page_entry maybe
-- in  id int, case_id int
-- out created_ms int
SELECT created_ms FROM case_entries WHERE region = :region AND id = :id AND case_id = :case_id;

-- The newest of a thread, the last one first.
-- stmt cases_page_messages many
-- in  report_id int
-- out id int, side text, created_ms int, withdrawn_ms int?, post_name text?
SELECT m.id, m.side, m.created_ms, m.withdrawn_ms, p.name AS post_name
  FROM report_messages m LEFT JOIN posts p ON p.region = :region AND p.id = m.post_id
 WHERE m.region = :region AND m.report_id = :report_id ORDER BY m.created_ms DESC, m.id DESC LIMIT 5;

-- An alert, and what its state machine asks of the person who looks at it.
-- stmt cases_page_alert maybe
-- in  id int
-- out id int, level text, state text, next_ms int?, late_ms int?, owner_id int?, owner_post_id int?, offered_to int?, there_ms int?, unread_ms int?, ended_ms int?
-- out over_by int?, over_as text?, over_name text?, over_post_id int?, over_post_name text?, spared bool, unread_report int?, raised_ms int
SELECT a.id, a.level, a.state, a.next_ms, a.late_ms, a.owner_id, a.owner_post_id, a.offered_to, a.there_ms, a.unread_ms, a.ended_ms,
       a.over_by, a.over_as, o.name AS over_name, a.over_post_id, p.name AS over_post_name,
       EXISTS (SELECT 1 FROM reports r
                WHERE r.region = :region AND r.id = a.report_id AND r.spares_neighbours) AS spared,
       a.unread_report, a.raised_ms
  FROM alerts a
  LEFT JOIN accounts o ON o.region = :region AND o.id = a.over_by
  LEFT JOIN posts p ON p.region = :region AND p.id = a.over_post_id
 WHERE a.region = :region AND a.id = :id;

-- A called post that the person may answer for: POST_ID where it is one.
-- stmt cases_called_mine maybe
-- in  alert_id int, account_id int, roles int, post_id int
-- out post_id int
SELECT k.post_id FROM alert_calls k
  JOIN memberships m ON m.region = :region AND m.post_id = k.post_id AND m.account_id = :account_id AND m.ended_ms IS NULL
                    AND (m.roles & :roles) <> 0
 WHERE k.region = :region AND k.alert_id = :alert_id
 ORDER BY CASE WHEN k.post_id = :post_id THEN 0 ELSE 1 END, k.post_id LIMIT 1;

-- What counts of the world around a call for who answers it. ABOVE: they are of a desk (DESK: its role), or a post is called although
-- its parent, theirs, is not: the desk or the chief there may agree with it.
-- stmt cases_answerer_world one
-- in  alert_id int, account_id int, roles int, desk int, post_id int, over_post_id int, offered_to int, report_id int
-- out staffed int, called bool, over_called bool, above bool, offered bool, helps bool, declined bool, reads bool
SELECT (SELECT count(DISTINCT k.post_id) FROM alert_calls k
          JOIN memberships m ON m.region = :region AND m.post_id = k.post_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
         WHERE k.region = :region AND k.alert_id = :alert_id) AS staffed,
       EXISTS (SELECT 1 FROM alert_calls k
                WHERE k.region = :region AND k.alert_id = :alert_id AND k.post_id = :post_id) AS called,
       EXISTS (SELECT 1 FROM alert_calls k
                WHERE k.region = :region AND k.alert_id = :alert_id AND k.post_id = :over_post_id) AS over_called,
       EXISTS (SELECT 1 FROM alert_calls k JOIN posts p ON p.region = :region AND p.id = k.post_id
                WHERE k.region = :region AND k.alert_id = :alert_id AND p.parent_id = :post_id)
       OR EXISTS (SELECT 1 FROM memberships m
                   WHERE m.region = :region AND m.post_id = :post_id AND m.account_id = :account_id
                     AND m.ended_ms IS NULL AND (m.roles & :desk) <> 0) AS above,
       EXISTS (SELECT 1 FROM memberships m
                WHERE m.region = :region AND m.post_id = :offered_to AND m.account_id = :account_id
                  AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0) AS offered,
       EXISTS (SELECT 1 FROM alert_answers w
                WHERE w.region = :region AND w.alert_id = :alert_id AND w.account_id = :account_id AND w.answer = 'helping'
                  AND w.undone_ms IS NULL) AS helps,
       EXISTS (SELECT 1 FROM alert_answers w
                WHERE w.region = :region AND w.alert_id = :alert_id AND w.account_id = :account_id AND w.answer = 'seen'
                  AND w.undone_ms IS NULL AND w.created_ms >= (
                      SELECT coalesce(max(k.rung_ms), 0) FROM alert_calls k
                        JOIN memberships m ON m.region = :region AND m.post_id = k.post_id AND m.account_id = :account_id
                                          AND m.ended_ms IS NULL AND (m.roles & k.roles) <> 0
                       WHERE k.region = :region AND k.alert_id = :alert_id)) AS declined,
       EXISTS (SELECT 1 FROM report_readers rr
                 JOIN memberships m ON m.region = :region AND m.post_id = rr.post_id AND m.account_id = :account_id
                                   AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
                WHERE rr.region = :region AND rr.report_id = :report_id) AS reads;

-- Other open cases of the same or a touching place within a day, as the person sees them: the same tension, perhaps. A case stands
-- there once for each of their posts.
-- stmt cases_page_alike many
-- in  id int, place_id int, from_ms int, until_ms int, account_id int, roles int
-- out id int, place_id int, level text, reason text, from_ms int, spares_neighbours bool
SELECT c.id, c.place_id, cp.level, cp.reason, cp.from_ms, c.spares_neighbours
  FROM memberships m
  JOIN case_posts cp ON cp.region = :region AND cp.post_id = m.post_id AND cp.open
  JOIN cases c ON c.region = :region AND c.id = cp.case_id
 WHERE m.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
   AND c.id <> :id AND c.state = 'open' AND cp.from_ms >= :from_ms AND cp.from_ms <= :until_ms
   AND (c.place_id = :place_id OR EXISTS (SELECT 1 FROM neighbours n
         WHERE n.region = :region AND n.place_id = :place_id AND n.neighbour_id = c.place_id))
 ORDER BY cp.from_ms DESC, c.id LIMIT 20;

-- stmt cases_page_owner maybe
-- in  id int
-- out name text
SELECT name FROM accounts WHERE region = :region AND id = :id;

-- The last answer that holds.
-- stmt cases_page_answer maybe
-- in  alert_id int
-- out id int, account_id int, created_ms int
SELECT id, account_id, created_ms FROM alert_answers
 WHERE region = :region AND alert_id = :alert_id AND undone_ms IS NULL ORDER BY turn DESC, id DESC LIMIT 1;

-- Who reads something that was reported in a case.
-- stmt cases_reading_posts many
-- in  case_id int
-- out name text
-- limit: the posts of one ladder
SELECT DISTINCT p.name
  FROM reports r
  JOIN report_readers rr ON rr.region = :region AND rr.report_id = r.id
  JOIN posts p ON p.region = :region AND p.id = rr.post_id
 WHERE r.region = :region AND r.case_id = :case_id ORDER BY p.name;

-- Who asked to close a case, or proposed to end it as one of a flood, and who confirmed. Known: a reader of the report.
-- stmt cases_ending_close one
-- in  id int, report_id int?
-- out state text, outcome text?, closing_ms int?, confirm_by_ms int?, confirmed_as text?, closed_ms int?
-- out asker text?, asker_post text?, asker_known bool, confirmer text?, confirmer_post text?, confirmer_known bool
SELECT k.state, k.outcome, k.closing_ms, k.confirm_by_ms, k.confirmed_as, k.closed_ms, aa.name AS asker, ap.name AS asker_post,
       EXISTS (SELECT 1 FROM report_readers r WHERE r.region = :region AND r.report_id = :report_id AND r.post_id = ae.post_id) AS asker_known,
       ca.name AS confirmer, cp.name AS confirmer_post,
       EXISTS (SELECT 1 FROM report_readers r WHERE r.region = :region AND r.report_id = :report_id AND r.post_id = ce.post_id) AS confirmer_known
  FROM cases k
  LEFT JOIN case_entries ae ON ae.region = :region AND ae.id = (
       SELECT e.id FROM case_entries e
        WHERE e.region = :region AND e.case_id = :id AND e.kind IN ('closing', 'proposed_end')
        ORDER BY e.created_ms DESC, e.id DESC LIMIT 1)
  LEFT JOIN accounts aa ON aa.region = :region AND aa.id = k.closing_by
  LEFT JOIN posts ap ON ap.region = :region AND ap.id = ae.post_id
  LEFT JOIN case_entries ce ON ce.region = :region AND ce.id = (
       SELECT e.id FROM case_entries e
        WHERE e.region = :region AND e.case_id = :id AND e.kind = 'confirmed'
        ORDER BY e.created_ms DESC, e.id DESC LIMIT 1)
  LEFT JOIN accounts ca ON ca.region = :region AND ca.id = k.confirmed_by
  LEFT JOIN posts cp ON cp.region = :region AND cp.id = ce.post_id
 WHERE k.region = :region AND k.id = :id;

-- The call of a case that ended last.
-- stmt cases_ended_call maybe
-- in  case_id int
-- out id int
SELECT id FROM alerts WHERE region = :region AND case_id = :case_id AND ended_ms IS NOT NULL
 ORDER BY ended_ms DESC, id DESC LIMIT 1;

-- Whose word ended a call, and who had said so before; THERE: who had it, and had been there for two minutes.
-- stmt cases_ending_call maybe
-- in  alert_id int, report_id int?
-- out state text, ended_ms int?, there bool, who text, who_post text, who_known bool, other text?, other_post text?, other_known bool
SELECT a.state, a.ended_ms,
       coalesce(n.account_id = a.owner_id AND a.there_ms + 120000 <= a.ended_ms, false) AS there, na.name AS who, np.name AS who_post,
       EXISTS (SELECT 1 FROM report_readers r WHERE r.region = :region AND r.report_id = :report_id AND r.post_id = n.post_id) AS who_known,
       oa.name AS other, op.name AS other_post,
       EXISTS (SELECT 1 FROM report_readers r WHERE r.region = :region AND r.report_id = :report_id AND r.post_id = a.over_post_id) AS other_known
  FROM alerts a
  JOIN alert_answers n ON n.region = :region AND n.id = (
       SELECT x.id FROM alert_answers x
        WHERE x.region = :region AND x.alert_id = :alert_id AND x.undone_ms IS NULL AND x.answer IN ('calm', 'false_alarm')
        ORDER BY x.turn DESC, x.id DESC LIMIT 1)
  JOIN accounts na ON na.region = :region AND na.id = n.account_id
  JOIN posts np ON np.region = :region AND np.id = n.post_id
  LEFT JOIN accounts oa ON oa.region = :region AND oa.id = a.over_by AND a.over_by <> n.account_id
  LEFT JOIN posts op ON op.region = :region AND op.id = a.over_post_id
 WHERE a.region = :region AND a.id = :alert_id AND a.ended_ms IS NOT NULL;
