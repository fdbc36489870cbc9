-- Which pepper the rows of this database were made with.

-- stmt pepper_get maybe
-- out fingerprint blob
-- any region: one pepper serves all
SELECT fingerprint FROM pepper WHERE number = 1;

-- stmt pepper_insert exec write
-- in  fingerprint blob
-- any region: one pepper serves all
INSERT INTO pepper (number, fingerprint, written_ms) VALUES (1, :fingerprint, :now_ms) ON CONFLICT (number) DO NOTHING;

-- Whether there is anything that a pepper was needed for: accounts, reports, posts all belong to a region.
-- stmt pepper_regions one
-- out count int
-- any region: it counts them
-- scan: one row a region
SELECT count(*) AS count FROM regions;

-- Sign-in names as people type them, to see whether a pepper finds them.
-- stmt pepper_names many
-- out name text
-- any region: it looks for any
-- scan: it stops after a few
SELECT name FROM accounts ORDER BY region, id DESC LIMIT 50;
