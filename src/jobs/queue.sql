-- The queue. A job is open until done_ms is set; it can be taken when it is due, nobody has a lease on it and it has
-- attempts left. One whose effect outside may have happened (acting_ms) is taken once more in any case, to say so.

-- stmt jobs_insert exec write
-- in  id int, kind text, subject_id int, run_after_ms int
INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms)
VALUES (:region, :id, :kind, :subject_id, :run_after_ms, :now_ms);

-- A job of a periodic kind; its id is made from kind and round, so that each round has one.
-- stmt jobs_insert_round exec write
-- in  id int, kind text, run_after_ms int
INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms)
VALUES (:region, :id, :kind, 0, :run_after_ms, :now_ms)
ON CONFLICT (region, id) DO NOTHING;

-- stmt jobs_regions many
-- out region text
-- any region: each has its own queue; a reference table
-- scan: the regions
-- limit: the regions
SELECT region FROM regions ORDER BY region;

-- When the next job of each kind can be taken; when the newest one was made, and until when one is leased or put off.
-- stmt jobs_waiting many
-- in  attempts_max int, kinds_max int
-- out kind text, next_ms int, made_ms int, tried_ms int
SELECT kind, min(CASE WHEN lease_until_ms > run_after_ms THEN lease_until_ms ELSE run_after_ms END) AS next_ms,
       max(created_ms) AS made_ms,
       max(CASE WHEN attempt = 0 OR lease_until_ms > run_after_ms THEN lease_until_ms ELSE run_after_ms END) AS tried_ms
  FROM jobs
 WHERE region = :region AND done_ms IS NULL AND (attempt < :attempts_max OR acting_ms IS NOT NULL)
 GROUP BY kind ORDER BY kind LIMIT :kinds_max;

-- How long a database that lies partly elsewhere may take to say so; sqlite has nothing elsewhere.
-- stmt jobs_hurry one
-- only sqlite
-- in  most_ms text
-- out set text
-- any region: a setting of the transaction
SELECT :most_ms AS "set";

-- stmt jobs_hurry one
-- only postgres
-- in  most_ms text
-- out set text
-- any region: a setting of the transaction
SELECT set_config('statement_timeout', :most_ms, true) AS "set";

-- Takes the job of a kind that has waited longest. Who dies with it loses only the lease.
-- stmt jobs_take maybe write
-- only sqlite
-- in  kind text, attempts_max int, lease_until_ms int
-- out id int, subject_id int, run_after_ms int, attempt int, acting_ms int?
UPDATE jobs SET lease_until_ms = :lease_until_ms, attempt = attempt + 1
 WHERE region = :region
   AND id = (SELECT id FROM jobs
              WHERE region = :region AND done_ms IS NULL AND kind = :kind AND run_after_ms <= :now_ms
                AND lease_until_ms <= :now_ms AND (attempt < :attempts_max OR acting_ms IS NOT NULL)
              ORDER BY run_after_ms, id LIMIT 1)
RETURNING id, subject_id, run_after_ms, attempt, acting_ms;

