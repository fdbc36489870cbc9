// Every form of every page that a data file is shown: its address takes it, and what its controls are named and would send is what that
// address knows. Tests that write their forms themselves do not notice when a page's own button says something else.

// What the router takes of every form itself (SHOW asks to see it again, in a language or as it is, and names the address that takes it), and
// the end of the address of what waits in a browser.
const everywhere = {
  csrf: () => true,
  form_key: value => /^[\w-]*$/.test(value),
  show: value => /^(id|en)?(\/[\w/.-]*)?$/.test(value),
  tag: value => /^\w+$/.test(value),
};
const attribute = (tag, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
const named = tags => tags.filter(tag => attribute(tag, "name") !== undefined);
const tags = (html, kinds) => [...html.matchAll(new RegExp(`<(?:${kinds})\\b[^>]*>`, "g"))].map(([tag]) => tag);

// What a form sends: its own controls, and those elsewhere on the page that belong to it.
function controlsOf(form, page) {
  const id = attribute(/<form\b[^>]*>/.exec(form)[0], "id"), kinds = "input|textarea|select|button";
  const inside = named(tags(form, kinds)).filter(tag => attribute(tag, "form") === undefined);
  return [...inside, ...(id ? named(tags(page, kinds)).filter(tag => attribute(tag, "form") === id) : [])];
}

// The values that a control would send without a person typing anything.
function valuesOf(control, form) {
  const type = attribute(control, "type");
  if (control.startsWith("<select")) {
    const within = form.slice(form.indexOf(control));
    return tags(within.slice(0, within.indexOf("</select>")), "option").map(option => attribute(option, "value"));
  }
  if (control.startsWith("<button") || ["hidden", "radio", "checkbox"].includes(type)) return [attribute(control, "value")];
  return [];
}

const fits = (field, value) => {
  if (value === "" && !field.required) return true;
  if (field.kind === "code" || field.kind === "codes") return field.codes.includes(value) || (value === "" && field.kind === "code");
  if (field.kind === "id" || field.kind === "ids") return /^\d+$/.test(value);
  return field.kind !== "bool" || value === "1";
};

// Not of a form that an error shows again: it has what was sent, and so have the fields "kept." of one that waits for a password.
// ROUTES: those of coverage.mjs.
export function everyFormIsUnderstood(path, page, routes) {
  const wrong = [], nameOf = control => attribute(control, "name");
  for (const [form, opening] of page.matchAll(/(<form\b[^>]*>)[^]*?<\/form>/g)) {
    if (attribute(opening, "method") !== "post" || /^<form class="lang"| data-kept/.test(opening)) continue;
    const action = attribute(opening, "action").split(/[?#]/)[0], say = what => wrong.push(`${path}: ${opening}: ${what}`);
    const route = routes.find(one => one.method === "POST" && one.pattern.test(action));
    const controls = controlsOf(form, page).filter(control => !nameOf(control).startsWith("kept.")), names = new Set(controls.map(nameOf));
    const leadsOn = tags(form, "button").every(button => attribute(button, "formaction")); // to another address, with what it has
    if (!route) say("nobody takes it");
    for (const field of route?.fields ?? []) if (field.required && !leadsOn && !names.has(field.name)) say(`${field.name} is not in it`);
    for (const control of route ? controls : []) {
      const name = nameOf(control), field = route.fields.find(one => one.name === name);
      if (!field && !everywhere[name]) say(`nobody knows ${name}`);
      for (const value of valuesOf(control, form)) if (!(field ? fits(field, value) : everywhere[name]?.(value))) say(`${name} would be ${value}`);
    }
  }
  if (wrong.length) throw new Error(wrong.join("\n"));
}
