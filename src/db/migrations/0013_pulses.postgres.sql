-- When each region last took a write that whoever watches the program asked for.
CREATE TABLE pulses (
  region TEXT NOT NULL PRIMARY KEY,
  at_ms  BIGINT NOT NULL
);
ALTER TABLE pulses ADD CONSTRAINT pulses_region_fkey FOREIGN KEY (region) REFERENCES regions (region);
