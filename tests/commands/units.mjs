// The units in deploy/: systemd understands them, they leave little open, and they go on for ever.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, holds, root, skip, test } from "../lib/adem.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const units = ["adem.service", "adem-migrate.service"];
const analyze = (...words) => spawnSync("systemd-analyze", words, { encoding: "utf8" });
const setting = (text, name) => [...text.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value]) => value);

await test("units: restarted for ever, and a long migration is not killed", () => {
  for (const unit of units) {
    const text = readFileSync(join(root, "deploy", unit), "utf8");
    equal(setting(text, "StartLimitIntervalSec").join(), "0", `${unit}: StartLimitIntervalSec`);
    equal(setting(text, "IPAddressDeny").join(), "any", `${unit}: IPAddressDeny`);
  }
  const serve = readFileSync(join(root, "deploy/adem.service"), "utf8"), migrate = readFileSync(join(root, "deploy/adem-migrate.service"), "utf8");
  equal(setting(serve, "Restart").join(), "always", "Restart");
  equal(setting(serve, "WatchdogSec").join(), "60s", "WatchdogSec");
  equal(/^Exec.*migrate/m.test(serve), false, "serve migrates");
  holds(setting(serve, "After").join(), "adem-migrate.service", "After");
  equal(setting(migrate, "TimeoutStartSec").join(), "infinity", "TimeoutStartSec");
  // Two units with one user and one directory must be closed alike.
  const closed = text => text.slice(text.indexOf("# Its own user"), text.indexOf("LimitNOFILE")).trim();
  equal(closed(serve), closed(migrate), "what is closed");
});

if (analyze("--version").status === 0) {
  await test("units: systemd understands them", () => {
    const folder = mkdtempSync(join(tmpdir(), "adem-test-"));
    try {
      for (const unit of units)
        writeFileSync(join(folder, unit), readFileSync(join(root, "deploy", unit), "utf8").replaceAll("/usr/local/bin/adem", program).replace(/^Documentation=.*\n/m, ""));
      const done = analyze("verify", ...units.map(unit => join(folder, unit)));
      // What systemd before 254 says of two settings that came then, and of units of the machine it runs on.
      const said = done.stderr.split("\n").filter(line => line.includes("adem") && !/Unknown key (name )?'Restart(Steps|MaxDelaySec)'/.test(line));
      equal(said.join("\n"), "", "what systemd says");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  await test("units: what they leave open is 2.0 at most", () => {
    const folder = mkdtempSync(join(tmpdir(), "adem-test-"));
    for (const unit of units) {
      cpSync(join(root, "deploy", unit), join(folder, unit));
      const done = analyze("security", "--offline=yes", "--threshold=20", join(folder, unit));
      equal(done.status, 0, `${unit}: ${done.stdout.split("\n").slice(-2).join("")}${done.stderr}`);
    }
    rmSync(folder, { recursive: true });
  });
} else {
  skip("units: systemd understands them, and what they leave open", "systemd is not installed");
}
