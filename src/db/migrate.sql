-- The list of steps that have been applied.

-- stmt migrate_applied many
-- out number int, what text, hash text
-- any region: the schema is one for all
-- scan: one row a step
-- limit: one row a step
SELECT number, what, hash FROM migrations ORDER BY number;

-- stmt migrate_record exec write
-- in  number int, what text, hash text, applied_ms int
-- any region: the schema is one for all
INSERT INTO migrations (number, what, hash, applied_ms) VALUES (:number, :what, :hash, :applied_ms);
