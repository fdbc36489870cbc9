-- Every statement of the feature.

-- stmt alerts_rung_insert exec write
-- in  id int, level text, step int, after_s int, post_kind text, roles int, on_duty bool
INSERT INTO alert_rungs (region, id, level, step, after_s, post_kind, roles, on_duty)
VALUES (:region, :id, :level, :step, :after_s, :post_kind, :roles, :on_duty);

-- stmt alerts_rung_rows many
-- in  level text
-- out id int, step int, after_s int, post_kind text, roles int, on_duty bool
-- limit: at most ten steps with five kinds each
SELECT id, step, after_s, post_kind, roles, on_duty FROM alert_rungs
 WHERE region = :region AND level = :level ORDER BY step, post_kind;

-- stmt alerts_rung_get maybe
-- in  id int
-- out level text
SELECT level FROM alert_rungs WHERE region = :region AND id = :id;

-- A step came in below FROM_STEP (BY 1) or went away there (-1): alerts on their way up keep their place.
-- stmt alerts_steps_shift exec write
-- in  level text, from_step int, by int
UPDATE alerts SET step = step + :by
 WHERE region = :region AND level = :level AND ended_ms IS NULL AND step >= :from_step;

-- stmt alerts_rungs_clear exec write
-- in  level text
DELETE FROM alert_rungs WHERE region = :region AND level = :level;

-- stmt alerts_rungs_count one
-- out n int
-- scan: a ladder has some dozen rungs
SELECT count(*) AS n FROM alert_rungs WHERE region = :region;

-- stmt alerts_insert exec write
-- in  id int, case_id int, report_id int?, place_id int, level text, reason text
INSERT INTO alerts (region, id, case_id, report_id, place_id, level, reason, state, step, raised_ms)
VALUES (:region, :id, :case_id, :report_id, :place_id, :level, :reason, 'ringing', -1, :now_ms);

-- stmt alerts_get one
-- in  id int
-- out id int, case_id int, report_id int?, place_id int
SELECT id, case_id, report_id, place_id FROM alerts WHERE region = :region AND id = :id;

-- The row for who is about to change it: whoever comes second waits here, and then sees what the first one did.
-- stmt alerts_take one write
-- in  id int
-- out id int, case_id int, report_id int?, place_id int, level text, reason text, state text, step int, rings int, ladder_ms int
-- out owner_id int?, owner_post_id int?, offered_to int?, owned_ms int?, there_ms int?, next_ms int?, late_ms int?, rung_ms int, unread_ms int?
-- out over_by int?, over_post_id int?, over_as text?, ended_ms int?, turn int, unread_report int?
UPDATE alerts SET turn = turn WHERE region = :region AND id = :id
RETURNING id, case_id, report_id, place_id, level, reason, state, step, rings, ladder_ms, owner_id, owner_post_id, offered_to,
          owned_ms, there_ms, next_ms, late_ms, rung_ms, unread_ms, over_by, over_post_id, over_as, ended_ms, turn,
          unread_report;

-- stmt alerts_save exec write
-- in  id int, level text, state text, step int, rings int, ladder_ms int, owner_id int?, owner_post_id int?, offered_to int?
-- in  owned_ms int?, there_ms int?, next_ms int?, late_ms int?, rung_ms int, unread_ms int?, unread_report int?, over_by int?, over_post_id int?, over_as text?, ended_ms int?
UPDATE alerts SET turn = turn + 1, level = :level, state = :state, step = :step, rings = :rings, ladder_ms = :ladder_ms,
       owner_id = :owner_id, owner_post_id = :owner_post_id, offered_to = :offered_to, owned_ms = :owned_ms,
       there_ms = :there_ms, next_ms = :next_ms, late_ms = :late_ms, rung_ms = :rung_ms, unread_ms = :unread_ms, unread_report = :unread_report,
       over_by = :over_by, over_post_id = :over_post_id, over_as = :over_as, ended_ms = :ended_ms
 WHERE region = :region AND id = :id;

