// The picture: pixels for the points, elements for the names, nearer and further by mouse, touch and keyboard.
const mapView = (model, state, stage) => {
  const { n, xs, ys } = model, MOST = 24, CLOSE = 1.5, FIRST = 12, ENOUGH = 500;
  const canvas = make("canvas"), context = canvas.getContext("2d", { alpha: false });
  const names = make("div", { className: "names" }), rings = { near: make("div", { className: "ring", hidden: true }), pinned: make("div", { className: "ring pinned", hidden: true }) };
  canvas.setAttribute("aria-hidden", "true");
  names.setAttribute("aria-hidden", "true");
  stage.append(canvas, names, rings.near, rings.pinned);
  const view = { x: 0, y: 0, k: 1 }, size = { w: 1, h: 1 }, colours = { paper: 0, values: [] };
  const screen = (i) => [(xs[i] - view.x) * view.k * size.w, (ys[i] - view.y) * view.k * size.h];
  const inFrame = (i) => xs[i] >= view.x && ys[i] >= view.y && xs[i] <= view.x + 1 / view.k && ys[i] <= view.y + 1 / view.k;
  let image = null, pixels = null, waiting = 0, moved = () => {};

  // Colours come from the page's style, so that they follow light and dark; values with an order lie along a scale.
  const readColours = () => {
    const page = getComputedStyle(document.documentElement), of = (name) => mapPoints.rgb(page.getPropertyValue("--" + name));
    const steps = ["d0", "d1", "d2", "d3"].map(of), last = Math.max(1, state.way.names.length - 1), way = state.way;
    names.classList.toggle("signed", way === model.ways.theme);
    colours.paper = mapPoints.number(of("paper"));
    colours.values = [of("none"), ...way.names.map((_, at) => (way.ordered ? mapPoints.along(steps, at / last) : of(model.look(way, at + 1).hue)))];
  };

  // What cannot be seen at once is drawn last: no value lowest, then the largest value, the smallest on top.
  const draw = () => {
    waiting = 0;
    if (!pixels) return;
    const w = canvas.width, h = canvas.height, dpr = w / size.w, base = n <= 400 ? 4.2 : n <= 1500 ? 3.6 : n <= 5000 ? 2.7 : n <= 20000 ? 1.9 : 1.4;
    const radius = base * dpr * Math.min(2.4, view.k ** 0.35) * (size.w < 480 ? 0.85 : 1), room = radius * 2;
    const masks = (r, grey = r) => colours.values.map((_, value) => mapPoints.mask(model.look(state.way, value).shape, value ? r : grey));
    const plain = masks(radius, radius * 0.85), large = state.query ? masks(radius * 1.3) : plain, edges = n <= 5000 ? masks(radius + 0.9 * dpr) : null;
    const shades = colours.values.map(mapPoints.number), alpha = n > 20000 ? 170 : n > 5000 ? 200 : 225, kx = view.k * w, ky = view.k * h;
    pixels.fill(-16777216 | colours.paper);
    for (let pass = state.selected < n ? 0 : 1; pass < 2; pass++) for (let j = 0; j < n; j++) {
      const i = state.order[j];
      if (state.on[i] !== pass) continue;
      const x = (xs[i] - view.x) * kx, y = (ys[i] - view.y) * ky, value = state.value[i];
      if (x < -room || y < -room || x > w + room || y > h + room) continue;
      if (pass && edges) mapPoints.stamp(pixels, w, h, x, y, colours.paper, edges[value], 150);
      mapPoints.stamp(pixels, w, h, x, y, shades[value], pass ? large[value] : plain[value], pass ? alpha : 26);
    }
    context.putImageData(image, 0, 0);
    for (const label of labels) if (label.spot) at(label.element, (label.x - view.x) * view.k * size.w + label.spot[0], (label.y - view.y) * view.k * size.h + label.spot[1]);
    ring("near");
    ring("pinned");
  };
  const at = (element, x, y) => { element.style.transform = "translate(" + x.toFixed(1) + "px," + y.toFixed(1) + "px) translate(-50%,-50%)"; };
  const ring = (name) => {
    rings[name].hidden = state[name] < 0;
    if (state[name] >= 0) at(rings[name], ...screen(state[name]));
  };
  const paint = () => { if (!waiting) waiting = requestAnimationFrame(draw); };
  const resize = () => {
    const dpr = Math.min(2, window.devicePixelRatio || 1), w = stage.clientWidth, h = stage.clientHeight;
    if (!w || !h) return;
    Object.assign(size, { w, h });
    canvas.width = Math.round(w * dpr);
    canvas.height = Math.round(h * dpr);
    image = context.createImageData(canvas.width, canvas.height);
    pixels = new Int32Array(image.data.buffer);
    lay();
  };

  // Names at two levels: of broader themes while the whole map is shown, of the themes themselves from nearby.
  const byTheme = new Map(model.kinds.map(([id]) => [id, []]));
  for (let i = 0; i < n; i++) if (model.theme(i) >= 0) byTheme.get(model.theme(i)).push(i);
  const labels = [...model.broad.map(([text, themes]) => [text, "broad", themes]), ...model.kinds.map(([id, text]) => [text, "single", [id]])].map(([text, level, themes]) => {
    const element = make("div", { className: "name " + level, hidden: true }, make("bdi", { textContent: text }));
    if (level === "single") element.style.setProperty("--hue", "var(--" + model.look(model.ways.theme, 1 + model.ways.theme.ids.indexOf(themes[0])).hue + ")");
    const all = themes.flatMap((id) => byTheme.get(id) || []), every = Math.ceil(all.length / ENOUGH) || 1;
    names.append(element);
    return { element, level, members: all.filter((_, i) => i % every === 0), x: 0, y: 0, spot: null };
  });
  // The point that is nearest to the median of some: a place where the theme really is.
  const middle = (some) => {
    const median = (values) => Float32Array.from(some, (i) => values[i]).sort()[some.length >> 1], mx = median(xs), my = median(ys);
    return some.reduce((best, i) => ((xs[i] - mx) ** 2 + (ys[i] - my) ** 2 < (xs[best] - mx) ** 2 + (ys[best] - my) ** 2 ? i : best), some[0]);
  };
  const lay = () => {
    const close = view.k >= CLOSE, first = size.w >= 560 ? FIRST : model.broad.length ? 0 : FIRST / 2, bar = stage.querySelector(".zoom");
    const tried = labels.filter((label, place) => {
      const wanted = label.level === "broad" ? !close : close || place - model.broad.length < first;
      const seen = wanted ? label.members.filter(inFrame) : [];
      label.spot = null;
      label.element.hidden = !seen.length || (close && seen.length < 3 && label.members.length > seen.length * 4);
      if (label.element.hidden) return false;
      const anchor = middle(seen);
      label.x = xs[anchor];
      label.y = ys[anchor];
      return true;
    });
    const boxes = tried.map(({ element, level, x, y }) => ({
      x: (x - view.x) * view.k * size.w, y: (y - view.y) * view.k * size.h, w: element.offsetWidth, h: element.offsetHeight, most: level === "broad" ? 999 : close ? 90 : 60,
    }));
    const taken = bar ? [{ x: size.w - bar.offsetWidth / 2 - 7, y: size.h - bar.offsetHeight / 2 - 7, w: bar.offsetWidth, h: bar.offsetHeight }] : [];
    mapNames.placed(boxes, size.w, size.h, mapNames.density(size.w, size.h, xs, ys, view), taken).forEach((spot, place) => {
      tried[place].element.hidden = !spot;
      if (spot) tried[place].spot = [spot.x - boxes[place].x, spot.y - boxes[place].y];
    });
    paint();
  };

  // Nearer and further.
  const still = matchMedia("(prefers-reduced-motion: reduce)"), held = (v, k) => Math.max(0, Math.min(1 - 1 / k, v));
  let settling = 0, moving = 0;
  const frame = (x, y, k) => {
    Object.assign(view, { x: held(x, k), y: held(y, k), k });
    stage.classList.toggle("closer", k > 1);
    moved();
    paint();
    clearTimeout(settling);
    settling = setTimeout(lay, 140);
  };
  const go = (x, y, times, slide = true) => {
    const k = Math.max(1, Math.min(MOST, times)), from = { ...view }, start = performance.now();
    cancelAnimationFrame(moving);
    stage.dataset.zoom = k.toFixed(2);
    if (!slide || still.matches) return frame(x, y, k);
    const to = { x: held(x, k), y: held(y, k), k };
    const step = (now) => {
      const t = Math.min(1, Math.max(0, (now - start) / 180)), e = t * (2 - t), part = (name) => from[name] + (to[name] - from[name]) * e;
      frame(part("x"), part("y"), part("k"));
      if (t < 1) moving = requestAnimationFrame(step);
    };
    moving = requestAnimationFrame(step);
  };
  // By a factor, about a place given in shares of the stage.
  const zoom = (times, ax = 0.5, ay = 0.5, slide = true) => {
    const k = Math.max(1, Math.min(MOST, view.k * times));
    go(view.x + ax / view.k - ax / k, view.y + ay / view.k - ay / k, k, slide);
  };
  const whole = () => go(0, 0, 1);
  const bring = (i) => { if (!inFrame(i)) frame(xs[i] - 0.5 / view.k, ys[i] - 0.5 / view.k, view.k); };
  const shares = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const lookup = mapPoints.grid(xs, ys);
  const nearest = (event) => {
    const [x, y] = shares(event);
    return lookup(view.x + x / view.k, view.y + y / view.k, 18, size.w * view.k, size.h * view.k, (i) => state.on[i]);
  };
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 150), ...shares(event), false);
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => { event.preventDefault(); zoom(2, ...shares(event)); });

  // A near map is moved by dragging; two fingers move it apart.
  const fingers = new Map();
  let dragged = false;
  canvas.addEventListener("pointerdown", (event) => {
    if (!fingers.size) dragged = false;
    fingers.set(event.pointerId, [...shares(event), ...shares(event)]);
  });
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger || (event.pointerType === "mouse" && !event.buttons)) return fingers.delete(event.pointerId);
    const [x, y] = shares(event), [ox, oy, sx, sy] = finger, other = [...fingers].find(([id]) => id !== event.pointerId);
    if (Math.hypot((x - sx) * size.w, (y - sy) * size.h) > 4) {
      dragged = true;
      if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
    }
    Object.assign(finger, [x, y]);
    if (other) {
      const [px, py] = other[1], apart = (a, b) => Math.hypot((a - px) * size.w, (b - py) * size.h) || 1;
      zoom(apart(x, y) / apart(ox, oy), px, py, false);
    } else if (dragged && view.k > 1) frame(view.x - (x - ox) / view.k, view.y - (y - oy) / view.k, view.k);
  });
  stage.append(make("div", { className: "zoom" }, ...[["+", "Zoom in", () => zoom(1.6)], ["−", "Zoom out", () => zoom(1 / 1.6)], ["Whole", "Show the whole map", whole]].map(([sign, name, act]) => {
    const button = make("button", { type: "button", textContent: sign, title: name });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    return button;
  })));
  return {
    canvas, size, colours, screen, ring, paint, resize, lay, readColours, zoom, whole, bring, nearest,
    dragging: () => fingers.size > 0, dragged: () => dragged, onMove: (act) => { moved = act; },
  };
};
