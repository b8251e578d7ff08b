/**
 * The page to try the API at: it reads the description, lists the operations and sends what the
 * reader writes. It has no script of anybody else's and nothing inline, as the policy of content
 * asks, and puts every text into the page as text.
 */

export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The store's API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
<script src="/docs/try.js" defer></script>
</head>
<body>
<header>
<h1>The store's API</h1>
<p>Money is whole minor units, a time is milliseconds since 1970.
The description itself is <a href="/openapi.json">/openapi.json</a>.</p>
<p><label>Token <input id="token" autocomplete="off" spellcheck="false"></label>
<button id="come" type="button">Become a shopper</button></p>
</header>
<main id="operations"><p>Reading the description…</p></main>
<noscript><p>The operations are listed by a script; the description can be read without one.</p></noscript>
</body>
</html>
`;

export const DOCS_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
details { border: 1px solid; border-radius: 0.4rem; margin: 0.5rem 0; padding: 0.5rem 0.8rem; }
summary { cursor: pointer; }
code, pre, textarea, input { font-family: ui-monospace, monospace; }
label { display: block; margin: 0.4rem 0; }
textarea { width: 100%; min-height: 6rem; }
input { width: 100%; max-width: 30rem; }
button { font: inherit; padding: 0.3rem 0.9rem; }
pre { overflow-x: auto; white-space: pre-wrap; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
`;

export const DOCS_SCRIPT = `"use strict";
const token = document.getElementById("token");
const list = document.getElementById("operations");

function made(name, text) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  return element;
}

function field(label, name) {
  const row = made("label", label + " ");
  const input = made(name);
  row.append(input);
  return { row, input };
}

/** An example of what a schema asks for, to be written over. */
function example(schema) {
  if (schema === undefined) return null;
  if (schema.enum) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object") {
    const members = Object.entries(schema.properties ?? {});
    const wanted = members.filter(([name]) => (schema.required ?? []).includes(name));
    return Object.fromEntries(wanted.map(([name, of]) => [name, example(of)]));
  }
  if (type === "array") return [example(schema.items)];
  if (type === "integer" || type === "number") return schema.minimum ?? 0;
  return type === "boolean" ? false : "";
}

async function send(method, path, body, named) {
  const headers = { ...named };
  if (token.value !== "") headers.authorization = "Bearer " + token.value;
  if (body !== "") headers["content-type"] = "application/json";
  const asked = { method, headers, credentials: "omit" };
  if (body !== "") asked.body = body;
  const answer = await fetch(path, asked);
  const text = await answer.text();
  const isJson = (answer.headers.get("content-type") ?? "").includes("json") && text !== "";
  return answer.status + "\\n" + (isJson ? JSON.stringify(JSON.parse(text), null, 2) : text);
}

function drawn(path, method, operation) {
  const box = made("details");
  const head = made("summary");
  head.append(made("code", method.toUpperCase() + " " + path), " " + (operation.summary ?? ""));
  box.append(head);
  if (operation.description) box.append(made("p", operation.description));
  const inputs = (operation.parameters ?? []).map((parameter) => {
    const { row, input } = field(parameter.name + " (" + parameter.in + ")", "input");
    box.append(row);
    return { ...parameter, input };
  });
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const body = schema === undefined ? null : field("Body", "textarea");
  if (body !== null) {
    body.input.value = JSON.stringify(example(schema), null, 2);
    box.append(body.row);
  }
  const button = made("button", "Send");
  const said = made("pre");
  said.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    let to = path;
    const query = new URLSearchParams();
    const named = {};
    for (const { name, in: place, input } of inputs) {
      if (place === "path") to = to.replace("{" + name + "}", encodeURIComponent(input.value));
      else if (input.value === "") continue;
      else if (place === "header") named[name] = input.value;
      else query.set(name, input.value);
    }
    if (query.size > 0) to += "?" + query;
    try {
      said.textContent = await send(method.toUpperCase(), to, body?.input.value ?? "", named);
    } catch (failure) {
      said.textContent = String(failure);
    }
  });
  box.append(button, said);
  return box;
}

document.getElementById("come").addEventListener("click", async () => {
  const answer = await fetch("/api/shoppers", { method: "POST", credentials: "omit" });
  token.value = (await answer.json()).token ?? "";
});

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then(({ paths }) => {
    list.replaceChildren();
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (!path.endsWith("/events")) list.append(drawn(path, method, operation));
      }
    }
  })
  .catch((failure) => {
    list.textContent = "The description could not be read: " + failure;
  });
`;