-- One row for each role that is called at a post: who is called again for more people is called for more people.
-- stmt alerts_call exec write
-- in  alert_id int, post_id int, step int, roles int, on_duty bool, heard bool
INSERT INTO alert_calls (region, alert_id, post_id, step, roles, on_duty, called_ms, rung_ms, heard)
VALUES (:region, :alert_id, :post_id, :step, :roles, :on_duty, :now_ms, :now_ms, :heard)
ON CONFLICT (region, alert_id, post_id, roles) DO UPDATE
   SET step = excluded.step, rung_ms = excluded.rung_ms, heard = excluded.heard,
       called_ms = CASE WHEN alert_calls.rung_ms = 0 THEN excluded.called_ms ELSE alert_calls.called_ms END,
       on_duty = CASE WHEN alert_calls.on_duty THEN excluded.on_duty ELSE alert_calls.on_duty END;

-- A call that is held: the post can answer it, and is not rung yet.
-- stmt alerts_call_held exec write
-- in  alert_id int, post_id int, step int, roles int, on_duty bool
INSERT INTO alert_calls (region, alert_id, post_id, step, roles, on_duty, called_ms, rung_ms)
VALUES (:region, :alert_id, :post_id, :step, :roles, :on_duty, :now_ms, 0);

-- What an alert has called so far.
-- stmt alerts_calls many
-- in  alert_id int
-- out post_id int, step int, roles int, on_duty bool, rung_ms int
-- limit: the posts of one ladder
SELECT post_id, step, roles, on_duty, rung_ms FROM alert_calls
 WHERE region = :region AND alert_id = :alert_id ORDER BY step, post_id, roles;

-- Who was rung, and whether somebody heard it when it rang last, for who is told of it: but for posts of earlier steps that have
-- said since then that they cannot take it.
-- stmt alerts_told_calls many
-- in  alert_id int
-- out post_id int, name text, heard bool
-- limit: the posts of one ladder
SELECT k.post_id, p.name, k.heard
  FROM alert_calls k
  JOIN posts p ON p.region = :region AND p.id = k.post_id
  JOIN alerts a ON a.region = :region AND a.id = k.alert_id
 WHERE k.region = :region AND k.alert_id = :alert_id AND k.rung_ms > 0
   AND (k.step >= a.step OR NOT EXISTS (SELECT 1 FROM alert_answers w
         WHERE w.region = :region AND w.alert_id = k.alert_id AND w.post_id = k.post_id AND w.answer = 'seen'
           AND w.undone_ms IS NULL AND w.created_ms >= k.rung_ms)) ORDER BY k.step, p.name, k.roles;

-- A call rings again.
-- stmt alerts_call_rings exec write
-- in  alert_id int, post_id int, roles int, heard bool
UPDATE alert_calls SET rung_ms = :now_ms, heard = :heard, called_ms = CASE WHEN rung_ms = 0 THEN :now_ms ELSE called_ms END
 WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id AND roles = :roles;

-- No call was made or rang later than now.
-- stmt alerts_calls_been exec write
-- in  alert_id int
UPDATE alert_calls SET called_ms = CASE WHEN called_ms > :now_ms THEN :now_ms ELSE called_ms END,
       rung_ms = CASE WHEN rung_ms > :now_ms THEN :now_ms ELSE rung_ms END
 WHERE region = :region AND alert_id = :alert_id AND (called_ms > :now_ms OR rung_ms > :now_ms);

-- stmt alerts_call_seen exec write
-- in  alert_id int, post_id int
UPDATE alert_calls SET seen_ms = :now_ms
 WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id AND seen_ms IS NULL;

-- stmt alerts_call_answered exec write
-- in  alert_id int, post_id int
UPDATE alert_calls SET answered_ms = :now_ms, seen_ms = coalesce(seen_ms, :now_ms)
 WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id AND answered_ms IS NULL;

-- stmt alerts_call_unanswered exec write
-- in  alert_id int, post_id int, answered_ms int
UPDATE alert_calls SET answered_ms = NULL
 WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id AND answered_ms = :answered_ms;

-- stmt alerts_words_get maybe
-- in  report_id int
-- out alert_id int, rings int, rung_ms int, calls int, held_ms int?, not_calm bool
SELECT alert_id, rings, rung_ms, calls, held_ms, not_calm FROM alert_words WHERE region = :region AND report_id = :report_id;

