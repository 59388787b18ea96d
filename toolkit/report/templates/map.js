"use strict";
(() => {
  const holder = byId("data"), stage = byId("stage");
  if (!holder || !stage) return;
  const data = JSON.parse(holder.textContent);
  const svg = stage.querySelector("svg");
  const marks = [...svg.querySelectorAll(".points > *")];
  if (marks.length !== data.rows.length) return;
  const places = marks.map((mark) => {
    const box = mark.getBBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  });
  const themeName = (theme) => data.themes[theme];
  const doc = (i) => data.documents[data.document[i]];
  const where = (i) => [doc(i)[1] || "no source", doc(i)[2] || "undated", "paragraph " + data.position[i]].join(", ");

  // Words: in the page where the paragraph stands in it, else in the packed list.
  let packed = null;
  const words = (i) => {
    if (packed && packed[i] !== null) return packed[i];
    const there = byId("p" + data.rows[i]);
    const text = there && there.querySelector(".text");
    return text ? text.textContent : "";
  };
  const short = (text, most) => {
    const parts = text.trim().split(/\s+/);
    const cut = parts.length > most ? parts.slice(0, most).join(" ") + "…" : parts.join(" ");
    return cut.length > most * 9 ? cut.slice(0, most * 9) + "…" : cut;
  };
  const unpack = async () => {
    if (!data.words) return;
    if (!window.DecompressionStream) { say("This browser is too old to unpack the words of the map."); return; }
    const bytes = Uint8Array.from(atob(data.words), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    packed = await new Response(stream).json();
    low.clear();
    select();
  };

  // What is selected.
  const form = byId("filters"), search = byId("search"), tip = byId("tip"), pin = byId("pin");
  const picked = new Set();
  const chosen = { code: byId("code"), source: byId("source"), from: byId("from"), to: byId("to") };
  const low = new Map();
  const has = (i, query) => {
    if (!low.has(i)) low.set(i, (words(i) + " " + doc(i)[0] + " " + doc(i)[1]).toLowerCase());
    return low.get(i).includes(query);
  };
  let on = marks.map(() => true), order = [], shown = 100, sorted = ["", 1];
  const say = (text) => { byId("count").textContent = text; };

  const select = () => {
    const query = search.value.trim().toLowerCase();
    const value = (name) => (chosen[name] ? chosen[name].value : "");
    const code = value("code"), source = value("source"), from = value("from"), to = value("to");
    on = marks.map((_, i) => {
      const date = doc(i)[2];
      return (!picked.size || picked.has(data.theme[i])) && (code === "" || (code === "none" ? !data.code[i].length : data.code[i].includes(+code)))
        && (source === "" || doc(i)[1] === source) && (from === "" || (date && date.slice(0, from.length) >= from))
        && (to === "" || (date && date.slice(0, to.length) <= to)) && (query === "" || has(i, query));
    });
    marks.forEach((mark, i) => {
      mark.classList.toggle("off", !on[i]);
      mark.classList.toggle("hit", on[i] && query !== "");
    });
    svg.querySelectorAll(".labels > g").forEach((label) => {
      label.classList.toggle("off", picked.size > 0 && !picked.has(+label.dataset.theme));
    });
    const count = on.filter(Boolean).length;
    say(count.toLocaleString("en") + " of " + marks.length.toLocaleString("en") + " paragraphs on the map selected.");
    shown = 100;
    table();
  };

  // The same selection as a table.
  const columns = {
    theme: (i) => themeName(data.theme[i]), source: (i) => doc(i)[1], date: (i) => doc(i)[2],
    document: (i) => doc(i)[0], text: (i) => words(i),
  };
  const table = () => {
    const body = byId("rows");
    if (!byId("list").open) { body.replaceChildren(); return; }
    order = marks.map((_, i) => i).filter((i) => on[i]);
    const [name, turn] = sorted;
    if (name) {
      const keys = new Map(order.map((i) => [i, columns[name](i)]));
      order.sort((a, b) => turn * (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : 0) || data.rows[a] - data.rows[b]);
    } else order.sort((a, b) => data.rows[a] - data.rows[b]);
    body.replaceChildren(...order.slice(0, shown).map((i) => {
      const button = make("button", { type: "button", textContent: "Show" });
      button.setAttribute("aria-label", "Show paragraph " + data.position[i] + " of " + doc(i)[0]);
      button.addEventListener("click", () => { fix(i); pin.focus(); });
      const cells = ["theme", "source", "date"].map((key) => make("td", {}, make("bdi", { textContent: columns[key](i) })));
      const text = make("td", {}, make("bdi", { textContent: short(words(i), 30) || doc(i)[0] }));
      return make("tr", {}, ...cells, text, make("td", {}, button));
    }));
    byId("more").hidden = order.length <= shown;
  };
  byId("list").addEventListener("toggle", table);
  byId("more").addEventListener("click", () => { shown += 200; table(); });
  document.querySelectorAll("#list th[data-key]").forEach((head) => {
    const button = make("button", { type: "button", textContent: head.textContent });
    button.addEventListener("click", () => {
      sorted = [head.dataset.key, sorted[0] === head.dataset.key ? -sorted[1] : 1];
      document.querySelectorAll("#list th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sorted[1] > 0 ? "ascending" : "descending");
      table();
    });
    head.replaceChildren(button);
  });

  // Nearer: buttons, + - 0 on the keyboard, Ctrl and the wheel; a near map is moved by dragging.
  const full = { w: svg.viewBox.baseVal.width, h: svg.viewBox.baseVal.height }, view = { x: 0, y: 0, k: 1 };
  const frame = () => {
    const w = full.w / view.k, h = full.h / view.k;
    view.x = Math.max(0, Math.min(full.w - w, view.x));
    view.y = Math.max(0, Math.min(full.h - h, view.y));
    svg.setAttribute("viewBox", [view.x, view.y, w, h].join(" "));
    svg.style.setProperty("--k", view.k);
    stage.classList.toggle("closer", view.k > 1);
    point(-1);
  };
  const zoom = (times, x = view.x + full.w / view.k / 2, y = view.y + full.h / view.k / 2) => {
    const k = Math.max(1, Math.min(12, view.k * times));
    view.x = x - (x - view.x) * view.k / k;
    view.y = y - (y - view.y) * view.k / k;
    view.k = k;
    frame();
  };
  const under = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const at = under(event);
    zoom(event.deltaY < 0 ? 1.25 : 0.8, at.x, at.y);
  }, { passive: false });
  let drag = null, dragged = false;
  svg.addEventListener("pointerdown", (event) => { dragged = false; drag = view.k > 1 ? under(event) : null; });
  addEventListener("pointerup", () => { drag = null; });
  svg.addEventListener("pointermove", (event) => {
    if (!drag || !event.buttons) return;
    const at = under(event);
    if (Math.hypot(at.x - drag.x, at.y - drag.y) * view.k > 4) dragged = true;
    if (dragged) { view.x += drag.x - at.x; view.y += drag.y - at.y; frame(); }
  });
  const closer = [["+", "Zoom in", () => zoom(1.6)], ["−", "Zoom out", () => zoom(1 / 1.6)], ["Whole", "Show the whole map", () => zoom(1 / 12)]];
  stage.before(make("div", { className: "zoom" }, ...closer.map(([sign, name, act]) => {
    const button = make("button", { type: "button", textContent: sign, title: name });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    return button;
  })));

  // A paragraph in a few words (hover) and in full (pinned).
  const brief = (i, most) => [
    make("p", { className: "meta" }, make("bdi", { textContent: where(i) })),
    make("bdi", { className: "text", textContent: short(words(i), most) || doc(i)[0] }),
  ];
  let near = -1, pinned = -1;
  const point = (i) => {
    if (near >= 0) marks[near].classList.remove("near");
    near = i;
    tip.hidden = i < 0;
    if (i < 0) return;
    marks[i].classList.add("near");
    tip.replaceChildren(...brief(i, 36), make("p", { className: "meta" }, make("bdi", { textContent: themeName(data.theme[i]) })));
    const scale = svg.clientWidth / svg.viewBox.baseVal.width;
    const x = (places[i][0] - view.x) * scale, y = (places[i][1] - view.y) * scale;
    tip.style.left = Math.max(4, Math.min(x + 14, stage.clientWidth - tip.offsetWidth - 4)) + "px";
    tip.style.top = (y + 16 + tip.offsetHeight > stage.clientHeight && y > tip.offsetHeight ? y - tip.offsetHeight - 12 : y + 14) + "px";
  };
  const fix = (i) => {
    if (pinned >= 0) marks[pinned].classList.remove("pinned");
    pinned = i;
    pin.hidden = i < 0;
    if (i < 0) return;
    marks[i].classList.add("pinned");
    const close = make("button", { type: "button", textContent: "Close" });
    close.addEventListener("click", () => { fix(-1); stage.focus(); });
    const links = [];
    if (data.theme[i] >= 0) links.push(make("a", { href: "#theme-" + data.theme[i] }, make("bdi", { textContent: "Theme: " + themeName(data.theme[i]) })));
    else links.push("No theme");
    if (data.mostly[data.theme[i]]) links.push(" (", make("bdi", { textContent: data.mostly[data.theme[i]] }), ")");
    data.code[i].forEach((code) => links.push(" · ", make("a", { href: "#code-" + code }, make("bdi", { textContent: "Code: " + data.codes[code] }))));
    if (byId("p" + data.rows[i])) links.push(" · ", make("a", { href: "#p" + data.rows[i], textContent: "In its document" }));
    pin.replaceChildren(close, make("p", { className: "meta" }, make("bdi", { textContent: doc(i)[0] + " · " + where(i) })),
      make("bdi", { className: "text", textContent: words(i) }), make("p", { className: "small" }, ...links));
  };
  const nearest = (event) => {
    const matrix = svg.getScreenCTM();
    if (!matrix) return -1;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    let best = -1, least = (18 / matrix.a) ** 2;
    places.forEach(([x, y], i) => {
      const away = (x - at.x) ** 2 + (y - at.y) ** 2;
      if (on[i] && away < least) { best = i; least = away; }
    });
    return best;
  };
  svg.addEventListener("pointermove", (event) => { if (!drag || !event.buttons) point(nearest(event)); });
  svg.addEventListener("pointerleave", () => point(-1));
  svg.addEventListener("click", (event) => { if (!dragged) fix(nearest(event)); });

  // The same by keyboard: arrows go to the nearest point that way, Enter pins, Escape lets go.
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const step = ([dx, dy]) => {
    if (near < 0) return on.indexOf(true);
    let best = near, least = Infinity;
    places.forEach(([x, y], i) => {
      const ax = x - places[near][0], ay = y - places[near][1];
      const along = ax * dx + ay * dy, aside = Math.abs(ax * dy) + Math.abs(ay * dx);
      if (on[i] && i !== near && along > 0 && along + 2 * aside < least) { best = i; least = along + 2 * aside; }
    });
    return best;
  };
  stage.addEventListener("keydown", (event) => {
    if (event.target !== stage) return;
    if (ways[event.key]) point(step(ways[event.key]));
    else if ("+-0".includes(event.key)) { zoom({ "+": 1.6, "-": 1 / 1.6, 0: 1 / 12 }[event.key]); return event.preventDefault(); }
    else if (event.key === "Enter" && near >= 0) { fix(near); say("Pinned: " + where(near)); return event.preventDefault(); }
    else if (event.key === "Escape") { point(-1); fix(-1); }
    else return;
    event.preventDefault();
    if (near >= 0) say(themeName(data.theme[near]) + ". " + where(near) + ". " + short(words(near), 36));
  });
  stage.addEventListener("blur", () => point(-1));

  // Legend and filters come to life.
  document.querySelectorAll("#legend .chip").forEach((chip) => {
    const theme = +chip.dataset.theme;
    const button = make("button", { type: "button" }, ...chip.childNodes);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const now = !picked.has(theme);
      if (now) picked.add(theme); else picked.delete(theme);
      button.setAttribute("aria-pressed", String(now));
      select();
    });
    chip.replaceWith(button);
  });
  form.hidden = false;
  form.addEventListener("input", select);
  for (const list of Object.values(chosen)) if (list) list.addEventListener("change", select); // what drives a browser may say only this
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    form.reset();
    picked.clear();
    document.querySelectorAll("#legend button").forEach((button) => button.setAttribute("aria-pressed", "false"));
    select();
  });
  byId("list").hidden = false;
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", "Map of paragraphs. Arrow keys move between paragraphs, Enter pins one, Escape lets go, plus and minus zoom, 0 shows the whole map.");
  select();
  unpack();
})();
