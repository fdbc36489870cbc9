// A page as a browser without script reads it: its forms, what stands in them, and the buttons that belong to them.
const entities = { "&#34;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&" };
export const unescaped = html => html.replace(/&(#34|#39|lt|gt|amp);/g, all => entities[all]);

const attributesOf = tag => Object.fromEntries([...tag.matchAll(/([a-z-]+)(?:="([^"]*)")?(?=[\s>])/g)].map(([, name, value]) => [name, unescaped(value ?? "")]));

// One of a form: { kind, name, value, sent }. SENT says whether it goes along when nobody touches it.
function fieldsIn(html) {
  const found = [];
  for (const [, tag, inner] of html.matchAll(/<textarea( [^>]*>)([\s\S]*?)<\/textarea>/g))
    found.push({ kind: "textarea", name: attributesOf(tag).name, value: unescaped(inner), sent: true });
  for (const [, tag, inner] of html.matchAll(/<select( [^>]*>)([\s\S]*?)<\/select>/g)) {
    const options = [...inner.matchAll(/<option( [^>]*>)/g)].map(([, one]) => attributesOf(one));
    const chosen = options.find(each => "selected" in each) ?? options[0];
    found.push({ kind: "select", name: attributesOf(tag).name, value: chosen?.value ?? "", sent: Boolean(chosen), options: options.map(each => each.value) });
  }
  for (const [, tag] of html.matchAll(/<input( [^>]*>)/g)) {
    const { type = "text", name, value = "", ...rest } = attributesOf(tag);
    const ticks = type === "checkbox" || type === "radio";
    found.push({ kind: type, name, value, sent: !ticks || "checked" in rest });
  }
  return found;
}

const takes = field => field.kind !== "hidden" && field.kind !== "password";

// Where a button that shows the page again leads, and what it says.
const showButtons = (html, found) => [...html.matchAll(/<button( [^>]*name="show"[^>]*>)/g)].map(([, tag]) => attributesOf(tag)).filter(found);

// The forms that are sent, each with its fields, its action without what is for the browser alone, and the button that shows the page again in the other language with what stands in it.
export function formsOf(page) {
  return [...page.matchAll(/<form([^>]*) method="post"([^>]*)>([\s\S]*?)<\/form>/g)].map(([, before, after, inner]) => {
    const { action, id } = attributesOf(`${before}${after}>`);
    const [show] = [...showButtons(page, each => each.form === id), ...showButtons(inner, each => !each.form)];
    return { action: unescaped(action).replace(/#.*/, ""), id, fields: fieldsIn(inner), show, takesText: fieldsIn(inner).some(takes) };
  });
}

// What a browser sends of FORM.
export const sentBy = form => form.fields.filter(each => each.sent && each.name).map(each => [each.name, each.value]);

// Presses the button that shows FORM's page in the other language.
export async function switchLanguage(who, form) {
  const body = new URLSearchParams([...sentBy(form), ["show", form.show.value]]).toString();
  return who.ask("POST", form.show.formaction, body);
}
