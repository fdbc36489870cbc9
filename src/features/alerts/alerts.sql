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
-- out id int, case_id int, report_id int?, place_id int, level text, reason text, state text, step int, next_ms int?, raised_ms int, owned_ms int?, owner_id int?, owner_post_id int?, offered_to int?, ended_ms int?
SELECT id, case_id, report_id, place_id, level, reason, state, step, next_ms, raised_ms, owned_ms, owner_id,
       owner_post_id, offered_to, ended_ms
  FROM alerts WHERE region = :region AND id = :id;

-- stmt alerts_step_update exec write
-- in  id int, step int, next_ms int?
UPDATE alerts SET step = :step, next_ms = :next_ms WHERE region = :region AND id = :id;

-- A post that is called again, for further roles, stays one row.
-- stmt alerts_call exec write
-- in  alert_id int, post_id int, step int, roles int, on_duty bool
INSERT INTO alert_calls (region, alert_id, post_id, step, roles, on_duty, called_ms)
VALUES (:region, :alert_id, :post_id, :step, :roles, :on_duty, :now_ms)
ON CONFLICT (region, alert_id, post_id) DO UPDATE
   SET roles = alert_calls.roles | excluded.roles, on_duty = excluded.on_duty;

-- stmt alerts_call_seen exec write
-- in  alert_id int, post_id int
UPDATE alert_calls SET seen_ms = :now_ms
 WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id AND seen_ms IS NULL;

-- stmt alerts_call_answered exec write
-- in  alert_id int, post_id int
UPDATE alert_calls SET answered_ms = :now_ms, seen_ms = coalesce(seen_ms, :now_ms)
 WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id AND answered_ms IS NULL;

-- stmt alerts_call_unanswered exec write
-- in  alert_id int, post_id int
UPDATE alert_calls SET answered_ms = NULL
 WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id;

-- stmt alerts_members_count one
-- in  post_id int, roles int
-- out n int
SELECT count(*) AS n FROM memberships
 WHERE region = :region AND post_id = :post_id AND ended_ms IS NULL AND (roles & :roles) <> 0;

-- The whole state at once, only if nobody changed it since it was read.
-- stmt alerts_state_update maybe write
-- in  id int, state text, owner_id int?, owner_post_id int?, next_ms int?, owned_ms int?, offered_to int?, ended_ms int?, was_state text, was_owner_id int?, was_offered_to int?
-- out case_id int
UPDATE alerts SET state = :state, owner_id = :owner_id, owner_post_id = :owner_post_id, next_ms = :next_ms,
       owned_ms = :owned_ms, offered_to = :offered_to, ended_ms = :ended_ms
 WHERE region = :region AND id = :id AND state = :was_state AND owner_id IS NOT DISTINCT FROM :was_owner_id
   AND offered_to IS NOT DISTINCT FROM :was_offered_to
RETURNING case_id;

-- stmt alerts_answer_insert exec write
-- in  id int, alert_id int, account_id int, post_id int, answer text, to_post_id int?, before_state text, before_owner_id int?, before_owner_post_id int?, before_next_ms int?
INSERT INTO alert_answers (region, id, alert_id, account_id, post_id, answer, to_post_id, before_state, before_owner_id,
                           before_owner_post_id, before_next_ms, created_ms)
VALUES (:region, :id, :alert_id, :account_id, :post_id, :answer, :to_post_id, :before_state, :before_owner_id,
        :before_owner_post_id, :before_next_ms, :now_ms);

-- The newest answer that still holds.
-- stmt alerts_answer_last maybe
-- in  alert_id int
-- out id int, account_id int, post_id int, answer text, to_post_id int?, before_state text, before_owner_id int?, before_owner_post_id int?, before_next_ms int?, created_ms int
SELECT id, account_id, post_id, answer, to_post_id, before_state, before_owner_id, before_owner_post_id,
       before_next_ms, created_ms
  FROM alert_answers WHERE region = :region AND alert_id = :alert_id AND undone_ms IS NULL
 ORDER BY id DESC LIMIT 1;

-- stmt alerts_answer_undo exec write
-- in  id int
UPDATE alert_answers SET undone_ms = :now_ms WHERE region = :region AND id = :id;

-- stmt alerts_of_report maybe
-- in  report_id int, case_id int
-- out id int, state text, next_ms int?, ended_ms int?, step int
SELECT id, state, next_ms, ended_ms, step FROM alerts
 WHERE region = :region AND case_id = :case_id AND report_id = :report_id ORDER BY id DESC LIMIT 1;

-- How long posts took from the call to "mine" in a span of time; unanswered calls count as such.
-- stmt alerts_answer_times many
-- in  from_ms int, until_ms int
-- out post_id int, name text, waited_ms int?
-- limit: the calls of one month in one region
-- scan: a statistic that is seldom looked at
SELECT a.post_id, p.name, a.answered_ms - a.called_ms AS waited_ms
  FROM alert_calls a JOIN posts p ON p.region = :region AND p.id = a.post_id
 WHERE a.region = :region AND a.called_ms >= :from_ms AND a.called_ms < :until_ms
 ORDER BY p.name, a.post_id, waited_ms;

-- stmt alerts_spares maybe
-- in  report_id int
-- out spares_neighbours bool
SELECT spares_neighbours FROM reports WHERE region = :region AND id = :report_id;

