-- What is asked for each report of a case with every word of its reporters, and which done work is past its time.
CREATE INDEX case_entries_calm ON case_entries (region, case_id, about_report, created_ms) WHERE kind = 'reporter_calm';
CREATE INDEX jobs_done ON jobs (region, done_ms) WHERE done_ms IS NOT NULL;
