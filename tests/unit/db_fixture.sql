-- Statements of the fixture that db_test.c migrates to.

-- stmt fixture_add exec write
-- in  id int, title text, note text?, weight real?, seen bool, liked bool?, parent_id int?, data blob, extra blob?
INSERT INTO things (region, id, title, note, weight, seen, liked, parent_id, data, extra, made_ms)
VALUES (:region, :id, :title, :note, :weight, :seen, :liked, :parent_id, :data, :extra, :now_ms);

-- stmt fixture_get one
-- in  id int
-- out id int, title text, note text?, weight real?, seen bool, liked bool?, parent_id int?, data blob, extra blob?, made_ms int
SELECT id, title, note, weight, seen, liked, parent_id, data, extra, made_ms FROM things
 WHERE region = :region AND id = :id;

-- stmt fixture_find maybe
-- in  title text
-- out id int
SELECT id FROM things WHERE region = :region AND title = :title ORDER BY id LIMIT 2;

-- stmt fixture_all many
-- in  seen bool?, rows_max int
-- out id int, title text
SELECT id, title FROM things WHERE region = :region AND (:seen IS NULL OR seen = :seen) ORDER BY id LIMIT :rows_max;

-- stmt fixture_set_title maybe write
-- in  id int, title text
-- out title text
UPDATE things SET title = :title || '''s :title' WHERE region = :region AND id = :id RETURNING title;

-- stmt fixture_put maybe write
-- in  id int, title text, data blob
-- out id int
INSERT INTO things (region, id, title, seen, data, made_ms) VALUES (:region, :id, :title, false, :data, :now_ms)
ON CONFLICT (region, id) DO NOTHING RETURNING id;

-- stmt fixture_weight one
-- out weight real
-- limit: none
SELECT weight FROM things WHERE region = :region LIMIT 1;

-- Which database answers.
-- stmt fixture_kind one
-- any region: about no table
-- only sqlite
-- out kind text
SELECT 'sqlite ' || sqlite_version() AS kind;

-- stmt fixture_kind one
-- any region: about no table
-- only postgres
-- out kind text
SELECT 'postgres ' || version() AS kind;

-- Writes, whatever its declaration says.
-- stmt fixture_sly maybe
-- in  id int
-- out id int
WITH gone AS (SELECT :id AS id) UPDATE things SET seen = true WHERE region = :region AND id = :id RETURNING id;