-- How many other receipts have rung a call by their words since then, and when the first of them did.
-- stmt alerts_words_of_others one
-- in  report_id int, alert_id int, since_ms int
-- out n int, first_ms int
SELECT count(*) AS n, coalesce(min(rung_ms), 0) AS first_ms FROM alert_words
 WHERE region = :region AND alert_id = :alert_id AND report_id <> :report_id AND rung_ms > :since_ms AND rung_ms <= :now_ms;

-- stmt alerts_words_set exec write
-- in  report_id int, alert_id int, rings int, rung_ms int, calls int, held_ms int?, not_calm bool
INSERT INTO alert_words (region, report_id, alert_id, rings, rung_ms, calls, held_ms, not_calm)
VALUES (:region, :report_id, :alert_id, :rings, :rung_ms, :calls, :held_ms, :not_calm)
ON CONFLICT (region, report_id) DO UPDATE
   SET alert_id = excluded.alert_id, rings = excluded.rings, rung_ms = excluded.rung_ms, calls = excluded.calls,
       held_ms = excluded.held_ms, not_calm = excluded.not_calm;

-- Somebody has answered the words that came to a call.
-- stmt alerts_words_heard exec write
-- in  alert_id int
UPDATE alert_words SET rings = 0, held_ms = NULL, not_calm = false WHERE region = :region AND alert_id = :alert_id;

-- How many members with one of ROLES hear a call on a post now: those who are signed in somewhere (a session lives as
-- accounts_session_until() says), and where ON_DUTY of those only who is on duty there. Of ALERT_ID (0: of none) without those who
-- have said since SINCE_MS that they cannot take it, and without BUT_ID (0: nobody).
-- stmt alerts_hearing one
-- in  post_id int, roles int, on_duty bool, idle_ms int, alert_id int, but_id int, since_ms int
-- out n int
SELECT count(DISTINCT m.account_id) AS n
  FROM memberships m JOIN sessions s ON s.region = :region AND s.account_id = m.account_id
 WHERE m.region = :region AND m.post_id = :post_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
   AND s.expires_ms > :now_ms AND m.account_id <> :but_id
   AND NOT EXISTS (SELECT 1 FROM alert_answers w
        WHERE w.region = :region AND w.alert_id = :alert_id AND w.account_id = m.account_id AND w.answer = 'seen'
          AND w.undone_ms IS NULL AND w.created_ms >= :since_ms)
   AND (s.seen_ms + :idle_ms > :now_ms OR EXISTS (
        SELECT 1 FROM duties d WHERE d.region = :region AND d.account_id = s.account_id AND d.ended_ms IS NULL
           AND d.from_ms <= s.seen_ms + :idle_ms AND d.until_ms > :now_ms))
   AND (:on_duty = false OR EXISTS (
        SELECT 1 FROM duties d WHERE d.region = :region AND d.post_id = m.post_id AND d.account_id = m.account_id
           AND d.ended_ms IS NULL AND d.from_ms <= :now_ms AND d.until_ms > :now_ms));

-- stmt alerts_answer_insert exec write
-- in  id int, alert_id int, turn int, account_id int, post_id int, answer text, to_post_id int?, before_state text, before_owner_id int?
-- in  before_owner_post_id int?, before_next_ms int?, before_offered_to int?, before_owned_ms int?, before_there_ms int?
-- in  before_late_ms int?, before_rings int, before_unread_ms int?, before_over_by int?, before_over_post_id int?, before_over_as text?
INSERT INTO alert_answers (region, id, alert_id, turn, account_id, post_id, answer, to_post_id, before_state, before_owner_id,
                           before_owner_post_id, before_next_ms, before_offered_to, before_owned_ms, before_there_ms,
                           before_late_ms, before_rings, before_unread_ms, before_over_by, before_over_post_id,
                           before_over_as, created_ms)
VALUES (:region, :id, :alert_id, :turn, :account_id, :post_id, :answer, :to_post_id, :before_state, :before_owner_id,
        :before_owner_post_id, :before_next_ms, :before_offered_to, :before_owned_ms, :before_there_ms, :before_late_ms,
        :before_rings, :before_unread_ms, :before_over_by, :before_over_post_id, :before_over_as, :now_ms);

