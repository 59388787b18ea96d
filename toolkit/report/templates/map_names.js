// Names on the map: none over another, inside the frame, as near to their themes as the room allows.
const mapNames = (() => {
  const GAP = 5, RINGS = 9, TURNS = 16, CELL = 8;
  const spots = [[0, 0]];
  for (let ring = 1; ring <= RINGS; ring++) for (let turn = 0; turn < TURNS; turn++) {
    const angle = 2 * Math.PI * turn / TURNS;
    spots.push([15 * ring * Math.cos(angle), 11 * ring * Math.sin(angle)]);
  }

  // How many points lie in each cell of the screen.
  const JUDGED = 5000;
  const density = (wide, high, xs, ys, view) => {
    const across = Math.ceil(wide / CELL), down = Math.ceil(high / CELL), counts = new Uint32Array(across * down);
    let all = 0;
    for (let i = 0, every = Math.ceil(xs.length / JUDGED); i < xs.length; i += every) {
      const x = (xs[i] - view.x) * view.k * wide, y = (ys[i] - view.y) * view.k * high;
      if (x < 0 || y < 0 || x >= wide || y >= high) continue;
      counts[Math.floor(y / CELL) * across + Math.floor(x / CELL)]++;
      all++;
    }
    return (x, y, w, h) => {
      let sum = 0;
      for (let row = Math.max(0, Math.floor((y - h / 2) / CELL)); row <= Math.min(down - 1, Math.floor((y + h / 2) / CELL)); row++) {
        for (let column = Math.max(0, Math.floor((x - w / 2) / CELL)); column <= Math.min(across - 1, Math.floor((x + w / 2) / CELL)); column++) sum += counts[row * across + column];
      }
      return all ? sum / all : 0;
    };
  };

  // Names in their order, the first with first choice: {x, y, w, h, most} to places [x, y], null where there is none.
  const placed = (names, wide, high, crowd, taken = []) => {
    const boxes = taken.slice();
    return names.map(({ x, y, w, h, most }) => {
      let best = null, least = Infinity;
      for (const [dx, dy] of spots) {
        const away = Math.hypot(dx, dy);
        if (away > most || 0.25 * away >= least) continue;
        const cx = Math.max(w / 2 + 4, Math.min(wide - w / 2 - 4, x + dx)), cy = Math.max(h / 2 + 4, Math.min(high - h / 2 - 4, y + dy));
        if (boxes.some((box) => Math.abs(box.x - cx) < (box.w + w) / 2 + GAP && Math.abs(box.y - cy) < (box.h + h) / 2 + GAP)) continue;
        const cost = 0.25 * Math.hypot(cx - x, cy - y) + 500 * crowd(cx, cy, w, h);
        if (cost < least) { best = { x: cx, y: cy, w, h }; least = cost; }
      }
      if (best) boxes.push(best);
      return best;
    });
  };
  // The sign of a value: its shape, in the hue of its class.
  const shapes = ["M2.4 7a4.6 4.6 0 1 1 9.2 0a4.6 4.6 0 1 1-9.2 0z", "M2.9 2.9h8.2v8.2H2.9z", "M7 1.3l5.6 10.7H1.4z", "M7 1l6 6-6 6-6-6z"];
  const sign = ({ hue, shape }) => {
    const ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg"), path = document.createElementNS(ns, "path");
    path.setAttribute("d", shapes[shape]);
    svg.setAttribute("viewBox", "0 0 14 14");
    svg.setAttribute("class", "key " + hue);
    svg.setAttribute("aria-hidden", "true");
    svg.append(path);
    return svg;
  };
  return { density, placed, sign };
})();
