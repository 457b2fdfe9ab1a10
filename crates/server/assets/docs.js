// Shows /api/openapi.json as a page. Text is only ever set as text: nothing of the document is taken as markup.
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

// `code` and paragraphs are all the Markdown that descriptions use.
const prose = (text) => {
  const box = document.createDocumentFragment();
  for (const paragraph of (text || "").split(/\n\s*\n/)) {
    const line = make("p");
    paragraph.split(/(`[^`]*`|\*\*[^*]*\*\*)/).forEach((part) => {
      if (part.startsWith("`")) line.append(make("code", {}, part.slice(1, -1)));
      else if (part.startsWith("**")) line.append(make("strong", {}, part.slice(2, -2)));
      else line.append(part);
    });
    if (line.textContent.trim()) box.append(line);
  }
  return box;
};

const follow = (api, schema) => {
  const name = schema && schema.$ref && schema.$ref.split("/").pop();
  return name ? { name, schema: api.components.schemas[name] || {} } : { name: "", schema: schema || {} };
};

const typeName = (api, schema) => {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const either = schema.oneOf || schema.anyOf;
  if (either) return either.map((part) => typeName(api, part)).join(" or ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const types = [].concat(schema.type || "any");
  return types.map((type) => (type === "array" ? `list of ${typeName(api, schema.items)}` : schema.format ? `${type} (${schema.format})` : type)).join(" or ");
};

const example = (api, schema, depth = 0) => {
  const { schema: is } = follow(api, schema);
  if (depth > 6) return null;
  if (is.example !== undefined) return is.example;
  if (is.examples && is.examples.length) return is.examples[0];
  if (is.enum) return is.enum[0];
  const either = is.oneOf || is.anyOf;
  if (either) return example(api, either.find((part) => part.type !== "null") || either[0], depth + 1);
  const type = [].concat(is.type || "object")[0];
  if (type === "object") return Object.fromEntries(Object.entries(is.properties || {}).map(([name, part]) => [name, example(api, part, depth + 1)]));
  if (type === "array") return [example(api, is.items, depth + 1)];
  if (type === "integer" || type === "number") return is.minimum ?? 1;
  if (type === "boolean") return true;
  const byFormat = { uuid: "0192f3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6", date: "2026-01-31", "date-time": "2026-01-31T09:30:00Z" };
  return byFormat[is.format] ?? "text";
};

const table = (heads, rows, label) => {
  const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
  const body = rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell))));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
};

const fields = (api, schema, label) => {
  const { name, schema: is } = follow(api, schema);
  if (!is.properties) return make("p", {}, make("code", {}, name || typeName(api, is)));
  const required = new Set(is.required || []);
  const rows = Object.entries(is.properties).map(([field, part]) => [
    make("code", {}, field),
    make("span", {}, typeName(api, part), required.has(field) ? make("span", { class: "need" }, " required") : ""),
    prose(part.description || follow(api, part).schema.description),
  ]);
  return table(["Field", "Type", "Meaning"], rows, label);
};

const json = (value) => make("pre", { tabindex: "0" }, JSON.stringify(value, null, 2));

const show = (api, path, verb, operation) => {
  const box = make("section", { id: operation.operationId });
  box.append(make("h3", {}, operation.summary));
  box.append(make("p", { class: "address" }, make("span", { class: `verb ${verb}` }, verb.toUpperCase()), make("code", {}, path)));
  box.append(prose(operation.description.split("\n").slice(1).join("\n")));
  if (operation.parameters.length) {
    const rows = operation.parameters.map((one) => [
      make("code", {}, one.name),
      `${one.in}${one.required ? ", required" : ""}`,
      typeName(api, one.schema),
      prose(one.description),
    ]);
    box.append(make("h4", {}, "Parameters"), table(["Name", "Where", "Type", "Meaning"], rows, `Parameters of ${operation.summary}`));
  }
  for (const [media, content] of Object.entries(operation.requestBody?.content || {})) {
    box.append(make("h4", {}, `Body · ${media}`));
    if (content.schema?.$ref) {
      box.append(fields(api, content.schema, `Body of ${operation.summary}`));
      box.append(make("details", {}, make("summary", {}, "Example"), json(example(api, content.schema))));
    }
  }
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (status >= "400") continue;
    const [media, content] = Object.entries(answer.content || {})[0] || ["no content", {}];
    box.append(make("h4", {}, `Answer ${status} · ${media}`));
    if (content.schema?.$ref) {
      box.append(fields(api, content.schema, `Answer of ${operation.summary}`));
      box.append(make("details", {}, make("summary", {}, "Example"), json(example(api, content.schema))));
    }
  }
  const wrong = Object.entries(operation.responses).filter(([status]) => status >= "400");
  const rows = wrong.flatMap(([status, answer]) =>
    Object.entries(answer.content["application/problem+json"].examples).map(([code, one]) => [
      status,
      make("a", { href: `/docs/problems#${code}` }, code),
      one.summary,
    ]),
  );
  box.append(make("details", {}, make("summary", {}, `Problems (${rows.length})`), table(["Status", "Code", "Title"], rows, `Problems of ${operation.summary}`)));
  return box;
};

const start = async () => {
  const state = document.getElementById("state");
  let api;
  try {
    const answer = await fetch("/api/openapi.json");
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    api = await answer.json();
  } catch (error) {
    state.textContent = `The description could not be loaded (${error.message}). Reload the page to try again.`;
    return;
  }
  const main = document.getElementById("content");
  const list = document.getElementById("list");
  main.replaceChildren(make("h1", {}, `${api.info.title} API ${api.info.version}`), prose(api.info.description));
  for (const tag of api.tags) {
    const entries = Object.entries(api.paths).flatMap(([path, verbs]) =>
      Object.entries(verbs).filter(([, one]) => one.tags[0] === tag.name).map(([verb, one]) => ({ path, verb, one })),
    );
    main.append(make("h2", { id: `tag-${tag.name}` }, tag.description), ...entries.map(({ path, verb, one }) => show(api, path, verb, one)));
    const items = entries.map(({ path, verb, one }) =>
      make("li", { "data-words": `${path} ${verb} ${one.operationId} ${one.summary}`.toLowerCase() },
        make("a", { href: `#${one.operationId}` }, make("span", { class: `verb ${verb}` }, verb.toUpperCase()), one.summary)),
    );
    list.append(make("div", {}, make("h2", {}, tag.name), make("ul", {}, ...items)));
  }
  document.getElementById("filter").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of list.querySelectorAll("li")) item.hidden = !words.every((word) => item.dataset.words.includes(word));
    for (const group of list.children) group.hidden = ![...group.querySelectorAll("li")].some((item) => !item.hidden);
  });
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
};

start();
