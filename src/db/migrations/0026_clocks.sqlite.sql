-- How far the clock is to be believed in each region: when somebody last looked, and since when it has been steady. What the clock
-- alone deletes waits for that.
CREATE TABLE clocks (
  region    TEXT NOT NULL PRIMARY KEY REFERENCES regions (region),
  looked_ms INTEGER NOT NULL,
  steady_ms INTEGER NOT NULL
) STRICT;
