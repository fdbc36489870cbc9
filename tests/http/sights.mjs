// Who lists whom on the pages of posts: every person of the demo at every post, beside a table of names written down by hand.
import { people } from "../lib/people.mjs";
import { Person, equal } from "../lib/adem.mjs";

const village = { officers: ["Sari Wulandari", "Bima Pratama"], post: "Bhabinkamtibmas Kampung Rawa" };
const otherOfficers = { "Bhabinkamtibmas Johar Baru": ["Laras Hidayat"], "Bhabinkamtibmas Galur": ["Yoga Setiawan"], "Bhabinkamtibmas Tanah Tinggi": ["Intan Maharani"] };
const officers = { [village.post]: village.officers, ...otherOfficers };
const desk = ["Dimas Nugroho", "Ratih Kusuma"], polsek = [...desk, "Agung Wibisono"];
const heads = { "Sekretariat RW 07 Kampung Rawa": ["Wati Suryani"], "Sekretariat RW 08 Kampung Rawa": ["Hasan Basri"] };
const polres = ["Bayu Saputra", "Nadia Permata"];

// Officers and the 110 desk: who is on duty beside and above them. The Polsek: its own posts, and duty at the 110 desk. The head of
// an RW: duty where the post is for his RW. Press and mediators: their own post.
const listed = {
  "Sari Wulandari": { ...officers, "Polsek Johar Baru": desk },
  "Laras Hidayat": { ...officers, "Polsek Johar Baru": desk },
  "Dimas Nugroho": { ...officers, ...heads, "Polsek Johar Baru": polsek, "Call Center 110": ["Citra Anggraini"] },
  "Agung Wibisono": { ...officers, ...heads, "Polsek Johar Baru": polsek, "Call Center 110": ["Citra Anggraini"] },
  "Citra Anggraini": { "Polsek Johar Baru": desk, "Call Center 110": ["Citra Anggraini"] },
  "Bayu Saputra": { ...officers, ...heads, "Polsek Johar Baru": polsek, "Call Center 110": ["Citra Anggraini"], "Polres Metro Jakarta Pusat": polres, "FKPM Kampung Rawa": ["Mulyadi Arifin"] },
  "Nadia Permata": { "Polres Metro Jakarta Pusat": polres },
  "Hasan Basri": { [village.post]: village.officers, "Polsek Johar Baru": desk, "Sekretariat RW 08 Kampung Rawa": ["Hasan Basri"] },
  "Mulyadi Arifin": { "FKPM Kampung Rawa": ["Mulyadi Arifin"] },
};
// Hasan Basri with other roles at his RW: a figure of the neighbourhood, a resident.
const withRoles = [[4, { "Sekretariat RW 08 Kampung Rawa": ["Hasan Basri"] }], [1, {}]];

const namesOn = text => {
  const main = text.slice(text.indexOf("<main"), text.indexOf("</main>"));
  return [...people.keys()].filter(name => main.includes(name)).sort().join(", ");
};

async function looks(adem, person, wanted, as) {
  for (const line of adem.sql("SELECT id, name FROM posts").trim().split("\n")) {
    const [id, name] = line.split("|");
    const answer = await person.get(`/posts/${id}`);
    equal(answer.status, 200, `${as} at ${name}`);
    equal(namesOn(answer.text), [...(wanted[name] ?? [])].sort().join(", "), `whom ${as} finds at ${name}`);
  }
}

export async function whoListsWhom(adem) {
  for (const [name, wanted] of Object.entries(listed)) {
    const person = new Person(adem, name);
    await person.signIn();
    await looks(adem, person, wanted, name);
  }
  for (const [roles, wanted] of withRoles) {
    adem.sql(`UPDATE memberships SET roles = ${roles} WHERE account_id = (SELECT id FROM accounts WHERE name = 'Hasan Basri')`);
    const person = new Person(adem, "Hasan Basri");
    await person.signIn();
    await looks(adem, person, wanted, `Hasan Basri with the roles ${roles}`);
  }
}
