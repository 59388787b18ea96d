// What is shown: a theme, two themes side by side, the halves of one, and the list of themes and suggestions.
const viewsOf = (run, log, parts, page) => {
  const { make, count, percent, near, evidence, sized, bdi, kbd, chips } = parts;
  const byId = (id) => document.getElementById(id);
  const quote = (at, key) => {
    const one = run.paragraphs[at];
    const from = make("p", { className: "from" }, make("span", { dir: "auto", textContent: one.place }));
    if (key !== undefined) {
      const button = make("button", { type: "button", className: "small" }, "Move", make("span", { className: "unseen", textContent: ` paragraph ${key} to another theme` }), key ? kbd(key) : "");
      button.onclick = () => page.toMove(at);
      from.append(button);
    }
    return make("li", {}, make("p", { className: "text", dir: "auto", textContent: one.text }), from);
  };
  const shownQuotes = () => {
    const theme = page.current(), weak = theme.weak.slice(0, 4);
    const best = theme.best.filter((at) => !weak.includes(at));
    return { best: best.length > 10 - weak.length ? best.slice(-(10 - weak.length)) : best, weak };
  };
  const showTheme = () => {
    const theme = page.current(), none = theme.key === log.NONE, { best, weak } = shownQuotes();
    const at = page.state.themes.indexOf(theme);
    byId("theme-h").textContent = none ? `No theme · ${sized(theme)}` : `Theme ${at + 1} of ${page.state.themes.length} · ${sized(theme)}`;
    if (theme.whole && theme.stability) byId("theme-h").append(` · stability ${theme.stability}`, theme.fragile ? make("span", { className: "tag", textContent: "fragile" }) : "");
    byId("renaming").hidden = byId("noting").hidden = byId("near-part").hidden = none;
    byId("name").value = theme.label;
    const named = theme.by ? `named by ${theme.by}` : theme.named ? "named by a person" : theme.machine ? "the machine's name" : "the machine names it at the next run, unless you do";
    byId("named").textContent = theme.machine && theme.named && theme.machine !== theme.named ? `${named}; the machine's name: ${theme.machine}` : named;
    byId("words").replaceChildren(...chips(theme.words));
    byId("notes").replaceChildren(...theme.notes.map((one) => make("li", { dir: "auto", textContent: one.who ? `${one.text} (${one.who})` : one.text })));
    const key = (place) => place < 10 ? String((place + 1) % 10) : "";
    byId("best").replaceChildren(...best.map((each, place) => quote(each, key(place))));
    byId("weak").replaceChildren(...weak.map((each, place) => quote(each, key(best.length + place))));
    byId("best-h").textContent = none ? "Some of these paragraphs" : "Closest to it";
    byId("weak-part").hidden = !weak.length;
    byId("quoted").classList.toggle("alone", !weak.length);
    byId("near").replaceChildren(...(none ? [] : log.nearest(page.state, theme).slice(0, 3)).map((one) => {
      const button = make("button", { type: "button", className: "row" }, make("b", {}, bdi(one.other.label)), make("span", { className: "def", textContent: `${count(one.other.n)}${near(theme, one) ? ` · ${near(theme, one)}` : ""}` }));
      button.onclick = () => page.go({ kind: "pair", a: theme.key, b: one.other.key });
      return make("li", {}, button);
    }));
  };
  const card = (theme, both) => make("section", { className: "card side" },
    make("h3", {}, bdi(theme.label)), make("p", { className: "small", textContent: sized(theme) }),
    make("ul", { className: "words", ariaLabel: "Keywords" }, ...chips(theme.words, both)), make("ol", { className: "quotes" }, ...theme.best.slice(0, 3).map((at) => quote(at))));
  const showPair = () => {
    const [one, other] = [page.view.a, page.view.b].map((key) => log.find(page.state, key));
    byId("pair-why").textContent = evidence(one, other);
    byId("sides").replaceChildren(card(one, log.shared(one, other)), card(other, log.shared(other, one)));
    const named = [one, other].find((each) => each.named);
    byId("united").value = named ? named.named : "";
    const n = one.n + other.n;
    byId("size").textContent = `Together ${one.n} + ${other.n} = ${count(n)}, ${percent(n / run.n)} of ${run.n.toLocaleString("en-GB")}.`;
  };
  const showHalves = () => {
    const theme = page.current(), halves = run.halves[theme.key];
    byId("halves-h").replaceChildren("Split “", bdi(theme.label), "”?");
    byId("halves-why").textContent = halves.apart === null ? "How often refits separate the halves is not known."
      : `Of all pairs of paragraphs, one of each half, refits put ${percent(halves.apart)} into different groups (mean over ${run.refits} refits).`;
    byId("parts").replaceChildren(...[0, 1].map((half) => {
      const field = make("input", { id: `part${half}`, className: "big", maxLength: 120, autocomplete: "off", dir: "auto", placeholder: "the machine names it at the next run" });
      return make("section", { className: "card side" },
        make("label", { htmlFor: field.id, textContent: `Name of ${half ? "the second" : "the first"} half` }), field,
        make("p", { className: "small", textContent: `${count(halves.n[half])}; words that set it apart from the other half:` }),
        make("ul", { className: "words", ariaLabel: "Words" }, ...chips(halves.words[half])), make("ol", { className: "quotes" }, ...halves.best[half].map((at) => quote(at))));
    }));
  };
  const showSide = () => {
    const open = log.suggestions(page.state, page.refused);
    byId("suggested-n").textContent = String(open.length || "");
    byId("bounds").textContent = run.reason || (open.length || page.refused.length ? run.bounds.words : `None. ${run.bounds.words}`);
    byId("suggestions").replaceChildren(...open.map((one) => {
      const here = one.kind === page.view.kind && one.a === page.view.a && one.b === page.view.b;
      const a = log.find(page.state, one.a).label;
      const words = one.kind === "pair" ? [make("b", { textContent: "Merge " }), bdi(a), " + ", bdi(log.find(page.state, one.b).label)] : [make("b", { textContent: "Split " }), bdi(a)];
      const score = one.kind === "pair" ? `together ${percent(one.score)}` : `apart ${percent(one.score)}`;
      const button = make("button", { type: "button", className: "row" }, make("span", {}, ...words), make("span", { className: "def", textContent: score }));
      if (here) button.setAttribute("aria-current", "true");
      button.onclick = () => page.go(one);
      return make("li", {}, button);
    }));
    byId("themes-n").textContent = String(page.state.themes.length);
    const most = Math.max(...page.list().map((one) => one.n), 1);
    byId("themes").replaceChildren(...page.list().map((one) => {
      const none = one.key === log.NONE, here = page.view.kind === "theme" && one === page.current();
      const bar = make("meter", { min: 0, max: most, value: one.n, ariaHidden: "true" });
      const marks = [one.fragile && one.whole ? "fragile" : "", !one.whole && !none ? "changed" : "", one.notes.length ? "note" : ""].filter(Boolean);
      const button = make("button", { type: "button", className: `row${one.named ? " named" : ""}`, tabIndex: here ? 0 : -1 },
        make("span", { className: "title" }, bdi(one.label), one.named ? make("span", { className: "tick", textContent: "✓" }, make("span", { className: "unseen", textContent: " named by a person" })) : ""),
        make("span", { className: "amount" }, bar, String(one.n), make("span", { className: "unseen", textContent: " paragraphs" })),
        make("span", { className: "def", dir: "auto" }, one.words.slice(0, 4).join(", "), ...marks.map((mark) => make("span", { className: "tag", textContent: mark }))));
      if (here) button.setAttribute("aria-current", "true");
      button.onclick = () => page.go({ kind: "theme", a: one.key });
      return make("li", {}, button);
    }));
    if (page.view.kind !== "theme" && byId("themes").firstChild) byId("themes").firstChild.firstChild.tabIndex = 0;
    const marked = byId("side").querySelector("[aria-current]");
    if (marked && byId("side").scrollHeight > byId("side").clientHeight) marked.scrollIntoView({ block: "nearest" });
  };

  return { shownQuotes, showTheme, showPair, showHalves, showSide };
};
