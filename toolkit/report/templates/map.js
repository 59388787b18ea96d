(async () => {
  const holder = byId("data"), stage = byId("stage"), plot = byId("plot");
  if (!holder || !stage || !window.DecompressionStream) return;
  const data = JSON.parse(holder.textContent);
  const packed = mapPoints.columns(await mapPoints.inflated(data.columns).arrayBuffer(), data.sizes);
  const { documents, worded, words: carried } = await mapPoints.inflated(data.text).json();
  const n = packed.x.length;
  if (!n) return;
  const xs = Float32Array.from(packed.x, (x) => x / data.frame[0]), ys = Float32Array.from(packed.y, (y) => y / data.frame[1]);
  const rows = packed.row;
  for (let i = 1; i < n; i++) rows[i] += rows[i - 1];
  const codesFrom = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) codesFrom[i + 1] = codesFrom[i] + packed.codes[i];
  const codesOf = (i) => packed.code.subarray(codesFrom[i], codesFrom[i + 1]);
  const theme = (i) => data.themes[packed.theme[i]][0], themeName = (i) => data.themes[packed.theme[i]][1];
  const doc = (i) => documents[packed.document[i]];
  const where = (i) => [doc(i)[1] || "no source", doc(i)[2] || "undated", "paragraph " + packed.position[i]].join(", ");
  const number = (value) => value.toLocaleString("en");

  // Words: in the page if the paragraph is in it, else in the packed list; of a large run some are in neither.
  const elsewhere = new Map(worded.map((i, at) => [i, carried[at]]));
  const words = (i) => {
    if (elsewhere.has(i)) return elsewhere.get(i);
    const there = byId("p" + rows[i]), text = there && there.querySelector(".text");
    return text ? text.textContent : "";
  };
  const short = (text, most) => {
    const parts = text.trim().split(/\s+/);
    const cut = parts.length > most ? parts.slice(0, most).join(" ") + "…" : parts.join(" ");
    return cut.length > most * 9 ? cut.slice(0, most * 9) + "…" : cut;
  };

  // The ways to colour: names in their order, what a paragraph without a value is called, and its value (0 is none).
  const kinds = data.themes.filter(([id]) => id >= 0);
  const ways = {
    theme: { names: kinds.map(([, name]) => name), hues: kinds.map(([id]) => id), none: "No theme", of: (i) => (theme(i) < 0 ? 0 : packed.theme[i] + 1) },
    code: { names: data.codes, none: "No code", of: (i) => (packed.codes[i] ? packed.code[codesFrom[i]] + 1 : 0), several: true },
  };
  for (const [key, title, names, none, ordered] of data.ways) ways[key] = { title, names, none, ordered, of: (i) => packed[key][i] };
  for (const way of Object.values(ways)) {
    way.counts = new Uint32Array(way.names.length + 1);
    for (let i = 0; i < n; i++) each(way, i, (value) => way.counts[value]++);
  }
  function each(way, i, act) {
    if (way.several && packed.codes[i]) codesOf(i).forEach((code) => act(code + 1));
    else act(way.of(i));
  }
  const colour = byId("colour"), legend = byId("legend");
  let way = ways[colour.value] || ways.theme, value = new Uint32Array(n), order = new Uint32Array(n);
  const picked = new Set();
  const style = (index) => {
    if (index === 0) return { name: "tn", shape: 0 };
    const id = way.hues ? way.hues[index - 1] : index - 1;
    return { name: "t" + id % data.hues, shape: way.ordered ? 0 : data.shapes[id % data.shapes.length] };
  };

  // Colours come from the page's style, so that they follow light and dark.
  const shown = { paper: [255, 255, 255], colours: [] };
  const readColours = () => {
    const page = getComputedStyle(document.documentElement), of = (name) => mapPoints.rgb(page.getPropertyValue("--" + name));
    const steps = ["d0", "d1", "d2", "d3"].map(of), last = Math.max(1, way.names.length - 1);
    shown.paper = of("paper");
    shown.colours = [of("none"), ...way.names.map((_, i) => (way.ordered ? mapPoints.along(steps, i / last) : of(style(i + 1).name)))];
  };
  const key = (index) => {
    const ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg"), { name, shape } = style(index);
    const path = document.createElementNS(ns, "path");
    path.setAttribute("d", ["M2.4 7a4.6 4.6 0 1 1 9.2 0a4.6 4.6 0 1 1-9.2 0z", "M2.9 2.9h8.2v8.2H2.9z", "M7 1.3l5.6 10.7H1.4z", "M7 1l6 6-6 6-6-6z"][shape]);
    svg.setAttribute("viewBox", "0 0 14 14");
    svg.setAttribute("class", "key " + (way.ordered && index ? "" : name));
    svg.setAttribute("aria-hidden", "true");
    if (way.ordered && index) path.style.fill = "rgb(" + shown.colours[index].join(",") + ")";
    svg.append(path);
    return svg;
  };

  // What is selected.
  const form = byId("filters"), search = byId("search"), tip = byId("tip"), pin = byId("pin"), list = byId("list");
  const chosen = { code: byId("code"), source: byId("source"), from: byId("from"), to: byId("to") };
  const on = new Uint8Array(n).fill(1), low = new Array(n);
  const searched = (i) => {
    if (low[i] === undefined) low[i] = (data.mode === "none" ? doc(i)[0] : words(i)).toLowerCase().replace(/\s+/g, " ").trim();
    return low[i];
  };
  const say = (text) => { byId("count").textContent = text; };
  let query = "", results = [], result = -1, selected = n, perValue = new Uint32Array(0);

  const select = () => {
    query = search.value.trim().toLowerCase().replace(/\s+/g, " ");
    const asked = (name) => (chosen[name] ? chosen[name].value : "");
    const code = asked("code"), source = asked("source"), from = asked("from"), to = asked("to");
    let known = 0;
    results = [];
    selected = 0;
    perValue = new Uint32Array(way.names.length + 1);
    for (let i = 0; i < n; i++) {
      const date = doc(i)[2];
      let kept = (code === "" || (code === "none" ? !packed.codes[i] : codesOf(i).includes(+code)))
        && (source === "" || doc(i)[1] === source) && (from === "" || (date && date.slice(0, from.length) >= from))
        && (to === "" || (date && date.slice(0, to.length) <= to));
      if (kept && picked.size) {
        let any = false;
        each(way, i, (one) => { any = any || picked.has(one); });
        kept = any;
      }
      if (kept && query) {
        const text = searched(i);
        if (text) known++;
        kept = text !== "" && text.includes(query);
      } else if (kept) known++;
      on[i] = kept ? 1 : 0;
      if (!kept) continue;
      selected++;
      if (query) results.push(i);
      each(way, i, (one) => perValue[one]++);
    }
    result = -1;
    say(told(known, [code, source, from, to].some(Boolean) || picked.size > 0));
    byId("hits").hidden = !results.length;
    byId("at").textContent = results.length ? number(results.length) + (results.length === 1 ? " result" : " results") : "";
    fill();
    tableShown = 100;
    table();
    recolour();
  };
  const told = (known, filtered) => {
    const parts = [...perValue].map((count, index) => [count, index]).filter(([count]) => count);
    if (!way.ordered) parts.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    const listed = parts.slice(0, 6).map(([count, index]) => (index ? way.names[index - 1] : way.none) + " " + number(count));
    if (parts.length > 6) listed.push(number(parts.length - 6) + " others");
    const rule = way.several ? " A paragraph with several codes has the colour of its most probable one." : "";
    const by = selected ? ", by " + colour.options[colour.selectedIndex].text.toLowerCase() + ": " + listed.join("; ") + "." : ".";
    if (!query) return filtered ? number(selected) + " of " + number(n) + " paragraphs selected" + by + rule : number(n) + " paragraphs." + rule;
    const what = (known === 1 ? " paragraph " : filtered ? " selected paragraphs " : " paragraphs ");
    const verb = data.mode === "none" ? (selected === 1 ? "is in a document named “" : "are in documents named “") : selected === 1 ? "contains “" : "contain “";
    let text = number(selected) + " of " + number(known) + what + verb + search.value.trim() + "”" + by;
    if (data.mode === "snippet") text += " Only the first words of each paragraph were searched.";
    else if (!filtered && known < n) text += " The page has the words of " + number(known) + " of " + number(n) + " paragraphs; “toolkit search” reads all.";
    return text;
  };

  // The legend follows the colours: counts of all, or of what is selected out of all; a click selects.
  const fill = () => {
    const some = selected < n, indices = way.names.map((_, i) => i + 1);
    if (way.counts[0]) indices.push(0);
    const held = legend.contains(document.activeElement) ? document.activeElement.dataset.value : null;
    legend.replaceChildren(...indices.filter((index) => way.counts[index] || way.several || way.ordered).map((index) => {
      const all = number(way.counts[index]), count = some ? number(perValue[index]) + " of " + all : all;
      const button = make("button", { type: "button" }, key(index));
      if (way === ways.theme && index) button.append(make("span", { className: "id", textContent: way.hues[index - 1] }));
      button.append(make("bdi", { textContent: index ? way.names[index - 1] : way.none }), make("span", { className: "num", textContent: count }));
      button.dataset.value = index;
      button.setAttribute("aria-pressed", String(picked.has(index)));
      button.addEventListener("click", () => {
        if (!picked.delete(index)) picked.add(index);
        select();
      });
      return make("li", {}, button);
    }));
    if (held !== null) { const again = legend.querySelector('[data-value="' + held + '"]'); if (again) again.focus(); }
  };

  // The values that colour the points, and the order of drawing: no value lowest, then the largest first.
  const recolour = () => {
    readColours();
    for (let i = 0; i < n; i++) {
      value[i] = way.of(i);
      if (way.several && picked.size && !picked.has(value[i])) {
        const other = codesOf(i).find((code) => picked.has(code + 1));
        if (other !== undefined) value[i] = other + 1;
      }
    }
    const size = way.counts.length, ranks = [...way.counts.keys()].sort((a, b) => (a > 0) - (b > 0) || way.counts[b] - way.counts[a]);
    const starts = new Uint32Array(size + 1), rank = new Uint32Array(size);
    ranks.forEach((index, at) => { rank[index] = at; });
    for (let i = 0; i < n; i++) starts[rank[value[i]] + 1]++;
    for (let c = 0; c < size; c++) starts[c + 1] += starts[c];
    for (let i = 0; i < n; i++) order[starts[rank[value[i]]]++] = i;
    paint();
  };

  // The picture: pixels for the points, elements for names, marks about the nearest and the chosen point.
  const canvas = make("canvas"), context = canvas.getContext("2d", { alpha: false });
  canvas.setAttribute("aria-hidden", "true");
  const names = make("div", { className: "names" }), near_ = make("div", { className: "ring", hidden: true }), pinned_ = make("div", { className: "ring pinned", hidden: true });
  names.setAttribute("aria-hidden", "true");
  stage.append(canvas, names, near_, pinned_);
  plot.classList.add("live");
  legend.hidden = false;
  const MOST = 24, view = { x: 0, y: 0, k: 1 }, size = { w: 1, h: 1 };
  let image = null, pixels = null, waiting = 0;
  const resize = () => {
    const dpr = Math.min(2, window.devicePixelRatio || 1), w = stage.clientWidth, h = stage.clientHeight;
    if (!w || !h) return;
    size.w = w; size.h = h;
    canvas.width = Math.round(w * dpr);
    canvas.height = Math.round(h * dpr);
    image = context.createImageData(canvas.width, canvas.height);
    pixels = new Int32Array(image.data.buffer);
    lay();
    paint();
  };
  const screen = (i) => [(xs[i] - view.x) * view.k * size.w, (ys[i] - view.y) * view.k * size.h];
  const base = n <= 400 ? 4.2 : n <= 1500 ? 3.6 : n <= 5000 ? 2.7 : n <= 20000 ? 1.9 : 1.4;
  const draw = () => {
    waiting = 0;
    if (!pixels) return;
    const dpr = canvas.width / size.w, w = canvas.width, h = canvas.height;
    const paper = mapPoints.number(shown.paper), colours = shown.colours.map(mapPoints.number);
    pixels.fill(-16777216 | paper);
    const radius = base * dpr * Math.min(2.4, view.k ** 0.35) * (size.w < 480 ? 0.85 : 1), some = selected < n;
    const masks = shown.colours.map((_, index) => mapPoints.mask(style(index).shape, index ? radius : radius * 0.85));
    const large = query ? shown.colours.map((_, index) => mapPoints.mask(style(index).shape, radius * 1.3)) : masks;
    const edges = n <= 5000 ? shown.colours.map((_, index) => mapPoints.mask(style(index).shape, radius + 0.9 * dpr)) : null;
    const alpha = n > 20000 ? 170 : n > 5000 ? 200 : 225, kx = view.k * w, ky = view.k * h, room = radius * 2;
    for (let pass = some ? 0 : 1; pass < 2; pass++) for (let j = 0; j < n; j++) {
      const i = order[j];
      if (on[i] !== pass) continue;
      const x = (xs[i] - view.x) * kx, y = (ys[i] - view.y) * ky;
      if (x < -room || y < -room || x > w + room || y > h + room) continue;
      const index = value[i];
      if (pass && edges) mapPoints.stamp(pixels, w, h, x, y, paper, edges[index], 150);
      mapPoints.stamp(pixels, w, h, x, y, colours[index], pass ? large[index] : masks[index], pass ? alpha : 26);
    }
    context.putImageData(image, 0, 0);
    for (const label of labels) {
      if (!label.spot) continue;
      const x = (label.x - view.x) * view.k * size.w + label.spot[0], y = (label.y - view.y) * view.k * size.h + label.spot[1];
      label.element.style.transform = "translate(" + x.toFixed(1) + "px," + y.toFixed(1) + "px) translate(-50%,-50%)";
    }
    mark(near_, near);
    mark(pinned_, pinned);
  };
  const mark = (element, i) => {
    element.hidden = i < 0;
    if (i >= 0) element.style.transform = "translate(" + screen(i).map((v) => v.toFixed(1) + "px").join(",") + ") translate(-50%,-50%)";
  };
  const paint = () => { if (!waiting) waiting = requestAnimationFrame(draw); };

  // Names at two levels: of broader themes while the whole map is shown, of the themes themselves from nearby.
  const CLOSE = 1.5, FIRST = 12;
  const labels = [];
  const label = (text, level, themes) => {
    const element = make("div", { className: "name " + level, hidden: true }, make("bdi", { textContent: text }));
    names.append(element);
    labels.push({ element, level, themes: new Set(themes), x: 0, y: 0, w: 0, h: 0, spot: null });
  };
  for (const [text, themes] of data.broad) label(text, "broad", themes);
  for (const [id, text] of kinds) label(text, "single", [id]);
  const ENOUGH = 500; // of a theme's points, evenly taken, tell where its middle is
  const byTheme = new Map(kinds.map(([id]) => [id, []]));
  for (let i = 0; i < n; i++) if (theme(i) >= 0) byTheme.get(theme(i)).push(i);
  const members = labels.map(({ themes }) => {
    const some = [...themes].flatMap((id) => byTheme.get(id) || []), every = Math.ceil(some.length / ENOUGH) || 1;
    return some.filter((_, at) => at % every === 0);
  });
  const middle = (some) => {
    const at = (values) => Float32Array.from(some, (i) => values[i]).sort()[some.length >> 1];
    const mx = at(xs), my = at(ys);
    let best = 0, least = Infinity;
    for (const i of some) { const away = (xs[i] - mx) ** 2 + (ys[i] - my) ** 2; if (away < least) { best = i; least = away; } }
    return best;
  };
  const inFrame = (i) => xs[i] >= view.x && ys[i] >= view.y && xs[i] <= view.x + 1 / view.k && ys[i] <= view.y + 1 / view.k;
  const lay = () => {
    const close = view.k >= CLOSE, crowd = mapNames.density(size.w, size.h, xs, ys, view), first = size.w >= 560 ? FIRST : data.broad.length ? 0 : 6, bar = stage.querySelector(".zoom");
    const tried = [];
    labels.forEach((one, at) => {
      one.spot = null;
      const wanted = one.level === "broad" ? !close : close || at - data.broad.length < first;
      const seen = wanted ? members[at].filter(inFrame) : [];
      if (!seen.length || (close && seen.length < 3 && members[at].length > seen.length * 4)) { one.element.hidden = true; return; }
      const anchor = middle(seen);
      one.x = xs[anchor]; one.y = ys[anchor];
      one.element.hidden = false;
      tried.push(one);
    });
    for (const one of tried) { one.w = one.element.offsetWidth; one.h = one.element.offsetHeight; }
    const spots = mapNames.placed(tried.map((one) => {
      const x = (one.x - view.x) * view.k * size.w, y = (one.y - view.y) * view.k * size.h;
      return { x, y, w: one.w, h: one.h, most: one.level === "broad" ? 999 : close ? 90 : 60 };
    }), size.w, size.h, crowd, bar ? [{ x: size.w - bar.offsetWidth / 2 - 7, y: size.h - bar.offsetHeight / 2 - 7, w: bar.offsetWidth, h: bar.offsetHeight }] : []);
    spots.forEach((spot, at) => {
      const one = tried[at];
      one.element.hidden = !spot;
      if (spot) one.spot = [spot.x - (one.x - view.x) * view.k * size.w, spot.y - (one.y - view.y) * view.k * size.h];
    });
    paint();
  };
  let settling = 0;
  const settle = () => { clearTimeout(settling); settling = setTimeout(lay, 140); };

  // Nearer: buttons, + - 0 on the keyboard, Ctrl and the wheel, a double click, two fingers; a near map is moved by dragging.
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const frame = () => {
    view.k = Math.max(1, Math.min(MOST, view.k));
    view.x = Math.max(0, Math.min(1 - 1 / view.k, view.x));
    view.y = Math.max(0, Math.min(1 - 1 / view.k, view.y));
    stage.classList.toggle("closer", view.k > 1);
    point(-1);
    if (pinned >= 0) beside(pinned);
    paint();
    settle();
  };
  let moving = 0;
  const go = (x, y, k) => {
    cancelAnimationFrame(moving);
    k = Math.max(1, Math.min(MOST, k));
    const held = (v) => Math.max(0, Math.min(1 - 1 / k, v));
    const from = { ...view }, to = { x: held(x), y: held(y), k }, start = performance.now();
    stage.dataset.zoom = k.toFixed(2);
    const step = (now) => {
      const t = still.matches ? 1 : Math.min(1, Math.max(0, (now - start) / 180)), e = t * (2 - t);
      for (const name of ["x", "y", "k"]) view[name] = from[name] + (to[name] - from[name]) * e;
      frame();
      if (t < 1) moving = requestAnimationFrame(step);
    };
    if (still.matches) step(start); else moving = requestAnimationFrame(step);
  };
  const zoom = (times, ax = 0.5, ay = 0.5, slide = true) => {
    const k = Math.max(1, Math.min(MOST, view.k * times)), x = view.x + ax / view.k - ax / k, y = view.y + ay / view.k - ay / k;
    if (slide) return go(x, y, k);
    Object.assign(view, { x, y, k });
    stage.dataset.zoom = k.toFixed(2);
    frame();
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 150), ...at(event), false);
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => { event.preventDefault(); zoom(2, ...at(event)); });
  const fingers = new Map();
  let dragged = false;
  canvas.addEventListener("pointerdown", (event) => {
    if (!fingers.size) dragged = false;
    fingers.set(event.pointerId, [...at(event), ...at(event)]);
  });
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger || (event.pointerType === "mouse" && !event.buttons)) { fingers.delete(event.pointerId); return point(nearest(event)); }
    const [x, y] = at(event), [ox, oy, sx, sy] = finger;
    if (Math.hypot((x - sx) * size.w, (y - sy) * size.h) > 4) { dragged = true; if (canvas.setPointerCapture && event.isTrusted) canvas.setPointerCapture(event.pointerId); }
    const other = [...fingers].find(([id]) => id !== event.pointerId);
    finger[0] = x; finger[1] = y;
    if (other) {
      const [px, py] = other[1], apart = (a, b) => Math.hypot((a - px) * size.w, (b - py) * size.h) || 1;
      dragged = true;
      zoom(apart(x, y) / apart(ox, oy), px, py, false);
    } else if (dragged && view.k > 1) {
      view.x -= (x - ox) / view.k;
      view.y -= (y - oy) / view.k;
      frame();
    }
  });
  stage.append(make("div", { className: "zoom" }, ...[["+", "Zoom in", () => zoom(1.6)], ["−", "Zoom out", () => zoom(1 / 1.6)], ["Whole", "Show the whole map", () => go(0, 0, 1)]].map(([sign, name, act]) => {
    const button = make("button", { type: "button", textContent: sign, title: name });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    return button;
  })));

  // A paragraph in a few words (hover) and in full (a card beside its point).
  let near = -1, pinned = -1;
  const point = (i) => {
    near = i;
    mark(near_, i);
    tip.hidden = i < 0 || i === pinned;
    if (tip.hidden) return;
    tip.replaceChildren(make("p", { className: "meta" }, make("bdi", { textContent: where(i) })),
      make("bdi", { className: "text", textContent: short(words(i), 36) || doc(i)[0] }), make("p", { className: "meta" }, make("bdi", { textContent: themeName(i) })));
    const [x, y] = screen(i);
    tip.style.left = Math.max(4, Math.min(x + 14, size.w - tip.offsetWidth - 4)) + "px";
    tip.style.top = (y + 16 + tip.offsetHeight > size.h && y > tip.offsetHeight ? y - tip.offsetHeight - 12 : y + 14) + "px";
  };
  const NARROW = 520;
  const beside = (i) => {
    const low = size.w < NARROW;
    pin.classList.toggle("docked", low);
    if (low) { for (const name of ["left", "top", "maxHeight"]) pin.style[name] = ""; return; }
    const box = stage.getBoundingClientRect(), top = Math.max(4, 4 - box.top), bottom = Math.min(size.h, innerHeight - box.top) - 4;
    pin.style.maxHeight = Math.max(160, Math.min(320, bottom - top)) + "px";
    const [x, y] = screen(i), wide = pin.offsetWidth, right = x + 16 + wide <= size.w - 4 || x < size.w / 2;
    pin.style.left = Math.max(4, Math.min(size.w - wide - 4, right ? x + 16 : x - 16 - wide)) + "px";
    pin.style.top = Math.max(top, Math.min(bottom - pin.offsetHeight, y - 40)) + "px";
  };
  // Text with the words that were searched marked in it.
  const marked = (text) => {
    const parts = [], lower = text.toLowerCase();
    let from = 0;
    if (query && lower.length === text.length) for (let at = lower.indexOf(query); at >= 0; at = lower.indexOf(query, from)) {
      parts.push(text.slice(from, at), make("mark", { textContent: text.slice(at, at + query.length) }));
      from = at + query.length;
    }
    return [...parts, text.slice(from)];
  };
  const close = () => { fix(-1); stage.focus({ preventScroll: true }); };
  const fix = (i) => {
    pinned = i;
    pin.hidden = i < 0;
    mark(pinned_, i);
    if (i < 0) return;
    point(-1);
    const button = make("button", { type: "button", textContent: "Close" }), links = [];
    button.addEventListener("click", close);
    if (theme(i) >= 0) links.push(make("a", { href: "#theme-" + theme(i) }, make("bdi", { textContent: "Theme: " + themeName(i) })));
    else links.push("No theme");
    if (data.mostly[theme(i)]) links.push(" (", make("bdi", { textContent: data.mostly[theme(i)] }), ")");
    codesOf(i).forEach((code) => links.push(" · ", make("a", { href: "#code-" + code }, make("bdi", { textContent: "Code: " + data.codes[code] }))));
    const text = words(i), body = make("bdi", { className: "text" }, ...marked(text));
    if (byId("p" + rows[i])) links.push(" · ", make("a", { href: "#p" + rows[i], textContent: "In its document" }));
    else if (!text && data.mode !== "none") body.textContent = "The page does not contain this paragraph's words; tables/paragraphs.csv does.";
    pin.replaceChildren(button, make("p", { className: "meta" }, make("b", {}, make("bdi", { textContent: doc(i)[0] })), make("br"), make("bdi", { textContent: where(i) })),
      body, make("p", { className: "small" }, ...links));
    pin.scrollTop = 0;
    beside(i);
  };
  // A point that is out of the frame comes into it before its card opens.
  const show = (i, focus) => {
    const [x, y] = screen(i), box = stage.getBoundingClientRect();
    if (x < 0 || y < 0 || x > size.w || y > size.h) { Object.assign(view, { x: xs[i] - 0.5 / view.k, y: ys[i] - 0.5 / view.k }); frame(); }
    if (box.top < 0 || box.bottom > innerHeight) stage.scrollIntoView({ block: box.height < innerHeight ? "nearest" : "start", behavior: "instant" });
    fix(i);
    if (focus) pin.focus({ preventScroll: true });
  };
  const lookup = mapPoints.grid(xs, ys);
  const nearest = (event) => {
    const [x, y] = at(event);
    return lookup(view.x + x / view.k, view.y + y / view.k, 18, size.w * view.k, size.h * view.k, (i) => on[i]);
  };
  canvas.addEventListener("pointerleave", () => point(-1));
  canvas.addEventListener("click", (event) => {
    if (dragged) return;
    const i = nearest(event);
    if (i < 0) fix(-1); else { fix(i); pin.focus({ preventScroll: true }); }
  });
  pin.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); close(); } });

  // The results of a search, one after the other.
  const turn = (step, focus) => {
    if (!results.length) return;
    result = result < 0 ? (step > 0 ? 0 : results.length - 1) : (result + step + results.length) % results.length;
    byId("at").textContent = number(result + 1) + " of " + number(results.length);
    show(results[result], focus);
  };
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); turn(event.shiftKey ? -1 : 1); }
    else if (event.key === "Escape" && pinned >= 0) { event.preventDefault(); fix(-1); }
  });

  // The same by keyboard: arrows go to the nearest point that way, Enter opens its card, Escape lets go.
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const step = ([dx, dy]) => {
    const from = near >= 0 ? near : pinned;
    if (from < 0) return on.indexOf(1);
    let best = from, least = Infinity;
    for (let i = 0; i < n; i++) {
      if (!on[i] || i === from) continue;
      const ax = (xs[i] - xs[from]) * size.w, ay = (ys[i] - ys[from]) * size.h, ahead = ax * dx + ay * dy, off = Math.abs(ax * dy) + Math.abs(ay * dx);
      if (ahead > 0 && ahead + 2 * off < least) { best = i; least = ahead + 2 * off; }
    }
    return best;
  };
  stage.addEventListener("keydown", (event) => {
    if (event.target !== stage) return;
    if (arrows[event.key]) {
      const i = step(arrows[event.key]), [x, y] = i < 0 ? [0, 0] : screen(i);
      if (i >= 0 && (x < 0 || y < 0 || x > size.w || y > size.h)) { Object.assign(view, { x: xs[i] - 0.5 / view.k, y: ys[i] - 0.5 / view.k }); frame(); }
      point(i);
    } else if (event.key === "0") { go(0, 0, 1); return event.preventDefault(); }
    else if ("+-".includes(event.key)) { zoom(event.key === "+" ? 1.6 : 1 / 1.6); return event.preventDefault(); }
    else if (event.key === "Enter" && near >= 0) { say("Opened: " + where(near)); show(near, true); return event.preventDefault(); }
    else if (event.key === "Escape") { point(-1); fix(-1); }
    else return;
    event.preventDefault();
    if (near >= 0) say(themeName(near) + ". " + where(near) + ". " + short(words(near), 36));
  });
  stage.addEventListener("blur", () => point(-1));

  // The same selection as a table.
  let tableShown = 100, sorted = ["", 1];
  const cells = { theme: themeName, source: (i) => doc(i)[1], date: (i) => doc(i)[2], text: words };
  const table = () => {
    const body = byId("rows");
    if (!list.open) { body.replaceChildren(); return; }
    const some = [], [name, way_] = sorted;
    for (let i = 0; i < n; i++) if (on[i]) some.push(i);
    if (name) {
      const keys = new Map(some.map((i) => [i, cells[name](i)]));
      some.sort((a, b) => way_ * (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : 0) || a - b);
    }
    body.replaceChildren(...some.slice(0, tableShown).map((i) => {
      const button = make("button", { type: "button", textContent: "Show" });
      button.setAttribute("aria-label", "Show paragraph " + packed.position[i] + " of " + doc(i)[0]);
      button.addEventListener("click", () => show(i, true));
      const parts = ["theme", "source", "date"].map((part) => make("td", {}, make("bdi", { textContent: cells[part](i) })));
      return make("tr", {}, ...parts, make("td", {}, make("bdi", { textContent: short(words(i), 30) || doc(i)[0] })), make("td", {}, button));
    }));
    byId("more").hidden = some.length <= tableShown;
  };
  list.addEventListener("toggle", table);
  byId("more").addEventListener("click", () => { tableShown += 200; table(); });
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

  // Controls come to life.
  const recast = () => { way = ways[colour.value] || ways.theme; picked.clear(); readColours(); select(); };
  form.hidden = false;
  const changed = (event) => { if (event.target === colour) recast(); else select(); };
  form.addEventListener("input", changed);
  for (const part of [...Object.values(chosen), colour]) if (part) part.addEventListener("change", changed); // what drives a browser may say only this
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    const kept = colour.value;
    form.reset();
    colour.value = kept;
    picked.clear();
    fix(-1);
    select();
  });
  list.hidden = false;
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", "Map of paragraphs. Arrow keys move between paragraphs, Enter opens one, Escape closes it, plus and minus zoom, 0 shows the whole map.");
  stage.mapPlace = (row) => { const i = rows.indexOf(row); return i < 0 ? null : screen(i); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); fill(); paint(); });
  addEventListener("scroll", () => { if (pinned >= 0) beside(pinned); }, { passive: true });
  if (window.ResizeObserver) new ResizeObserver(resize).observe(stage); else addEventListener("resize", resize);
  if (document.fonts && document.fonts.ready) document.fonts.ready.then(() => lay());
  recast();
  resize();
  stage.dataset.zoom = "1.00";
  stage.dataset.ready = "yes";
})();
