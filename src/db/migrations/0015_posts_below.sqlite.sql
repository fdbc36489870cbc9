-- The posts below one, whose keys are renewed when somebody leaves it.

CREATE INDEX posts_by_parent ON posts (region, parent_id);
