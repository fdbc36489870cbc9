-- A demo says that it is one. Before this step nothing but "adem demo" made a region.

ALTER TABLE regions ADD COLUMN demo BOOLEAN NOT NULL DEFAULT false;
UPDATE regions SET demo = true WHERE region = '31.71' AND number = 31;
