-- The queue. A job is open until done_ms is set; it can be taken when it is due, nobody has a lease on it and it has
-- attempts left.

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

-- stmt jobs_find maybe
-- in  id int
-- out done_ms int?
SELECT done_ms FROM jobs WHERE region = :region AND id = :id;

-- A lease works inside one region only, so a worker first asks where there is something to do.
-- stmt jobs_due_regions many
-- in  attempts_max int, regions_max int
-- out region text
-- any region: workers serve all regions
SELECT DISTINCT region FROM jobs
 WHERE done_ms IS NULL AND run_after_ms <= :now_ms AND lease_until_ms <= :now_ms AND attempt < :attempts_max
 ORDER BY region LIMIT :regions_max;

-- stmt jobs_regions many
-- out region text
-- any region: periodic jobs are made for each; a reference table
-- scan: the regions
-- limit: the regions
SELECT region FROM regions ORDER BY region;

-- Takes the job that has waited longest. Who dies with it loses only the lease.
-- stmt jobs_take maybe write
-- only sqlite
-- in  attempts_max int, lease_until_ms int
-- out id int, kind text, subject_id int, run_after_ms int, attempt int
UPDATE jobs SET lease_until_ms = :lease_until_ms, attempt = attempt + 1
 WHERE region = :region
   AND id = (SELECT id FROM jobs
              WHERE region = :region AND done_ms IS NULL AND run_after_ms <= :now_ms AND lease_until_ms <= :now_ms
                AND attempt < :attempts_max
              ORDER BY run_after_ms, id LIMIT 1)
RETURNING id, kind, subject_id, run_after_ms, attempt;

-- stmt jobs_take maybe write
-- only postgres
-- in  attempts_max int, lease_until_ms int
-- out id int, kind text, subject_id int, run_after_ms int, attempt int
UPDATE jobs SET lease_until_ms = :lease_until_ms, attempt = attempt + 1
 WHERE region = :region
   AND id = (SELECT id FROM jobs
              WHERE region = :region AND done_ms IS NULL AND run_after_ms <= :now_ms AND lease_until_ms <= :now_ms
                AND attempt < :attempts_max
              ORDER BY run_after_ms, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, subject_id, run_after_ms, attempt;

-- Only if the lease is still ours: whoever takes a job counts an attempt.
-- stmt jobs_done maybe write
-- in  id int, attempt int
-- out id int
UPDATE jobs SET done_ms = :now_ms, failed = NULL
 WHERE region = :region AND id = :id AND attempt = :attempt AND done_ms IS NULL
RETURNING id;

-- stmt jobs_put_off exec write
-- in  id int, attempt int, run_after_ms int, failed text
UPDATE jobs SET run_after_ms = :run_after_ms, lease_until_ms = 0, failed = :failed
 WHERE region = :region AND id = :id AND attempt = :attempt AND done_ms IS NULL;

-- When the next job can be taken; null: none is waiting.
-- stmt jobs_next one
-- in  attempts_max int
-- out next_ms int?
-- any region: workers serve all regions
SELECT min(CASE WHEN lease_until_ms > run_after_ms THEN lease_until_ms ELSE run_after_ms END) AS next_ms FROM jobs
 WHERE done_ms IS NULL AND attempt < :attempts_max;

-- Jobs that have failed, those that are still being tried among them, the newest first.
-- stmt jobs_failed_rows many
-- in  rows_max int
-- out id int, kind text, subject_id int, attempt int, run_after_ms int, failed text?
SELECT id, kind, subject_id, attempt, run_after_ms, failed FROM jobs
 WHERE region = :region AND done_ms IS NULL AND failed IS NOT NULL ORDER BY run_after_ms DESC, id LIMIT :rows_max;

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

-- stmt jobs_forget exec write
-- in  before_ms int
-- scan: all jobs of a region, now and then
DELETE FROM jobs WHERE region = :region AND done_ms < :before_ms;
