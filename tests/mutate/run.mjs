// The operators of script/mutate: what each finds, and what it must leave alone.
import { apply, breaks, lines } from "../../tools/mutate/operators.mjs";
import { equal, finish, holds, lacks, test } from "../lib/adem.mjs";

// Every text that KIND makes of TEXT in a file named PATH.
const made = (path, text, kind) => breaks(path, text).filter(some => some.what === kind).map(some => apply(text, some));
const one = (path, text, kind, wanted) => holds(JSON.stringify(made(path, text, kind)), JSON.stringify(wanted), kind);

const c = `/* if (never) { broken(1, 2); } */
#define NOT_HERE 7
static bool due(struct ctx *c, int64_t post_id, int64_t alert_id)
{
	if (post_id < alert_id && is(c, "ringing"))
		return REFUSE(c, ERR_DENIED, "Not if (now) 5 minutes.");
	TRY(posts_call(c, post_id, alert_id));
	c->next_ms = c->now_ms + 5 * MINUTE_MS;
	for (size_t i = 0; i < COUNT(all); i++)
		log_info("seen", "%d", 9);
	return (c->roles & ROLE_DESK) != 0 || true;
}
`;

await test("each operator for C breaks what it is named for", () => {
  one("a.c", c, "condition negated", c.replace('post_id < alert_id && is(c, "ringing")', '!(post_id < alert_id && is(c, "ringing"))'));
  one("a.c", c, "check dropped", c.replace('post_id < alert_id && is(c, "ringing")', "0"));
  one("a.c", c, "statement dropped", c.replace("TRY(posts_call(c, post_id, alert_id));", ";"));
  one("a.c", c, "assignment dropped", c.replace("c->next_ms = c->now_ms + 5 * MINUTE_MS;", ";"));
  one("a.c", c, "comparison changed", c.replace("post_id < alert_id", "post_id <= alert_id"));
  one("a.c", c, "comparison changed", c.replace("!= 0 ||", "!= 0 &&"));
  one("a.c", c, "sign changed", c.replace("now_ms + 5", "now_ms - 5"));
  one("a.c", c, "role changed", c.replace("ROLE_DESK", "ROLE_COMMAND"));
  one("a.c", c, "deadline changed", c.replace("MINUTE_MS", "HOUR_MS"));
  one("a.c", c, "number changed", c.replace("5 * MINUTE_MS", "6 * MINUTE_MS"));
  one("a.c", c, "truth changed", c.replace("|| true", "|| false"));
  one("a.c", c, "code changed", c.replace('"ringing"', '"seen"'));
  one("a.c", c, "arguments swapped", c.replace("posts_call(c, post_id, alert_id)", "posts_call(c, alert_id, post_id)"));
});

await test("comments, texts for people, preprocessor lines and the ends of loops stay as they are", () => {
  for (const some of breaks("a.c", c)) {
    const broken = apply(c, some);
    for (const piece of ["/* if (never) { broken(1, 2); } */", "#define NOT_HERE 7", '"Not if (now) 5 minutes."', "i < COUNT(all)"]) holds(broken, piece, some.what);
  }
});

const sql = `-- ORDER BY what a comment says.
-- stmt due many
SELECT id, 'calm' AS state FROM alerts
 WHERE region = :region AND ended_ms IS NULL AND next_ms <= :now_ms ORDER BY next_ms DESC LIMIT 5;
-- stmt end exec write
UPDATE alerts SET state = :state, ended_ms = :ended_ms WHERE region = :region AND id = :id;
`;

await test("each operator for SQL breaks what it is named for, never the region", () => {
  one("a.sql", sql, "part of WHERE dropped", sql.replace("AND next_ms <= :now_ms", ""));
  one("a.sql", sql, "ORDER BY dropped", sql.replace("ORDER BY next_ms DESC", ""));
  one("a.sql", sql, "order changed", sql.replace("DESC", "ASC"));
  one("a.sql", sql, "null changed", sql.replace("IS NULL", "IS NOT NULL"));
  one("a.sql", sql, "comparison changed", sql.replace("<=", "<"));
  one("a.sql", sql, "column not set", sql.replace(", ended_ms = :ended_ms", ""));
  one("a.sql", sql, "code changed", sql.replace("'calm'", "'false_alarm'"));
  for (const some of breaks("a.sql", sql)) equal(apply(sql, some).split("region = :region").length, 3, "references to the region");
});

const html = `{{if v->late}}<p>{{v->left}}</p>{{end}}<h1>{{v->place}}</h1><button name="answer" value="mine">{{word "Mine"}}</button>\n`;

await test("each operator for templates breaks what it is named for", () => {
  one("a.html", html, "condition negated", html.replace("v->late", "!(v->late)"));
  one("a.html", html, "field exchanged", html.replace("{{v->left}}", "{{v->place}}"));
  one("a.html", html, "value changed", html.replace('"mine"', '"mine_"'));
  lacks(made("a.html", html, "button dropped")[0], "<button", "the broken page");
});

await test("a break is shown by the lines that differ", () => {
  const text = "one\ntwo\nthree\n", changed = lines(text, { at: 4, end: 7, put: "zwei" });
  equal(JSON.stringify(changed), JSON.stringify({ line: 2, before: ["two"], after: ["zwei"] }), "what changed");
  equal(lines(text, { at: 4, end: 8, put: "" }).line, 2, "the line of something dropped");
});
finish();
