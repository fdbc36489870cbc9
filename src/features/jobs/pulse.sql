-- Whether a write is taken: whoever asks at /readyz has one made, in a region that answers.

-- stmt pulse_region one
-- in  nth int
-- out region text
-- any region: the list of them; a reference table
-- scan: the regions before it
SELECT region FROM regions ORDER BY region LIMIT 1 OFFSET :nth;

-- stmt pulse_write exec write
INSERT INTO pulses (region, at_ms) VALUES (:region, :now_ms)
ON CONFLICT (region) DO UPDATE SET at_ms = :now_ms WHERE pulses.region = :region;
