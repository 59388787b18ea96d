// Words, numbers and small parts of the page, and the dialog in which a theme is chosen.
const partsOf = (run, log) => {
  const byId = (id) => document.getElementById(id);
  const make = (name, props, ...children) => {
    const element = Object.assign(document.createElement(name), props || {});
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  };

  // ---- words and numbers
  const count = (n) => `${n.toLocaleString("en-GB")} paragraph${n === 1 ? "" : "s"}`;
  const percent = (share) => share === null ? "–" : share > 0 && share < 0.005 ? "<1%" : share < 1 && share >= 0.995 ? ">99%" : `${Math.round(100 * share)}%`;
  const near = (theme, { other, together, cosine }) => [
    together === null ? "" : `together ${percent(together)}`, cosine === null ? "" : `cosine ${cosine.toFixed(2)}`, log.shared(theme, other).length ? `both: ${log.shared(theme, other).join(", ")}` : "",
  ].filter(Boolean).join(" · ");
  const evidence = (one, other) => {
    const { together, cosine } = log.between(one, other), words = log.shared(one, other);
    return [
      together === null ? "How often refits put them together is not known." : `Of all pairs of paragraphs, one of each theme, refits put ${percent(together)} into one group (mean over ${run.refits} refits).`,
      cosine === null ? "" : `Their centroids have a cosine of ${cosine.toFixed(2)}.`,
      words.length ? `Keywords of both: ${words.join(", ")}.` : "They share no keyword.",
    ].filter(Boolean).join(" ");
  };
  const sized = (theme) => theme.whole ? `${count(theme.n)}, ${theme.share}` : `${count(theme.n)}, ${percent(theme.n / run.n)} of ${run.n.toLocaleString("en-GB")}`;

  const bdi = (text) => make("bdi", { textContent: text });
  const kbd = (key) => make("kbd", { textContent: key, ariaHidden: "true" });
  const chips = (words, both = []) => words.map((word) => make("li", { dir: "auto", textContent: word, className: both.includes(word) ? "both" : "" }));

  // ---- choosing a theme
  let options = [], chosen = 0, choose = null;
  const pick = (head, text, all, then) => {
    byId("picker-h").textContent = head;
    byId("picked-text").textContent = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    choose = then;
    byId("filter").value = "";
    options = all;
    offer();
    byId("picker").showModal();
    byId("filter").focus();
  };
  const offered = () => {
    const wanted = byId("filter").value.toLowerCase().trim();
    return options.filter(([one]) => `${one.label} ${one.words.join(" ")}`.toLowerCase().includes(wanted));
  };
  const offer = (at = 0) => {
    const all = offered();
    chosen = Math.max(0, Math.min(at, all.length - 1));
    byId("choices").replaceChildren(...all.map(([one, text], place) => {
      const item = make("li", { id: `choice${place}`, role: "option" }, make("b", {}, bdi(one.label)), make("span", { className: "def", textContent: text }));
      item.setAttribute("aria-selected", String(place === chosen));
      item.onclick = () => { chosen = place; decide(); };
      return item;
    }));
    const now = byId(`choice${chosen}`);
    if (now) { byId("filter").setAttribute("aria-activedescendant", now.id); now.scrollIntoView({ block: "nearest" }); } else byId("filter").removeAttribute("aria-activedescendant");
  };
  const decide = () => {
    const one = offered()[chosen];
    if (!one) return;
    byId("picker").close();
    choose(one[0].key);
  };
  byId("filter").addEventListener("input", () => offer());
  byId("filter").addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); offer(chosen + by); }
    if (event.key === "Enter") { event.preventDefault(); decide(); }
  });

  return { make, count, percent, near, evidence, sized, bdi, kbd, chips, pick };
};
