-- Every statement of the feature.

-- The head's row is the lock: writers of one region's chain queue on it.
-- stmt audit_head maybe write
-- only sqlite
-- out number int, hash blob
SELECT number, hash FROM audit_heads WHERE region = :region;

-- stmt audit_head maybe write
-- only postgres
-- out number int, hash blob
SELECT number, hash FROM audit_heads WHERE region = :region FOR UPDATE;

-- stmt audit_end maybe
-- out number int, hash blob, mac blob?
SELECT number, hash, mac FROM audit_heads WHERE region = :region;

-- stmt audit_highest maybe
-- out number int
SELECT number FROM audit WHERE region = :region ORDER BY number DESC LIMIT 1;

-- stmt audit_head_insert exec write
-- in  hash blob
INSERT INTO audit_heads (region, number, hash) VALUES (:region, 0, :hash)
ON CONFLICT (region) DO NOTHING;

-- stmt audit_head_update exec write
-- in  number int, hash blob, mac blob
UPDATE audit_heads SET number = :number, hash = :hash, mac = :mac WHERE region = :region;

-- stmt audit_insert exec write
-- in  number int, account_id int?, action text, subject text, subject_id int, detail text, prev_hash blob, hash blob
INSERT INTO audit (region, number, at_ms, account_id, action, subject, subject_id, detail, prev_hash, hash)
VALUES (:region, :number, :now_ms, :account_id, :action, :subject, :subject_id, :detail, :prev_hash, :hash);

-- stmt audit_from many
-- in  from_number int
-- out number int, at_ms int, account_id int?, action text, subject text, subject_id int, detail text, prev_hash blob, hash blob
SELECT number, at_ms, account_id, action, subject, subject_id, detail, prev_hash, hash
  FROM audit WHERE region = :region AND number >= :from_number ORDER BY number LIMIT 1000;

-- stmt audit_page many
-- in  before_number int
-- out number int, at_ms int, account_id int?, action text, subject text, subject_id int, detail text, name text?
SELECT a.number, a.at_ms, a.account_id, a.action, a.subject, a.subject_id, a.detail, p.name
  FROM audit a LEFT JOIN accounts p ON p.region = :region AND p.id = a.account_id
 WHERE a.region = :region AND a.number < :before_number ORDER BY a.number DESC LIMIT 51;