-- The newest answer that still holds.
-- stmt alerts_answer_last maybe
-- in  alert_id int
-- out id int, turn int, account_id int, post_id int, answer text, created_ms int, before_state text, before_owner_id int?
-- out before_owner_post_id int?, before_next_ms int?, before_offered_to int?, before_owned_ms int?, before_there_ms int?
-- out before_late_ms int?, before_rings int, before_unread_ms int?, before_over_by int?, before_over_post_id int?, before_over_as text?
SELECT id, turn, account_id, post_id, answer, created_ms, before_state, before_owner_id, before_owner_post_id,
       before_next_ms, before_offered_to, before_owned_ms, before_there_ms, before_late_ms, before_rings, before_unread_ms,
       before_over_by, before_over_post_id, before_over_as
  FROM alert_answers WHERE region = :region AND alert_id = :alert_id AND undone_ms IS NULL
 ORDER BY turn DESC, id DESC LIMIT 1;

-- stmt alerts_answer_undo exec write
-- in  id int
UPDATE alert_answers SET undone_ms = :now_ms WHERE region = :region AND id = :id;

-- Whether this answer was taken back already.
-- stmt alerts_answer_undone maybe
-- in  id int, alert_id int, account_id int
-- out id int
SELECT id FROM alert_answers
 WHERE region = :region AND id = :id AND alert_id = :alert_id AND account_id = :account_id AND undone_ms IS NOT NULL;

-- The alert that speaks for a report: one that is open before one that has ended, its own before another of its incident, and of
-- several the one that needs somebody most.
-- stmt alerts_of_report maybe
-- in  report_id int, case_id int
-- out id int
SELECT id FROM alerts
 WHERE region = :region AND case_id = :case_id
 ORDER BY ended_ms IS NOT NULL, CASE WHEN report_id = :report_id THEN 0 ELSE 1 END, owner_id IS NOT NULL, raised_ms DESC LIMIT 1;

-- The same for what its reporter is told, where nobody is spared.
-- stmt alerts_told_of maybe
-- in  report_id int, case_id int
-- out id int, level text, state text, owner_id int?, next_ms int?, late_ms int?, ended_ms int?, rung_ms int, raised_ms int, offered text?, seen int
SELECT a.id, a.level, a.state, a.owner_id, a.next_ms, a.late_ms, a.ended_ms, a.rung_ms, a.raised_ms, p.name AS offered,
       (SELECT count(DISTINCT w.post_id) FROM alert_answers w
         WHERE w.region = :region AND w.alert_id = a.id AND w.undone_ms IS NULL AND w.answer = 'seen') AS seen
  FROM alerts a
  LEFT JOIN posts p ON p.region = :region AND p.id = a.offered_to
 WHERE a.region = :region AND a.case_id = :case_id
 ORDER BY a.ended_ms IS NOT NULL, CASE WHEN a.report_id = :report_id THEN 0 ELSE 1 END, a.owner_id IS NOT NULL,
          a.raised_ms DESC LIMIT 1;

-- stmt alerts_told_report one
-- in  report_id int
-- out place_id int, level text, spares_neighbours bool, created_ms int
SELECT place_id, level, spares_neighbours, created_ms FROM reports WHERE region = :region AND id = :report_id;

-- When a reporter has written more, or said that it is not calm.
-- stmt alerts_told_words many
-- in  report_id int, case_id int
-- out created_ms int
-- limit: the thread of one report
SELECT created_ms FROM report_messages WHERE region = :region AND report_id = :report_id AND side = 'reporter'
UNION ALL
SELECT created_ms FROM case_entries WHERE region = :region AND case_id = :case_id AND about_report = :report_id AND kind = 'not_calm'
 ORDER BY 1;

-- How the calls of a case ended since a moment.
-- stmt alerts_told_ends many
-- in  case_id int, since_ms int
-- out state text, ended_ms int?
-- limit: the calls of one case
SELECT state, ended_ms FROM alerts
 WHERE region = :region AND case_id = :case_id AND ended_ms >= :since_ms ORDER BY ended_ms, id;

