// A paragraph of the map: in a few words under the pointer, in full on a card beside its point, and by keyboard.
const mapCard = (model, state, view, stage, say) => {
  const { xs, ys, n } = model, { canvas, size, screen } = view, tip = byId("tip"), card = byId("pin"), NARROW = 520, TALL = 320;
  const point = (i) => {
    state.near = i;
    view.ring("near");
    tip.hidden = i < 0 || i === state.pinned;
    if (tip.hidden) return;
    tip.replaceChildren(make("p", { className: "meta" }, make("bdi", { textContent: model.where(i) })),
      make("bdi", { className: "text", textContent: model.short(model.words(i), 36) || model.doc(i)[0] }),
      make("p", { className: "meta" }, make("bdi", { textContent: model.themeName(i) })));
    const [x, y] = screen(i), over = y + 16 + tip.offsetHeight > size.h && y > tip.offsetHeight;
    tip.style.left = Math.max(4, Math.min(x + 14, size.w - tip.offsetWidth - 4)) + "px";
    tip.style.top = (over ? y - tip.offsetHeight - 12 : y + 14) + "px";
  };

  // The card lies beside its point, inside what is on screen of the map; on a phone at the bottom of the map.
  const beside = () => {
    if (state.pinned < 0) return;
    card.classList.toggle("docked", size.w < NARROW);
    if (size.w < NARROW) { for (const name of ["left", "top", "maxHeight"]) card.style[name] = ""; return; }
    const box = stage.getBoundingClientRect(), top = Math.max(4, 4 - box.top), bottom = Math.min(size.h, innerHeight - box.top) - 4;
    card.style.maxHeight = Math.max(160, Math.min(TALL, bottom - top)) + "px";
    const [x, y] = screen(state.pinned), wide = card.offsetWidth, right = x + 16 + wide <= size.w - 4 || x < size.w / 2;
    card.style.left = Math.max(4, Math.min(size.w - wide - 4, right ? x + 16 : x - 16 - wide)) + "px";
    card.style.top = Math.max(top, Math.min(bottom - card.offsetHeight, y - 40)) + "px";
  };
  // Text with the words that were searched marked in it.
  const marked = (text) => {
    const parts = [], lower = text.toLowerCase(), query = state.query;
    let from = 0;
    if (query && lower.length === text.length) for (let at = lower.indexOf(query); at >= 0; at = lower.indexOf(query, from)) {
      parts.push(text.slice(from, at), make("mark", { textContent: text.slice(at, at + query.length) }));
      from = at + query.length;
    }
    return [...parts, text.slice(from)];
  };
  const links = (i) => {
    const link = (to, text) => make("a", { href: to }, make("bdi", { textContent: text })), made = [];
    made.push(model.theme(i) >= 0 ? link("#theme-" + model.theme(i), "Theme: " + model.themeName(i)) : "No theme");
    if (model.mostly[model.theme(i)]) made.push(" (", make("bdi", { textContent: model.mostly[model.theme(i)] }), ")");
    for (const code of model.codesOf(i)) made.push(" · ", link("#code-" + code, "Code: " + model.codes[code]));
    if (byId("p" + model.rows[i])) made.push(" · ", link("#p" + model.rows[i], "In its document"));
    return made;
  };
  const fix = (i) => {
    state.pinned = i;
    card.hidden = i < 0;
    view.ring("pinned");
    if (i < 0) return;
    point(-1);
    const button = make("button", { type: "button", textContent: "Close" }), text = model.words(i), elsewhere = !text && model.mode !== "none";
    button.addEventListener("click", close);
    card.replaceChildren(button, make("p", { className: "meta" }, make("b", {}, make("bdi", { textContent: model.doc(i)[0] })), make("br"), make("bdi", { textContent: model.where(i) })),
      make("bdi", { className: "text" }, ...(elsewhere ? ["The words of this paragraph are not in this page; tables/paragraphs.csv has them."] : marked(text))),
      make("p", { className: "small" }, ...links(i)));
    card.scrollTop = 0;
    beside();
  };
  const close = () => { fix(-1); stage.focus({ preventScroll: true }); };
  // A point outside the frame comes into it, and the map into view, before its card opens.
  const show = (i, focus) => {
    view.bring(i);
    const box = stage.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight) stage.scrollIntoView({ block: box.height < innerHeight ? "nearest" : "start", behavior: "instant" });
    fix(i);
    if (focus) card.focus({ preventScroll: true });
  };
  view.onMove(() => { point(-1); beside(); });
  canvas.addEventListener("pointermove", (event) => { if (!view.dragging()) point(view.nearest(event)); });
  canvas.addEventListener("pointerleave", () => point(-1));
  canvas.addEventListener("click", (event) => {
    if (view.dragged()) return;
    const i = view.nearest(event);
    fix(i);
    if (i >= 0) card.focus({ preventScroll: true });
  });
  card.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); close(); } });
  addEventListener("scroll", beside, { passive: true });

  // The same by keyboard: arrows go to the nearest point that way, Enter opens its card, Escape closes it.
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const step = ([dx, dy]) => {
    const from = state.near >= 0 ? state.near : state.pinned;
    if (from < 0) return state.on.indexOf(1);
    let best = from, least = Infinity;
    for (let i = 0; i < n; i++) {
      if (!state.on[i] || i === from) continue;
      const ax = (xs[i] - xs[from]) * size.w, ay = (ys[i] - ys[from]) * size.h, ahead = ax * dx + ay * dy, off = Math.abs(ax * dy) + Math.abs(ay * dx);
      if (ahead > 0 && ahead + 2 * off < least) { best = i; least = ahead + 2 * off; }
    }
    return best;
  };
  const keys = {
    "+": () => view.zoom(1.6), "-": () => view.zoom(1 / 1.6), 0: view.whole, Escape: () => { point(-1); fix(-1); },
    Enter: () => { if (state.near >= 0) { say("Opened: " + model.where(state.near)); show(state.near, true); } },
  };
  stage.addEventListener("keydown", (event) => {
    if (event.target !== stage || !(arrows[event.key] || keys[event.key])) return;
    event.preventDefault();
    if (keys[event.key]) return keys[event.key]();
    const i = step(arrows[event.key]);
    if (i < 0) return;
    view.bring(i);
    point(i);
    say(model.themeName(i) + ". " + model.where(i) + ". " + model.short(model.words(i), 36));
  });
  stage.addEventListener("blur", () => point(-1));
  return { fix, show };
};
