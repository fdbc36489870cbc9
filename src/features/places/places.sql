-- Every statement of the feature.

-- stmt places_region_get maybe
-- out region text, number int, name text, zone text, demo bool
SELECT region, number, name, zone, demo FROM regions WHERE region = :region;

-- stmt places_region_rows many
-- out region text, number int, name text, zone text, demo bool
-- any region: visitors choose one, receipts name one; a reference table
-- scan: a small table
-- limit: at most 1,024 regions
SELECT region, number, name, zone, demo FROM regions ORDER BY name;

-- stmt places_region_of_number maybe
-- in  number int
-- out region text, number int, name text, zone text, demo bool
-- any region: a receipt names its region by number; a reference table
SELECT region, number, name, zone, demo FROM regions WHERE number = :number;

-- stmt places_region_insert exec write
-- in  number int, name text, zone text
INSERT INTO regions (region, number, name, zone, created_ms) VALUES (:region, :number, :name, :zone, :now_ms);

-- stmt places_region_be_demo exec write
UPDATE regions SET demo = true WHERE region = :region;

-- stmt places_insert exec write
-- in  id int, parent_id int?, code text, level text, name text
INSERT INTO places (region, id, parent_id, code, level, name, created_ms)
VALUES (:region, :id, :parent_id, :code, :level, :name, :now_ms);

-- stmt places_neighbour_insert exec write
-- in  place_id int, neighbour_id int
INSERT INTO neighbours (region, place_id, neighbour_id) VALUES (:region, :place_id, :neighbour_id)
ON CONFLICT (region, place_id, neighbour_id) DO NOTHING;

-- stmt places_get maybe
-- in  id int
-- out id int, parent_id int?, code text, level text, name text
SELECT id, parent_id, code, level, name FROM places WHERE region = :region AND id = :id;

-- The places of a list, IDS separated by commas, with as much of what is above each as its label needs.
-- stmt places_named many
-- only sqlite
-- in  ids text
-- out id int, level text, name text, above text?, above_level text?, beyond text?
-- limit: those asked for
WITH RECURSIVE asked (id, rest) AS (
  SELECT 0, :ids || ','
  UNION ALL
  SELECT CAST(substr(rest, 1, instr(rest, ',') - 1) AS INTEGER), substr(rest, instr(rest, ',') + 1) FROM asked WHERE rest <> '')
SELECT p.id, p.level, p.name, a.name AS above, a.level AS above_level, b.name AS beyond
  FROM places p
  LEFT JOIN places a ON a.region = :region AND a.id = p.parent_id
  LEFT JOIN places b ON b.region = :region AND b.id = a.parent_id
 WHERE p.region = :region AND p.id IN (SELECT id FROM asked);

-- stmt places_named many
-- only postgres
-- in  ids text
-- out id int, level text, name text, above text?, above_level text?, beyond text?
-- limit: those asked for
SELECT p.id, p.level, p.name, a.name AS above, a.level AS above_level, b.name AS beyond
  FROM places p
  LEFT JOIN places a ON a.region = :region AND a.id = p.parent_id
  LEFT JOIN places b ON b.region = :region AND b.id = a.parent_id
 WHERE p.region = :region AND p.id = ANY (string_to_array(:ids, ',')::bigint[]);

-- stmt places_get_code maybe
-- in  code text
-- out id int, parent_id int?, code text, level text, name text
SELECT id, parent_id, code, level, name FROM places WHERE region = :region AND code = :code;

-- stmt places_path many
-- in  id int
-- out id int, parent_id int?, code text, level text, name text, depth int
-- limit: a territory has six levels
WITH RECURSIVE up (id, parent_id, code, level, name, depth) AS (
  SELECT id, parent_id, code, level, name, CAST(0 AS BIGINT) FROM places WHERE region = :region AND id = :id
  UNION ALL
  SELECT p.id, p.parent_id, p.code, p.level, p.name, up.depth + 1
    FROM up JOIN places p ON p.region = :region AND p.id = up.parent_id
   WHERE up.depth < 6)
SELECT id, parent_id, code, level, name, depth FROM up ORDER BY depth;

-- stmt places_below many
-- in  parent_id int
-- out id int, parent_id int?, code text, level text, name text
-- limit: what lies directly in one place
SELECT id, parent_id, code, level, name FROM places
 WHERE region = :region AND parent_id = :parent_id ORDER BY code;

-- stmt places_beside many
-- in  place_id int
-- out id int, parent_id int?, code text, level text, name text
SELECT p.id, p.parent_id, p.code, p.level, p.name
  FROM neighbours n JOIN places p ON p.region = :region AND p.id = n.neighbour_id
 WHERE n.region = :region AND n.place_id = :place_id ORDER BY p.code LIMIT 100;

-- Villages and their RW in the order of their codes, which puts an RW behind its village.
-- stmt places_choice_rows many
-- out id int, parent_id int?, code text, level text, name text
-- scan: whoever reports chooses among all
-- limit: a large regency has some 10,000 villages and RW; none is left out
SELECT id, parent_id, code, level, name FROM places
 WHERE region = :region AND level IN ('village', 'rw') ORDER BY code;
