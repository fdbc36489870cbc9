-- An invitation ends before it is used: it was taken back, or its maker's rights ended.

ALTER TABLE invitations ADD COLUMN ended_ms INTEGER;
CREATE INDEX invitations_by_maker ON invitations (region, made_by);
