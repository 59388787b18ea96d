(() => {
  const byId = (id) => document.getElementById(id);
  const run = JSON.parse(byId("data").textContent);
  const log = decisionsOf(run);
  const parts = partsOf(run, log), { make, count, near, pick } = parts;
  const past = run.past.map((one) => one.line);
  const ROOT = `toolkit-curate:${run.id}`;

  // acts: [{lines: […]}] for what was decided here, [{taken: n}] for a line of the run's log that was taken back
  let who = "", acts = [], undone = [], refused = [], dirty = false, keep = true, shortcuts = true;
  let view = { kind: "theme", a: run.themes[0].key }, place = 0, state = null, whyOf = null, replacing = "";

  const taken = () => new Set(acts.filter((act) => "taken" in act).map((act) => act.taken));
  const lines = () => acts.flatMap((act) => act.lines || []);
  const sorted = () => log.sorted(past, taken(), lines());
  const current = () => log.find(state, view.a);

  // ---- progress, kept in this browser under the run's id
  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(ROOT);
      localStorage.setItem(ROOT, value);
    } catch { keep = false; }
    return null;
  };
  const before = () => { try { return JSON.parse(stored()) || null; } catch { return null; } };
  const store = () => {
    stored(JSON.stringify({ who, acts, undone, refused, dirty, view }));
    byId("kept").hidden = keep;
  };

  // ---- acts
  const say = (text) => { byId("said").textContent = text; };
  const refresh = () => { state = log.replay(sorted().made); };
  const act = (one, text, to) => {
    acts.push(one);
    undone = [];
    dirty = true;
    whyOf = one.lines ? one : null;
    refresh();
    go(to || view, text);
  };
  const stamp = (line) => ({ ...line, who, when: new Date().toISOString().replace(/\.\d+Z$/, "Z"), why: "" });
  const undo = () => {
    const last = acts.pop();
    if (!last) return say("Nothing to undo.");
    undone.push(last);
    dirty = true;
    whyOf = null;
    refresh();
    const first = last.lines && last.lines[0];
    const key = first && (first.theme || (first.themes && first.themes[0]));
    go(key && log.find(state, key) ? { kind: "theme", a: key } : view, `Undone: ${told(last)}. Shift U does it again.`);
  };
  const redo = () => {
    const last = undone.pop();
    if (!last) return say("Nothing to do again.");
    acts.push(last);
    dirty = true;
    refresh();
    go(view, `Done again: ${told(last)}.`);
  };
  const DONE = { rename: "rename", merge: "merge", split: "split", drop: "drop", move: "move", note: "note" };
  const told = (one) => one.lines ? DONE[one.lines[0].do] : `line ${one.taken + 1} taken back`;
  const used = () => new Set([...Object.keys(run.log.themes), ...[...past, ...lines()].flatMap(log.made)]);
  const nameless = (name, mine) => {
    const other = state.themes.find((one) => !mine.includes(one) && one.label.toLowerCase() === name.toLowerCase());
    if (other) say(`Another theme is called ${name} already: merge the two (m), or choose another name.`);
    return Boolean(other);
  };

  const rename = () => {
    const theme = current(), name = log.nameOf(byId("name").value);
    if (!name || name === theme.named) return leave();
    if (nameless(name, [theme])) return;
    const last = acts[acts.length - 1];
    if (last && last.lines && last.lines.length === 1 && last.lines[0].do === "rename" && last.lines[0].theme === theme.key) acts.pop();
    act({ lines: [stamp({ do: "rename", theme: theme.key, to: name })] }, `Named ${name}.`);
  };
  const merge = () => {
    const both = [view.a, view.b].map((key) => log.find(state, key));
    const name = log.nameOf(byId("united").value);
    if (name && nameless(name, both)) return;
    const as = log.fresh("m", used());
    const line = { do: "merge", themes: both.map((one) => one.key), ...(name ? { to: name } : {}), as };
    act({ lines: [stamp(line)] }, `Merged: ${name || both.map((one) => one.label).join(" + ")}, ${count(both[0].n + both[1].n)}.`, { kind: "theme", a: as });
  };
  const split = () => {
    const theme = current(), halves = run.halves[theme.key];
    const names = [0, 1].map((half) => log.nameOf(byId(`part${half}`).value));
    if (names[0] && names[0].toLowerCase() === names[1].toLowerCase()) return say("Both halves have the same name.");
    if (names.some((name) => name && nameless(name, [theme]))) return;
    const stem = log.fresh("s", used()), as = [`${stem}a`, `${stem}b`];
    const first = { do: "split", theme: theme.key, into: 2, as, parts: halves.parts };
    const rest = names.map((name, half) => name ? { do: "rename", theme: as[half], to: name } : null).filter(Boolean);
    act({ lines: [first, ...rest].map(stamp) }, `Split into ${halves.n[0]} and ${halves.n[1]} paragraphs.`, { kind: "theme", a: as[0] });
  };
  const drop = () => {
    const theme = current();
    if (theme.key === log.NONE) return say("These paragraphs have no theme already.");
    if (state.themes.length < 2) return say("The last theme cannot be dropped.");
    act({ lines: [stamp({ do: "drop", theme: theme.key })] }, `Dropped ${theme.label}: ${count(theme.n)} without a theme then. Press u to undo.`);
  };
  const move = (at, key) => {
    const to = log.find(state, key);
    if (current().n < 2 && view.a !== log.NONE) return say("It is the last paragraph of its theme: merge or drop the theme instead.");
    act({ lines: [stamp({ do: "move", paragraphs: [run.paragraphs[at].digest], to: to.key })] }, `Moved to ${to.label}.`);
  };
  const note = () => {
    const text = log.lines(byId("note").value);
    if (!text) return leave();
    byId("note").value = "";
    act({ lines: [stamp({ do: "note", theme: current().key, text })] }, "Note kept.");
  };
  const why = () => {
    if (!whyOf) return;
    const text = log.oneLine(byId("why").value);
    if (whyOf.lines[0].why === text) return;
    for (const line of whyOf.lines) line.why = text;
    dirty = true;
    store();
    progress();
    say("Reason kept.");
  };
  const take = (at) => {
    const was = acts.findIndex((one) => one.taken === at);
    if (was >= 0) { acts.splice(was, 1); dirty = true; refresh(); go(view, `Line ${at + 1} stays.`); }
    else act({ taken: at }, `Line ${at + 1} is taken back: save the log and run again to see the themes without it.`);
  };
  const refuse = () => {
    const id = view.kind === "pair" ? [view.a, view.b].sort().join(" ") : view.a;
    if (!refused.includes(id)) refused.push(id);
    next("Turned down.");
  };

  // ---- where one is
  const alive = (one) => one && log.find(state, one.a) && (one.kind !== "pair" || log.find(state, one.b));
  const go = (to, text = "") => {
    const beside = list()[Math.min(place, list().length - 1)];
    view = alive(to) ? { ...to } : { kind: "theme", a: beside.key };
    view.a = log.find(state, view.a).key;
    if (view.kind === "pair") view.b = log.find(state, view.b).key;
    if (view.kind === "pair" && view.a === view.b || view.kind === "halves" && !divisible(current())) view.kind = "theme";
    place = list().indexOf(current());
    store();
    show();
    say(text);
    byId("work").classList.add("open");
    leave();
    scrollTo(0, 0);
  };
  const leave = () => byId(`${view.kind}-h`).focus({ preventScroll: true });
  const list = () => [...state.themes, ...(state.none.n ? [state.none] : [])];
  const step = (by) => {
    const all = list(), at = all.indexOf(current());
    go({ kind: "theme", a: all[Math.min(all.length - 1, Math.max(0, at + by))].key });
  };
  const next = (text = "") => {
    const all = log.suggestions(state, refused);
    const at = all.findIndex((one) => one.kind === view.kind && one.a === view.a && one.b === view.b);
    if (!all.length) go({ kind: "theme", a: view.a }, `${text} No suggestion is open.`.trim());
    else go(all[(at + 1) % all.length], text);
  };
  const divisible = (theme) => theme.whole && run.halves[theme.key];
  const undivided = (theme) => theme.key === log.NONE ? "These paragraphs have no theme: there is nothing to split."
    : run.reason ? run.reason
      : theme.whole ? "It has too few paragraphs to be split." : "It was changed here: its halves are known after the next run.";
  const toSplit = () => divisible(current()) ? go({ kind: "halves", a: view.a }) : say(undivided(current()));
  const toMerge = () => {
    if (view.a === log.NONE) return say("These paragraphs have no theme: move them one by one.");
    pick(`Merge “${current().label}” with`, "", log.nearest(state, current()).map((one) => [one.other, near(current(), one)]), (key) => {
      go({ kind: "pair", a: view.a, b: key });
      byId("united").focus();
    });
  };
  const toMove = (at) => {
    const home = current();
    const others = home.key === log.NONE ? state.themes.map((one) => [one, count(one.n)]) : [...log.nearest(state, home).map((one) => [one.other, near(home, one)]), [state.none, ""]];
    pick("Move this paragraph to", run.paragraphs[at].text, others, (key) => move(at, key));
  };

  // ---- what is shown
  const page = {
    get state() { return state; }, get view() { return view; }, get refused() { return refused; },
    current, list, go: (to) => go(to), toMove: (at) => toMove(at),
  };
  const { shownQuotes, showTheme, showPair, showHalves, showSide } = viewsOf(run, log, parts, page);
  const progress = () => {
    const named = state.themes.filter((one) => one.named).length, kept = sorted();
    byId("count").textContent = `${named} of ${state.themes.length} named`;
    byId("meter").max = Math.max(state.themes.length, 1);
    byId("meter").value = named;
    byId("who").textContent = who;
    byId("lines").textContent = String(kept.past.length + kept.made.length);
    byId("dirty").hidden = !dirty;
    byId("to-undo").disabled = !acts.length;
  };
  const show = () => {
    swap("work");
    for (const kind of ["theme", "pair", "halves"]) byId(kind).hidden = kind !== view.kind;
    ({ theme: showTheme, pair: showPair, halves: showHalves })[view.kind]();
    for (const button of byId("acts").querySelectorAll("[data-in]")) button.hidden = !button.dataset.in.split(" ").includes(view.kind) || view.a === log.NONE;
    byId("do-split").disabled = view.a !== log.NONE && !divisible(current());
    const open = log.suggestions(state, refused).filter((one) => !(one.kind === view.kind && one.a === view.a && one.b === view.b));
    byId("do-next").hidden = !open.length;
    byId("why-part").hidden = !whyOf;
    byId("why").value = whyOf ? whyOf.lines[0].why : "";
    showSide();
    progress();
  };
  const swap = (name) => {
    byId("start").hidden = name !== "start";
    byId("work").hidden = byId("tools").hidden = byId("progress").hidden = name === "start";
  };

  // ---- the log, and the file
  const open = (name) => {
    byId(name).showModal();
    byId(name).querySelector("form[method=dialog] button").focus();
  };
  const CALLED = { rename: "Named", merge: "Merged", split: "Split", drop: "Dropped", move: "Moved", note: "Note on" };
  const label = (key) => {
    const one = run.log.themes[key] || run.themes.find((theme) => theme.key === key) || log.find(state, key);
    return one && one.label ? one.label : key;
  };
  const inWords = (line) => {
    const to = line.do === "move" ? (line.to === log.NONE ? "no theme" : label(line.to)) : line.to;
    const what = line.do === "move" ? `${line.paragraphs.length} paragraph${line.paragraphs.length === 1 ? "" : "s"}` : (line.themes || [line.theme]).map(label).join(" + ");
    return `${CALLED[line.do]} ${what}${to && to !== what ? ` → ${to}` : ""}${line.text ? `: ${line.text}` : ""}`;
  };
  const row = (line, extra, button) => make("li", {}, make("p", { dir: "auto", textContent: inWords(line) }),
    make("p", { className: "small", dir: "auto", textContent: [line.who, line.when.slice(0, 10), line.why, extra].filter(Boolean).join(" · ") }), button || "");
  const showLog = () => {
    const back = taken(), { lost } = sorted();
    const old = run.past.map(({ line, outcome, reason }, at) => {
      const rests = lost.has(line) ? "left out: it rests on a line that was taken back" : "";
      const button = make("button", { type: "button", textContent: back.has(at) ? "Keep it" : "Take back" });
      button.onclick = () => { take(at); showLog(); };
      const item = row(line, back.has(at) ? "taken back: run again to see the themes without it" : rests || [outcome, reason].filter(Boolean).join(": "), button);
      if (back.has(at) || rests) item.className = "out";
      return item;
    });
    byId("log-lines").replaceChildren(...old, ...lines().map((line) => row(line, lost.has(line) ? "left out: it rests on a line that was taken back" : "")));
    byId("log-said").textContent = old.length || lines().length
      ? `${old.length} of the run's own log, ${lines().length} from this page. u undoes the last one.` : "No decision yet.";
    byId("curator-later").value = who;
    if (!byId("log").open) open("log");
  };
  const save = () => {
    const kept = sorted(), all = [...kept.past, ...kept.made];
    if (!byId("saving").open) open("saving");
    if (!all.length && !acts.length) { byId("saved").textContent = "Nothing is decided yet."; return; }
    const url = URL.createObjectURL(new Blob([log.write(all)], { type: "application/octet-stream" }));
    make("a", { href: url, download: "decisions.yaml" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    dirty = false;
    store();
    progress();
    byId("saved").textContent = `decisions.yaml with ${all.length} decision${all.length === 1 ? "" : "s"} went to your downloads.`;
  };
  const load = (name, text) => {
    const fault = (what) => { byId("problem").textContent = byId("load-said").textContent = `${name}: ${what}`; };
    let given;
    try { given = log.read(text); } catch { return fault("this page reads only files that it saved itself."); }
    if (given === null) return fault("it is no log of this run that this page saved.");
    const here = byId("work").hidden ? before() : { acts, dirty };
    if (here && here.dirty && here.acts.length && replacing !== text) {
      replacing = text;
      return fault("decisions in this browser are not saved yet. Go on with them and save, or choose the file again to replace them.");
    }
    const kept = past.filter((line) => given.some((one) => log.same(one, line)));
    const fresh = given.filter((one) => !past.some((line) => log.same(one, line)));
    if (!log.fits(fresh)) return fault("its decisions do not fit the themes of this run.");
    acts = [...past.map((line, at) => kept.includes(line) ? null : { taken: at }).filter(Boolean), ...fresh.map((line) => ({ lines: [line] }))];
    undone = [];
    dirty = false;
    who = log.oneLine(byId("curator").value) || who || (fresh.length ? fresh[fresh.length - 1].who : "");
    if (byId("saving").open) byId("saving").close();
    refresh();
    if (!who) { store(); greet(); return; }
    go(view, `${given.length} decisions loaded.`);
  };

  // ---- start
  const greet = () => {
    const kept = before();
    if (!kept) return;
    const made = kept.acts.flatMap((one) => one.lines || []).length;
    byId("curator").value = kept.who;
    if (made || kept.acts.length) byId("resume").textContent = `This browser has ${made} decision${made === 1 ? "" : "s"} on this run. Press Enter to go on.`;
  };
  byId("enter").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = log.oneLine(byId("curator").value);
    if (!name) { byId("problem").textContent = "Please give a name or initials first: the log names who decided."; return; }
    const kept = before();
    if (kept && log.fits(log.sorted(past, new Set(), kept.acts.flatMap((one) => one.lines || [])).made)) ({ acts, undone, refused, dirty, view } = kept);
    who = name;
    refresh();
    go(view, acts.length ? `Going on where you stopped: ${lines().length} decisions.` : "");
  });

  // ---- mouse and keys
  const on = (id, event, then) => byId(id).addEventListener(event, then);
  const form = (id, then) => on(id, "submit", (event) => { event.preventDefault(); then(); });
  form("renaming", rename);
  form("merging", merge);
  form("splitting", split);
  form("noting", note);
  on("do-refuse", "click", refuse);
  on("do-back", "click", () => go({ kind: "theme", a: view.a }));
  on("do-merge", "click", toMerge);
  on("do-split", "click", toSplit);
  on("do-drop", "click", drop);
  on("do-next", "click", () => next());
  on("to-undo", "click", undo);
  on("to-log", "click", showLog);
  on("to-help", "click", () => byId("help").showModal());
  on("to-save", "click", save);
  on("save", "click", save);
  on("to-list", "click", () => { byId("work").classList.remove("open"); const here = byId("side").querySelector("[aria-current]"); if (here) here.focus(); });
  on("why", "change", why);
  on("keys-on", "change", (event) => { shortcuts = event.target.checked; });
  on("curator-later", "change", (event) => { who = log.oneLine(event.target.value) || who; event.target.value = who; store(); progress(); });
  on("log", "close", () => { if (!byId("work").hidden) leave(); });
  for (const id of ["load", "load-later"]) {
    on(id, "change", async (event) => {
      const [file] = event.target.files;
      if (!file) return;
      const text = await file.text();
      event.target.value = "";
      load(file.name, text);
    });
  }
  const field = () => ({ theme: "name", pair: "united", halves: "part0" })[view.kind];
  const write = () => {
    if (view.a === log.NONE) return say("Paragraphs without a theme have no name.");
    byId(field()).focus();
    byId(field()).select();
  };
  const KEYS = {
    Enter: write, n: write, ArrowDown: () => step(1), ArrowUp: () => step(-1), j: () => step(1), g: () => next(), l: showLog, s: save, u: undo, U: redo,
    "?": () => byId("help").showModal(), "/": () => byId("help").showModal(), y: () => { if (whyOf) byId("why").focus(); else say("No decision yet to give a reason for."); },
  };
  const IN_VIEW = {
    theme: { m: toMerge, t: toSplit, d: drop, o: () => { if (view.a !== log.NONE) byId("note").focus(); }, k: () => step(-1), Escape: () => byId("to-list").click() },
    pair: { m: merge, k: refuse, Escape: () => go({ kind: "theme", a: view.a }) },
    halves: { t: split, k: refuse, Escape: () => go({ kind: "theme", a: view.a }) },
  };
  const inField = (event) => {
    const { target, key } = event;
    if (key === "Escape") { event.preventDefault(); if (target.id === "name") target.value = current().label; if (target.id === "note") target.value = ""; leave(); }
    else if (key === "Enter" && target.id === "name") { event.preventDefault(); rename(); }
    else if (key === "Enter" && target.id === "note" && !event.shiftKey) { event.preventDefault(); note(); }
    else if (key === "Enter" && target.id === "why") { event.preventDefault(); why(); leave(); }
    else if (key === "Enter" && target.id === "part0") { event.preventDefault(); byId("part1").focus(); }
  };
  addEventListener("keydown", (event) => {
    if (event.isComposing || byId("work").hidden || document.querySelector("dialog[open]")) return;
    const { target } = event, control = event.ctrlKey || event.metaKey;
    if (/^(INPUT|TEXTAREA)$/.test(target.tagName)) return control || event.altKey ? undefined : inField(event);
    if (control && !event.altKey && "zy".includes(event.key.toLowerCase())) { event.preventDefault(); return event.key.toLowerCase() === "y" || event.shiftKey ? redo() : undo(); }
    if (control || event.altKey) return;
    if (event.key === "Enter" && /^(BUTTON|SUMMARY|A)$/.test(target.tagName)) return;
    if (event.key.length === 1 && !shortcuts) return;
    const lower = event.key.length === 1 && event.key !== "U" ? event.key.toLowerCase() : event.key;
    let then = IN_VIEW[view.kind][lower] || KEYS[lower];
    if (view.kind === "theme" && /^\d$/.test(lower)) {
      const { best, weak } = shownQuotes(), at = [...best, ...weak][(Number(lower) + 9) % 10];
      then = at === undefined ? null : () => toMove(at);
    }
    if (!then) return;
    event.preventDefault();
    then();
  });
  refresh();
  swap("start");
  greet();
  byId("curator").focus();
})();
