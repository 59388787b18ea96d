"use strict";
(() => {
  const list = byId("doc-list"), form = byId("doc-filters");
  if (!list || !form) return;

  // Which documents are shown, and in which order.
  const rows = [...list.children].map((box, at) => {
    const name = box.querySelector(".name").textContent;
    return {
      box, at, title: name.toLowerCase(), chosen: box.dataset.doc.split(";").map((part) => part.split(" ")),
      words: box.querySelector(".name").parentElement.textContent.toLowerCase(), date: box.dataset.date || "",
      t: +(box.dataset.t || "-1"), n: +box.dataset.n, x: +box.dataset.x,
    };
  });
  const search = byId("doc-search"), from = byId("doc-from"), to = byId("doc-to"), sort = byId("doc-sort");
  const facets = [...form.querySelectorAll("[data-facet]")];
  const source = facets.findIndex((facet) => facet.id === "doc-source");
  const filter = () => {
    const query = search.value.trim().toLowerCase(), first = from ? from.value : "", last = to ? to.value : "";
    let count = 0;
    for (const row of rows) {
      const on = (query === "" || row.words.includes(query))
        && facets.every((facet, at) => facet.value === "" || row.chosen[at].includes(facet.value))
        && (first === "" || (row.date !== "" && row.date.slice(0, first.length) >= first))
        && (last === "" || (row.date !== "" && row.date.slice(0, last.length) <= last));
      row.box.hidden = !on;
      count += on;
    }
    const all = rows.length.toLocaleString("en");
    byId("doc-count").textContent = count.toLocaleString("en") + " of " + all + " documents shown.";
  };
  // What is unknown comes last in either direction; ties keep the order by id.
  const key = {
    date: (row) => row.date || null, title: (row) => row.title, t: (row) => (row.t < 0 ? null : row.t), n: (row) => row.n,
    x: (row) => row.x, source: (row) => (source < 0 || row.chosen[source][0] === "" ? null : +row.chosen[source][0]),
  };
  const order = () => {
    const name = sort.value.replace("-", ""), turn = sort.value.startsWith("-") ? -1 : 1;
    const value = new Map(rows.map((row) => [row, name ? key[name](row) : row.at]));
    const compare = (a, b) => {
      const one = value.get(a), other = value.get(b);
      if ((one === null) !== (other === null)) return one === null ? 1 : -1;
      return turn * (one < other ? -1 : one > other ? 1 : 0) || a.at - b.at;
    };
    list.append(...[...rows].sort(compare).map((row) => row.box));
  };
  const clear = () => {
    for (const control of [search, from, to, ...facets]) if (control) control.value = "";
    filter();
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => (event.target === sort ? order() : filter()));
  byId("doc-clear").addEventListener("click", clear);
  filter();

  // A strip leads to the paragraph under the pointer.
  list.addEventListener("click", (event) => {
    const drawn = event.target.closest(".whole-strip");
    if (!drawn) return;
    const box = drawn.getBoundingClientRect(), at = (1000 * (event.clientX - box.left)) / box.width;
    const marks = drawn.dataset.at ? drawn.dataset.at.split(" ") : [];
    const hit = marks.map((mark) => mark.split("-")).find(([, start, end]) => at >= +start && at <= +end);
    if (hit) location.hash = hit[0];
  });
})();

(() => {
  // A link into a document remembers where the reader was; a button there and the browser's Back lead to it again.
  const part = byId("documents");
  if (!part) return;
  const left = new Map();
  const target = () => (location.hash.length > 1 ? byId(decodeURIComponent(location.hash.slice(1))) : null);
  const state = () => (history.state && typeof history.state === "object" ? history.state : {});
  const note = (more) => history.replaceState({ ...state(), ...more }, "");
  const folds = () => [...document.querySelectorAll("details")];
  const name = (fold, at) => fold.id || String(at);
  const place = () => ({ y: scrollY, open: folds().map((fold, at) => (fold.open ? name(fold, at) : "")).filter(Boolean) });
  const back = make("p", { className: "back" });
  const button = make("button", { type: "button", textContent: "← Back to where you were" });
  const title = make("span");
  back.append(button, " ", title);
  let follows = false, number = 0;

  const restore = () => {
    const { where, mark } = state();
    if (!where) return;
    const open = new Set(where.open);
    folds().forEach((fold, at) => { if (open.has(name(fold, at))) fold.open = true; });
    const [link, top] = left.get(mark) || [];
    const known = link && link.isConnected;
    scrollTo({ top: known ? scrollY + link.getBoundingClientRect().top - top : where.y, behavior: "instant" });
    if (known) link.focus({ preventScroll: true });
  };

  const show = (again) => {
    back.remove();
    const aim = target(), box = aim && part.contains(aim) ? aim.closest("details.doc") : null;
    if (!box) return;
    if (box.hidden) byId("doc-clear").click();
    for (let fold = box; fold; fold = fold.parentElement.closest("details")) fold.open = true;
    title.textContent = box.querySelector(".name").textContent;
    if (state().came) box.querySelector(".inside").prepend(back);
    if (!again) aim.scrollIntoView({ block: "start", behavior: "instant" });
  };
  const arrive = () => {
    if (follows) note({ came: true });
    follows = false;
    show(Boolean(state().where));
    if (state().where) { restore(); requestAnimationFrame(restore); }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const hash = link.getAttribute("href"), aim = byId(decodeURIComponent(hash.slice(1)));
    if (!aim || !part.contains(aim) || aim === part) return;
    const mark = performance.timeOrigin + ":" + number++;
    left.set(mark, [link, link.getBoundingClientRect().top]);
    note({ mark, where: place() });
    follows = true;
    if (hash !== location.hash) return;
    event.preventDefault(); // the address is the same, so that the browser would make no entry to come back from
    history.pushState(null, "", hash);
    arrive();
  });
  button.addEventListener("click", () => history.back());
  addEventListener("hashchange", arrive);
  addEventListener("popstate", () => { if (state().where) requestAnimationFrame(restore); });
  addEventListener("pagehide", () => note({ where: place() }));
  if (state().where) requestAnimationFrame(() => { show(true); restore(); });
})();
