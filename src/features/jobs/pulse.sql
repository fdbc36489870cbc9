-- Whether a region takes writes: whoever asks at /readyz has one made.

-- stmt pulse_write exec write
INSERT INTO pulses (region, at_ms) VALUES (:region, :now_ms)
ON CONFLICT (region) DO UPDATE SET at_ms = :now_ms WHERE pulses.region = :region;
