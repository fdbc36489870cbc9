-- Jobs that act outside: since when one is under way, and whether nobody knows what came of it. A worker asks each region
-- which kinds are due, and takes the oldest job of a kind.
ALTER TABLE jobs ADD COLUMN acting_ms BIGINT;
ALTER TABLE jobs ADD COLUMN uncertain BOOLEAN NOT NULL DEFAULT false;
DROP INDEX jobs_due;
CREATE INDEX jobs_open ON jobs (region, kind, run_after_ms) WHERE done_ms IS NULL;
CREATE INDEX jobs_uncertain ON jobs (region, run_after_ms) WHERE uncertain;
