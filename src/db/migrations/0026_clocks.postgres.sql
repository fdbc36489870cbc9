-- How far the clock is to be believed in each region: when somebody last looked, and since when it has been steady. What the clock
-- alone deletes waits for that.
CREATE TABLE clocks (
  region    TEXT NOT NULL PRIMARY KEY,
  looked_ms BIGINT NOT NULL,
  steady_ms BIGINT NOT NULL
);
ALTER TABLE clocks ADD CONSTRAINT clocks_region_fkey FOREIGN KEY (region) REFERENCES regions (region);