-- The open call of a case, as far as who reads a report has answered since a moment.
-- stmt alerts_told_answered maybe
-- in  report_id int, case_id int, since_ms int
-- out state text, taken bool, seen int
SELECT a.state,
       EXISTS (SELECT 1 FROM alert_answers w
                 JOIN report_readers rr ON rr.region = :region AND rr.report_id = :report_id AND rr.post_id = a.owner_post_id
                WHERE w.region = :region AND w.alert_id = a.id AND w.undone_ms IS NULL AND w.created_ms >= :since_ms
                  AND w.account_id = a.owner_id
                  AND w.answer IN ('mine', 'accepted', 'on_the_way', 'there', 'handed_over', 'planned')) AS taken,
       (SELECT count(DISTINCT w.post_id) FROM alert_answers w
          JOIN report_readers rr ON rr.region = :region AND rr.report_id = :report_id AND rr.post_id = w.post_id
         WHERE w.region = :region AND w.alert_id = a.id AND w.undone_ms IS NULL AND w.created_ms >= :since_ms
           AND w.answer = 'seen') AS seen
  FROM alerts a
 WHERE a.region = :region AND a.case_id = :case_id AND a.ended_ms IS NULL
 ORDER BY CASE WHEN a.report_id = :report_id THEN 0 ELSE 1 END, a.owner_id IS NOT NULL, a.raised_ms DESC LIMIT 1;

-- The alert of a case that rings, or rang last.
-- stmt alerts_of_case maybe
-- in  case_id int
-- out id int
SELECT id FROM alerts WHERE region = :region AND case_id = :case_id
 ORDER BY ended_ms IS NOT NULL, raised_ms DESC, id DESC LIMIT 1;

-- Open alerts that no job will move in time: it was lost or given up, is not tried again although their
-- deadline passed a while ago, or that lies further ahead than any does.
-- stmt alerts_stuck many
-- in  before_ms int, again_ms int, after_ms int, attempts_max int
-- out id int, next_ms int?
SELECT id, next_ms FROM alerts
 WHERE region = :region AND ended_ms IS NULL
   AND (next_ms > :after_ms
     OR id NOT IN (SELECT subject_id FROM jobs
                    WHERE region = :region AND kind = 'alert_climb' AND done_ms IS NULL AND attempt < :attempts_max)
     OR (next_ms < :before_ms
       AND id NOT IN (SELECT subject_id FROM jobs
                       WHERE region = :region AND kind = 'alert_climb' AND done_ms IS NULL AND attempt < :attempts_max
                         AND run_after_ms <= :again_ms)))
 ORDER BY next_ms LIMIT 200;

-- How long posts took from the call to "mine" in a span of time, a row for each post. A post that was called twice for one alert
-- counts once. Half and most: the waits that half, and nine of ten, of the taken calls did not exceed.
-- stmt alerts_answer_times many
-- in  from_ms int, until_ms int
-- out post_id int, name text, calls int, taken int, half_ms int?, most_ms int?, slowest_ms int?
-- limit: the posts of one region
SELECT t.post_id, p.name, count(*) AS calls, count(t.waited_ms) AS taken,
       max(CASE WHEN t.place = (t.taken + 1) / 2 THEN t.waited_ms END) AS half_ms,
       max(CASE WHEN t.place = (t.taken * 9 + 9) / 10 THEN t.waited_ms END) AS most_ms,
       max(t.waited_ms) AS slowest_ms
  FROM (SELECT w.post_id, w.waited_ms, count(w.waited_ms) OVER (PARTITION BY w.post_id) AS taken,
               row_number() OVER (PARTITION BY w.post_id ORDER BY w.waited_ms IS NULL, w.waited_ms) AS place
          FROM (SELECT a.post_id, min(a.answered_ms) - min(a.called_ms) AS waited_ms
                  FROM alert_calls a
                 WHERE a.region = :region AND a.called_ms >= :from_ms AND a.called_ms < :until_ms
                 GROUP BY a.post_id, a.alert_id) w) t
  JOIN posts p ON p.region = :region AND p.id = t.post_id
 GROUP BY t.post_id, p.name ORDER BY p.name, t.post_id;

-- stmt alerts_spares maybe
-- in  report_id int
-- out spares_neighbours bool
SELECT spares_neighbours FROM reports WHERE region = :region AND id = :report_id;

