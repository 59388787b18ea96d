"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const make = (name, props, ...children) => {
    const element = Object.assign(document.createElement(name), props || {});
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  };
  const sheet = JSON.parse(byId("data").textContent);
  const { items, choices } = sheet;
  const coding = sheet.kind === "codes";
  const KEYS = [..."123456789abcdefghijkloprstvwxyz"]; // n, u, m and q do something else
  const ROOT = `toolkit-sheet:${sheet.id}:`;
  const EMPTY = { picked: [], none: false, unsure: false, memo: "" };

  let coder = "", kind = "person", at = 0, answers = {}, dirty = false, keep = true, shortcuts = true;
  const undos = [];

  // ---- progress, kept in this browser under the sheet's id and the coder's name
  const stored = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(ROOT + key);
      localStorage.setItem(ROOT + key, value);
    } catch { keep = false; }
    return null;
  };
  const read = (name) => {
    try { return JSON.parse(stored(`of:${name}`)) || null; } catch { return null; }
  };
  const write = () => {
    stored(`of:${coder}`, JSON.stringify({ at, answers, dirty, kind }));
    stored("last", coder);
    byId("kept").hidden = keep;
  };
  const answer = (item) => answers[item.id] || EMPTY;
  const closed = (item) => answer(item).none || answer(item).picked.length > 0;
  const count = () => items.filter(closed).length;

  const change = (make_new) => {
    const item = items[at], before = answer(item);
    undos.push([at, before]);
    if (undos.length > 500) undos.shift();
    answers[item.id] = { ...before, ...make_new(before) };
    dirty = true;
    write();
    show(false);
  };
  const undo = () => {
    const last = undos.pop();
    if (!last) return say("Nothing to undo");
    at = last[0];
    answers[items[at].id] = last[1];
    dirty = true;
    write();
    show(true);
    say("Undone");
  };
  const pick = (place) => change((old) => {
    const id = optionsOf(items[at])[place].id;
    if (!coding) return { picked: old.picked[0] === id ? [] : [id], none: false };
    const picked = new Set(old.picked);
    if (!picked.delete(id)) picked.add(id);
    return { picked: choices.map((one) => one.id).filter((one) => picked.has(one)), none: false };
  });
  const none = () => change((old) => ({ picked: [], none: !old.none }));
  const go = (to) => {
    if (to >= items.length) return finish();
    at = Math.max(0, to);
    write();
    show(true);
  };
  const next = () => {
    const open = !closed(items[at]);
    go(at + 1);
    if (open && !byId("work").hidden) say(`Left open: nothing was chosen. Press 0 for ${coding ? "none of the codes" : "cannot tell"}.`);
  };
  const finish = () => {
    swap("done");
    const left = items.map((item, place) => [item, place]).filter(([item]) => !closed(item));
    byId("done-h").textContent = left.length ? `${left.length} still open` : "All done. Thank you.";
    byId("done-p").textContent = `${count()} of ${items.length} answered` + (left.length ? "." : " – save your answers now.");
    byId("to-open").hidden = !left.length;
    byId("to-open").onclick = () => { swap("work"); go(left[0][1]); };
    byId("done-h").focus();
    progress();
  };

  // ---- what is shown
  const optionsOf = (item) => coding ? choices : item.options.map((text, place) => ({ id: String(place + 1), name: text }));
  const swap = (name) => {
    for (const part of ["start", "work", "done"]) byId(part).hidden = part !== name;
    byId("tools").hidden = byId("progress").hidden = name === "start";
  };
  const say = (text) => { byId("said").textContent = text; };
  const listed = (head, texts) => texts && texts.length
    ? [make("dt", { textContent: head }), make("dd", {}, ...texts.map((text) => make("p", { dir: "auto", textContent: text })))] : [];
  const rules = (one) => {
    const parts = [
      ...listed("Give it when", one.include), ...listed("Do not when", one.exclude), ...listed("Words", one.keywords && one.keywords.length ? [one.keywords.join(", ")] : []),
      ...listed("Examples", one.examples), ...listed("Not examples", one.counterexamples),
    ];
    return parts.length ? make("details", {}, make("summary", {}, "Rules and examples", make("span", { className: "unseen", textContent: ` of ${one.name}` })), make("dl", {}, ...parts)) : "";
  };
  const option = (one, place) => {
    const box = make("input", { type: coding ? "checkbox" : "radio", name: "choice", id: `c${place}` });
    box.addEventListener("change", () => pick(place));
    const key = KEYS[place] && place < KEYS.length ? make("kbd", { textContent: KEYS[place], ariaHidden: "true" }) : make("kbd", { className: "blank", ariaHidden: "true" });
    const words = make("span", { className: "words" }, make("b", { dir: "auto", textContent: one.name }));
    if (one.definition) words.append(make("span", { className: "def", dir: "auto", textContent: one.definition }));
    const label = make("label", { className: "choice", htmlFor: box.id }, box, key, words);
    const above = one.parent && choices.find((other) => other.id === one.parent);
    if (above) words.append(make("span", { className: "def", dir: "auto", textContent: `Part of: ${above.name}` }));
    return make("li", {}, label, rules(one));
  };
  let drawn = null;
  const draw = (item) => {
    if (drawn === (coding ? "all" : item.id)) return;
    drawn = coding ? "all" : item.id;
    byId("options").replaceChildren(...optionsOf(item).map(option));
  };
  const show = (moved) => {
    const item = items[at], mine = answer(item);
    swap("work");
    draw(item);
    byId("number").textContent = `${at + 1} of ${items.length}`;
    byId("place").textContent = (item.place || []).join(" · ");
    byId("text").textContent = item.text || "";
    byId("text").hidden = !item.text;
    [...byId("options").querySelectorAll("input")].forEach((box, place) => {
      box.checked = mine.picked.includes(optionsOf(item)[place].id);
    });
    byId("none").setAttribute("aria-pressed", String(mine.none));
    byId("unsure").checked = mine.unsure;
    if (byId("memo").value !== mine.memo) byId("memo").value = mine.memo;
    byId("back").disabled = at === 0;
    progress();
    if (moved) {
      say(closed(item) ? "Answered before; change it or go on." : "");
      byId("item").focus({ preventScroll: true });
      scrollTo(0, 0);
      byId("item").scrollTop = 0;
    }
  };
  const progress = () => {
    const done = count();
    byId("count").textContent = `${done} of ${items.length} answered`;
    byId("meter").value = done;
    byId("who").textContent = coder;
    byId("dirty").hidden = !dirty;
  };
  const overview = () => {
    byId("cells").replaceChildren(...items.map((item, place) => {
      const state = closed(item) ? (answer(item).none ? "none" : "coded") : "open";
      const said = `${place + 1}: ${state}${answer(item).unsure ? ", unsure" : ""}`;
      const cell = make("button", { type: "button", className: `cell ${state}${answer(item).unsure ? " unsure" : ""}`, textContent: String(place + 1), title: said });
      cell.setAttribute("aria-label", said);
      if (place === at) cell.setAttribute("aria-current", "true");
      cell.onclick = () => { byId("overview").close(); go(place); };
      return make("li", {}, cell);
    }));
    byId("overview").showModal();
  };

  // ---- answers out and in
  const row = (item) => {
    const mine = answer(item);
    const shared = { coder, kind, unsure: mine.unsure ? "yes" : "", memo: mine.memo, sheet: sheet.id };
    if (!coding) return { item: item.id, chosen: closed(item) ? mine.picked.join("") : "?", ...shared, option: mine.picked.length ? item.options[mine.picked[0] - 1] : "" };
    return { paragraph_id: item.id, code: closed(item) ? mine.picked.join(";") : "?", ...shared, text: item.text };
  };
  const rows = () => items.filter((item) => closed(item) || answer(item).memo || answer(item).unsure).map(row);
  // Cells that a spreadsheet would run get an apostrophe, by the rule of toolkit/files/cells.py.
  const REACHING = "call|cell|dde|encodeurl|exec|filterxml|hyperlink|image|importdata|importfeed|importhtml|importrange|importxml|indirect|info|register|register\\.id|rtd|sql\\.request|webservice";
  const FORMULA = new RegExp(`^\\s*(?:[=＝]\\s*\\S|[-+@＋－＠].*?(?:[\\p{L}_][\\p{L}\\p{N}_.]*\\(|(?<![\\p{L}\\p{N}_])(?:${REACHING})\\s+\\(|\\|.*?!))`, "isu");
  const runs = (value) => FORMULA.test(value.replace(/^'+/, ""));
  const plain = (value) => value.startsWith("'") && runs(value) ? value.slice(1) : value;
  const cell = (value) => {
    const text = runs(value) ? `'${value}` : value;
    return /[",\n\r;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const csv = () => {
    const names = Object.keys(row(items[0]));
    return `\ufeff${[names, ...rows().map((one) => names.map((name) => cell(one[name])))].map((line) => line.join(",")).join("\n")}\n`;
  };
  const jsonl = () => rows().map((one) => `${JSON.stringify(one)}\n`).join("");
  const save = (ending) => {
    const name = `answers-${coder.replace(/[^\p{L}\p{N}_-]+/gu, "_") || "coder"}.${ending}`;
    const url = URL.createObjectURL(new Blob([ending === "csv" ? csv() : jsonl()], { type: "application/octet-stream" }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    dirty = false;
    write();
    progress();
    byId("saved").textContent = `${name} with ${rows().length} rows went to your downloads.`;
  };
  const table = (text) => {
    const lines = [[""]];
    let quoted = false;
    for (let i = 0; i < text.length; i += 1) {
      const sign = text[i], line = lines[lines.length - 1];
      if (quoted && sign === '"' && text[i + 1] === '"') { line[line.length - 1] += '"'; i += 1; }
      else if (sign === '"') quoted = !quoted;
      else if (!quoted && sign === ",") line.push("");
      else if (!quoted && sign === "\n") lines.push([""]);
      else if (quoted || sign !== "\r") line[line.length - 1] += sign;
    }
    const [heads, ...rest] = lines;
    return rest.filter((line) => line.length > 1).map((line) => Object.fromEntries(heads.map((head, i) => [head, plain(line[i] || "")])));
  };
  const load = (name, content) => {
    const text = content.replace(/^\ufeff/, "");
    let given;
    try {
      given = /\.jsonl$/i.test(name) ? text.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line)) : table(text);
    } catch { given = []; }
    given = given.filter((one) => one && typeof one === "object" && (one.sheet || sheet.id) === sheet.id);
    const known = new Map(items.map((item) => [item.id, item]));
    const fits = given.filter((one) => known.has(one[coding ? "paragraph_id" : "item"]));
    const names = [...new Set(fits.map((one) => String(one.coder || "")))];
    if (!fits.length || names.length !== 1 || !names[0]) return say_start(`${name}: no answers of one coder to this sheet in it.`);
    const kinds = [...new Set(fits.map((one) => String(one.kind || "").trim().toLowerCase()))];
    byId("kind").value = kinds.includes("machine") ? "machine" : "person";
    enter(names[0], false);
    for (const one of fits) {
      const item = known.get(one[coding ? "paragraph_id" : "item"]);
      const value = String((coding ? one.code : one.chosen) ?? "");
      const allowed = new Set(optionsOf(item).map((each) => each.id));
      const picked = value.split(";").filter((each) => allowed.has(each));
      answers[item.id] = { picked, none: value !== "?" && !picked.length, unsure: one.unsure === "yes", memo: String(one.memo || "") };
    }
    const open = items.findIndex((item) => !closed(item));
    go(open < 0 ? 0 : open);
    say(`${fits.length} answers of ${coder} loaded.`);
  };
  const say_start = (text) => { byId("problem").textContent = text; byId("load-said").textContent = text; };

  // ---- start
  const enter = (name, showing = true) => {
    coder = name.trim().slice(0, 60);
    const before = read(coder);
    kind = byId("kind").value;
    answers = before ? before.answers : {};
    at = before ? Math.min(before.at, items.length - 1) : 0;
    dirty = before ? Boolean(before.dirty) : false;
    undos.length = 0;
    write();
    if (showing) { show(true); if (before) say(`Going on where you stopped, ${count()} of ${items.length} answered.`); }
  };
  byId("enter").addEventListener("submit", (event) => {
    event.preventDefault();
    if (byId("coder").value.trim()) enter(byId("coder").value);
    else say_start("Please give a name or initials first.");
  });
  const greet = () => {
    const last = stored("last");
    const before = last && read(last);
    if (!before) return;
    byId("coder").value = last;
    byId("kind").value = before.kind || "person";
    const done = items.filter((item) => { const own = before.answers[item.id]; return own && (own.none || own.picked.length); }).length;
    byId("resume").textContent = `This browser has ${done} of ${items.length} answers by ${last}. Press Enter to go on.`;
  };

  // ---- mouse and keys
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("next", "click", next);
  on("back", "click", () => go(at - 1));
  on("none", "click", none);
  on("undo", "click", undo);
  on("unsure", "change", () => change((old) => ({ unsure: !old.unsure })));
  on("memo", "change", (event) => change(() => ({ memo: event.target.value })));
  on("to-save", "click", () => byId("saving").showModal());
  on("done-save", "click", () => byId("saving").showModal());
  on("to-overview", "click", overview);
  on("done-overview", "click", overview);
  on("to-help", "click", () => byId("help").showModal());
  on("save-csv", "click", () => save("csv"));
  on("save-jsonl", "click", () => save("jsonl"));
  on("keys-on", "change", (event) => { shortcuts = event.target.checked; });
  for (const id of ["load", "load-later"]) {
    on(id, "change", async (event) => {
      const [file] = event.target.files;
      if (!file) return;
      const content = await file.text();
      event.target.value = "";
      if (byId("saving").open) byId("saving").close();
      load(file.name, content);
    });
  }
  const ACTS = {
    0: none, n: none, Enter: next, ArrowRight: next, ArrowLeft: () => go(at - 1), u: undo, m: () => byId("memo").focus(),
    q: () => change((old) => ({ unsure: !old.unsure })), "/": () => byId("help").showModal(), "?": () => byId("help").showModal(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || byId("work").hidden || document.querySelector("dialog[open]")) return;
    const target = event.target;
    if (target.id === "memo") {
      if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) { event.preventDefault(); byId("item").focus(); }
      return;
    }
    if (event.key === "Enter" && /^(BUTTON|SUMMARY|A)$/.test(target.tagName)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!shortcuts && key.length === 1) return;
    const place = KEYS.indexOf(key);
    const act = ACTS[key] || (place >= 0 && place < optionsOf(items[at]).length ? () => pick(place) : null);
    if (!act) return;
    event.preventDefault();
    act();
  });
  byId("meter").max = items.length;
  swap("start");
  greet();
  byId("coder").focus();
})();
