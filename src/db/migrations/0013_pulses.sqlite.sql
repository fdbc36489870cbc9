-- When each region last took a write that whoever watches the program asked for.
CREATE TABLE pulses (
  region TEXT NOT NULL PRIMARY KEY REFERENCES regions (region),
  at_ms  INTEGER NOT NULL
) STRICT;