-- stmt jobs_take maybe write
-- only postgres
-- in  kind text, attempts_max int, lease_until_ms int
-- out id int, subject_id int, run_after_ms int, attempt int, acting_ms int?
UPDATE jobs SET lease_until_ms = :lease_until_ms, attempt = attempt + 1
 WHERE region = :region
   AND id = (SELECT id FROM jobs
              WHERE region = :region AND done_ms IS NULL AND kind = :kind AND run_after_ms <= :now_ms
                AND lease_until_ms <= :now_ms AND (attempt < :attempts_max OR acting_ms IS NOT NULL)
              ORDER BY run_after_ms, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, subject_id, run_after_ms, attempt, acting_ms;

-- Its effect begins now. Only if the lease is still ours: whoever takes a job counts an attempt.
-- stmt jobs_begin maybe write
-- in  id int, attempt int
-- out id int
UPDATE jobs SET acting_ms = :now_ms
 WHERE region = :region AND id = :id AND attempt = :attempt AND done_ms IS NULL
RETURNING id;

-- Those of a kind that are due wait, as if somebody had taken them: when the clock was ahead, they are brought back like these.
-- stmt jobs_hold exec write
-- in  kind text, until_ms int
UPDATE jobs SET lease_until_ms = :until_ms
 WHERE region = :region AND kind = :kind AND done_ms IS NULL AND run_after_ms <= :now_ms AND lease_until_ms <= :now_ms;

-- Only if the lease is still ours.
-- stmt jobs_done maybe write
-- in  id int, attempt int, uncertain bool
-- out id int
UPDATE jobs SET done_ms = :now_ms, failed = NULL, uncertain = :uncertain
 WHERE region = :region AND id = :id AND attempt = :attempt AND done_ms IS NULL
RETURNING id;

-- Tried again at run_after_ms. acting_ms: what stays of it, null where certainly nothing has happened outside.
-- stmt jobs_put_off maybe write
-- in  id int, attempt int, run_after_ms int, failed text, acting_ms int?
-- out id int
UPDATE jobs SET run_after_ms = :run_after_ms, lease_until_ms = 0, failed = :failed, acting_ms = :acting_ms
 WHERE region = :region AND id = :id AND attempt = :attempt AND done_ms IS NULL
RETURNING id;

-- Another transaction holds what it needs: nothing of it was tried. Only if the lease is still ours.
-- stmt jobs_give_back exec write
-- in  id int, attempt int, again_ms int
UPDATE jobs SET attempt = attempt - 1, lease_until_ms = :again_ms
 WHERE region = :region AND id = :id AND attempt = :attempt AND done_ms IS NULL;

-- Jobs that have failed, those that are still being tried among them, the newest first; and those of which nobody knows
-- whether they have happened.
-- stmt jobs_failed_rows many
-- in  rows_max int
-- out id int, kind text, subject_id int, attempt int, run_after_ms int, failed text?, uncertain bool
SELECT id, kind, subject_id, attempt, run_after_ms, failed, uncertain FROM jobs
 WHERE region = :region AND done_ms IS NULL AND failed IS NOT NULL
UNION ALL
SELECT id, kind, subject_id, attempt, run_after_ms, failed, uncertain FROM jobs WHERE region = :region AND uncertain
 ORDER BY run_after_ms DESC, id LIMIT :rows_max;

-- Open jobs that only a clock which was ahead can have made, leased or put off.
-- stmt jobs_ahead many
-- in  made_ms int, tried_ms int, rows_max int
-- out id int, kind text, subject_id int, run_after_ms int, created_ms int, attempt int
SELECT id, kind, subject_id, run_after_ms, created_ms, attempt FROM jobs
 WHERE region = :region AND done_ms IS NULL
   AND (created_ms > :made_ms OR lease_until_ms > :tried_ms OR (attempt > 0 AND run_after_ms > :tried_ms))
 ORDER BY run_after_ms, id LIMIT :rows_max;

-- stmt jobs_move exec write
-- in  id int, run_after_ms int, created_ms int
UPDATE jobs SET run_after_ms = :run_after_ms, created_ms = :created_ms, lease_until_ms = 0
 WHERE region = :region AND id = :id AND done_ms IS NULL;

-- stmt jobs_given_up one
-- in  attempts_max int
-- out n int
SELECT count(*) AS n FROM jobs WHERE region = :region AND done_ms IS NULL AND attempt >= :attempts_max;

-- stmt jobs_restart maybe write
-- in  id int, attempts_max int
-- out id int
UPDATE jobs SET attempt = 0, run_after_ms = :now_ms, lease_until_ms = 0, failed = NULL
 WHERE region = :region AND id = :id AND done_ms IS NULL AND attempt >= :attempts_max
RETURNING id;

-- The oldest of those done before then, as many at a time as keep nobody waiting for the lock.
-- stmt jobs_forget exec write
-- in  before_ms int, rows_max int
DELETE FROM jobs WHERE region = :region AND id IN (
       SELECT id FROM jobs WHERE region = :region AND done_ms < :before_ms ORDER BY done_ms LIMIT :rows_max);

-- Whether one is left.
-- stmt jobs_forgettable maybe
-- in  before_ms int
-- out id int
SELECT id FROM jobs WHERE region = :region AND done_ms < :before_ms ORDER BY done_ms LIMIT 1;
