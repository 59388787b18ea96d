// The map comes to life: what is selected, its legend, its search and its table.
(async () => {
  const holder = byId("data"), stage = byId("stage"), plot = byId("plot");
  if (!holder || !stage || !window.DecompressionStream) return;
  const model = await mapData(holder), { n, ways, each } = model;
  if (!n) return;
  const form = byId("filters"), search = byId("search"), colour = byId("colour"), legend = byId("legend"), list = byId("list");
  const chosen = { code: byId("code"), source: byId("source"), from: byId("from"), to: byId("to") };
  const state = {
    way: ways[colour.value] || ways.theme, value: new Uint32Array(n), order: new Uint32Array(n), on: new Uint8Array(n).fill(1),
    query: "", selected: n, near: -1, pinned: -1,
  };
  const number = (value) => value.toLocaleString("en"), say = (text) => { byId("count").textContent = text; };
  plot.classList.add("live");
  legend.hidden = false;
  const view = mapView(model, state, stage), card = mapCard(model, state, view, stage, say);

  // What is selected, and how many of each value.
  const picked = new Set(), low = new Array(n);
  let results = [], result = -1, perValue = new Uint32Array(0), rows = 100, sorted = ["", 1];
  const searched = (i) => {
    if (low[i] === undefined) low[i] = (model.mode === "none" ? model.doc(i)[0] : model.words(i)).toLowerCase().replace(/\s+/g, " ").trim();
    return low[i];
  };
  const select = () => {
    const asked = (name) => (chosen[name] ? chosen[name].value : ""), query = search.value.trim().toLowerCase().replace(/\s+/g, " ");
    const code = asked("code"), source = asked("source"), from = asked("from"), to = asked("to");
    let known = 0;
    perValue = new Uint32Array(state.way.names.length + 1);
    Object.assign(state, { query, selected: 0 });
    results = [];
    result = -1;
    for (let i = 0; i < n; i++) {
      const date = model.doc(i)[2], codes = model.codesOf(i);
      let kept = (code === "" || (code === "none" ? !codes.length : codes.includes(+code)))
        && (source === "" || model.doc(i)[1] === source) && (from === "" || (date && date.slice(0, from.length) >= from))
        && (to === "" || (date && date.slice(0, to.length) <= to));
      if (kept && picked.size) {
        kept = false;
        each(state.way, i, (value) => { kept = kept || picked.has(value); });
      }
      const text = kept && query ? searched(i) : "";
      if (kept && (!query || text)) known++;
      state.on[i] = kept && (!query || text.includes(query)) ? 1 : 0;
      if (!state.on[i]) continue;
      state.selected++;
      if (query) results.push(i);
      each(state.way, i, (value) => perValue[value]++);
    }
    say(told(known, [code, source, from, to].some(Boolean) || picked.size > 0));
    byId("hits").hidden = !results.length;
    byId("at").textContent = number(results.length) + (results.length === 1 ? " result" : " results");
    recolour();
    fill();
    rows = 100;
    table();
  };
  const named = (value) => (value ? state.way.names[value - 1] : state.way.none);
  // The same in words: "12 of 402 paragraphs contain “hydrogen”, by theme: …".
  const told = (known, filtered) => {
    const parts = [...perValue.keys()].filter((value) => perValue[value]), { way, query, selected } = state;
    if (!way.ordered) parts.sort((a, b) => perValue[b] - perValue[a] || a - b);
    const listed = parts.slice(0, 6).map((value) => named(value) + " " + number(perValue[value]));
    if (parts.length > 6) listed.push(number(parts.length - 6) + (parts.length === 7 ? " other" : " others"));
    const by = selected ? ", by " + colour.options[colour.selectedIndex].text.toLowerCase() + ": " + listed.join("; ") + "." : ".";
    const rule = way.several ? " A paragraph with several codes has the colour of its most probable one." : "";
    if (!query) return filtered ? number(selected) + " of " + number(n) + " paragraphs selected" + by + rule : number(n) + " paragraphs." + rule;
    const what = known === 1 ? " paragraph " : filtered ? " selected paragraphs " : " paragraphs ", one = selected === 1;
    const verb = model.mode !== "none" ? (one ? "contains" : "contain") : one ? "is in a document named" : "are in documents named";
    let text = number(selected) + " of " + number(known) + what + verb + " “" + search.value.trim() + "”" + by;
    if (model.mode === "snippet") text += " Only the first words of each paragraph were searched.";
    else if (!filtered && known < n) text += " The page has the words of " + number(known) + " of " + number(n) + " paragraphs; “toolkit search” reads all.";
    return text;
  };

  // The values that colour the points, and the order in which they are drawn.
  const recolour = () => {
    const { way, value, order } = state, size = way.counts.length;
    view.readColours();
    for (let i = 0; i < n; i++) {
      value[i] = way.of(i);
      if (!way.several || !picked.size || picked.has(value[i])) continue;
      const other = model.codesOf(i).find((code) => picked.has(code + 1));
      if (other !== undefined) value[i] = other + 1;
    }
    const starts = new Uint32Array(size + 1), rank = new Uint32Array(size);
    [...way.counts.keys()].sort((a, b) => (a > 0) - (b > 0) || way.counts[b] - way.counts[a]).forEach((one, at) => { rank[one] = at; });
    for (let i = 0; i < n; i++) starts[rank[value[i]] + 1]++;
    for (let at = 0; at < size; at++) starts[at + 1] += starts[at];
    for (let i = 0; i < n; i++) order[starts[rank[value[i]]]++] = i;
    view.paint();
  };

  // The legend follows the colours: counts of all, or of what is selected out of all; a click selects.
  const sign = (value) => {
    const svg = mapNames.sign(model.look(state.way, value));
    if (state.way.ordered && value) svg.firstChild.style.fill = "rgb(" + view.colours.values[value].join(",") + ")";
    return svg;
  };
  const entry = (value) => {
    const all = number(state.way.counts[value]), text = state.selected < n ? number(perValue[value]) + " of " + all : all;
    const button = make("button", { type: "button" }, sign(value), make("bdi", { textContent: named(value) }), make("span", { className: "num", textContent: text }));
    button.dataset.value = value;
    button.setAttribute("aria-pressed", String(picked.has(value)));
    button.addEventListener("click", () => {
      if (!picked.delete(value)) picked.add(value);
      select();
    });
    return make("li", {}, button);
  };
  const fill = () => {
    const { way } = state, values = way.names.map((_, at) => at + 1).filter((value) => way.counts[value] || way.several || way.ordered);
    const focused = legend.contains(document.activeElement) ? document.activeElement.dataset.value : "";
    legend.replaceChildren(...[...values, ...(way.counts[0] ? [0] : [])].map(entry));
    const again = focused && legend.querySelector('[data-value="' + focused + '"]');
    if (again) again.focus();
  };

  // The results of a search, one after the other.
  const turn = (step) => {
    if (!results.length) return;
    result = result < 0 ? (step > 0 ? 0 : results.length - 1) : (result + step + results.length) % results.length;
    byId("at").textContent = number(result + 1) + " of " + number(results.length);
    card.show(results[result], false);
  };
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); turn(event.shiftKey ? -1 : 1); }
    else if (event.key === "Escape" && state.pinned >= 0) { event.preventDefault(); card.fix(-1); }
  });

  // The same selection as a table.
  const cells = { theme: model.themeName, source: (i) => model.doc(i)[1], date: (i) => model.doc(i)[2], text: model.words };
  const line = (i) => {
    const button = make("button", { type: "button", textContent: "Show" }), cell = (text) => make("td", {}, make("bdi", { textContent: text }));
    button.setAttribute("aria-label", "Show paragraph " + model.position(i) + " of " + model.doc(i)[0]);
    button.addEventListener("click", () => card.show(i, true));
    return make("tr", {}, ...["theme", "source", "date"].map((name) => cell(cells[name](i))), cell(model.short(model.words(i), 30) || model.doc(i)[0]), make("td", {}, button));
  };
  const table = () => {
    if (!list.open) return byId("rows").replaceChildren();
    const [name, way] = sorted, some = [...state.on.keys()].filter((i) => state.on[i]);
    if (name) {
      const keys = new Map(some.map((i) => [i, cells[name](i)]));
      some.sort((a, b) => way * (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : 0) || a - b);
    }
    byId("rows").replaceChildren(...some.slice(0, rows).map(line));
    byId("more").hidden = some.length <= rows;
  };
  list.addEventListener("toggle", table);
  byId("more").addEventListener("click", () => { rows += 200; table(); });
  list.querySelectorAll("th[data-key]").forEach((head) => {
    const button = make("button", { type: "button", textContent: head.textContent });
    button.addEventListener("click", () => {
      sorted = [head.dataset.key, sorted[0] === head.dataset.key ? -sorted[1] : 1];
      list.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sorted[1] > 0 ? "ascending" : "descending");
      table();
    });
    head.replaceChildren(button);
  });

  // Controls.
  const recast = () => { state.way = ways[colour.value] || ways.theme; picked.clear(); select(); };
  const changed = (event) => { if (event.target === colour) recast(); else select(); };
  form.addEventListener("input", changed);
  for (const part of [...Object.values(chosen), colour]) if (part) part.addEventListener("change", changed); // what drives a browser may say only this
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    for (const part of [search, ...Object.values(chosen)]) if (part) part.value = "";
    card.fix(-1);
    picked.clear();
    select();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { recolour(); fill(); });
  new ResizeObserver(view.resize).observe(stage);
  document.fonts.ready.then(view.lay);
  form.hidden = list.hidden = false;
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", "Map of paragraphs. Arrow keys move between paragraphs, Enter opens one, Escape closes it, plus and minus zoom, 0 shows the whole map.");
  stage.mapPlace = (row) => { const i = model.rows.indexOf(row); return i < 0 ? null : view.screen(i); };
  recast();
  view.resize();
  Object.assign(stage.dataset, { zoom: "1.00", ready: "yes" });
})();
