// The people of the demo region and their roles, as src/app/demo_data.c has them; tests/http compares with "adem demo".
export const people = new Map([
  ["Sari Wulandari", { post: "Bhabinkamtibmas Kampung Rawa", roles: ["officer"] }],
  ["Bima Pratama", { post: "Bhabinkamtibmas Kampung Rawa", roles: ["officer"] }],
  ["Laras Hidayat", { post: "Bhabinkamtibmas Johar Baru", roles: ["officer"] }],
  ["Yoga Setiawan", { post: "Bhabinkamtibmas Galur", roles: ["officer"] }],
  ["Intan Maharani", { post: "Bhabinkamtibmas Tanah Tinggi", roles: ["officer"] }],
  ["Dimas Nugroho", { post: "Polsek Johar Baru", roles: ["desk"] }],
  ["Ratih Kusuma", { post: "Polsek Johar Baru", roles: ["desk"] }],
  ["Agung Wibisono", { post: "Polsek Johar Baru", roles: ["command"] }],
  ["Citra Anggraini", { post: "Call Center 110", roles: ["desk"] }],
  ["Bayu Saputra", { post: "Polres Metro Jakarta Pusat", roles: ["command", "admin"] }],
  ["Nadia Permata", { post: "Polres Metro Jakarta Pusat", roles: ["press"] }],
  ["Hasan Basri", { post: "Sekretariat RW 08 Kampung Rawa", roles: ["head"] }],
  ["Wati Suryani", { post: "Sekretariat RW 07 Kampung Rawa", roles: ["head"] }],
  ["Mulyadi Arifin", { post: "FKPM Kampung Rawa", roles: ["mediator"] }],
]);
