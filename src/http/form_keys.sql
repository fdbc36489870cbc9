-- Forms that were handled.

-- stmt form_keys_find maybe
-- in  key blob
-- out fields blob, status int, location text?
SELECT fields, status, location FROM form_keys WHERE region = :region AND key = :key;

-- stmt form_keys_insert exec write
-- in  key blob, fields blob, status int, location text?
INSERT INTO form_keys (region, key, fields, status, location, created_ms)
VALUES (:region, :key, :fields, :status, :location, :now_ms);

-- stmt form_keys_forget exec write
-- in  before_ms int
DELETE FROM form_keys WHERE region = :region AND created_ms < :before_ms;
