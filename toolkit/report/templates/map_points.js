// The points of the map: unpacked, looked up by place, drawn as pixels (100,000 in a few milliseconds, without a GPU).
const mapPoints = (() => {
  const inflated = (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")));
  };

  // Columns of whole numbers, four planes of bytes each, the lowest first.
  const columns = (buffer, sizes) => {
    const bytes = new Uint8Array(buffer), made = {};
    let at = 0;
    for (const [name, n] of sizes) {
      const values = new Uint32Array(n);
      for (let i = 0; i < n; i++) {
        values[i] = bytes[at + i] | bytes[at + n + i] << 8 | bytes[at + 2 * n + i] << 16 | bytes[at + 3 * n + i] << 24;
      }
      made[name] = values;
      at += 4 * n;
    }
    return made;
  };

  // Places in a grid of cells, so that the nearest one is found by looking at a few of them.
  const grid = (xs, ys) => {
    const n = xs.length, side = Math.max(1, Math.min(512, Math.round(Math.sqrt(n / 2))));
    const cell = (v) => Math.max(0, Math.min(side - 1, Math.floor(v * side)));
    const starts = new Uint32Array(side * side + 1), inside = new Uint32Array(n);
    for (let i = 0; i < n; i++) starts[cell(ys[i]) * side + cell(xs[i]) + 1]++;
    for (let c = 0; c < side * side; c++) starts[c + 1] += starts[c];
    const next = starts.slice();
    for (let i = 0; i < n; i++) inside[next[cell(ys[i]) * side + cell(xs[i])]++] = i;
    // The accepted point nearest to (x, y) within a reach; all in shares of the frame, `wide` and `high` its size on screen.
    return (x, y, reach, wide, high, accepted) => {
      const dx = reach / wide, dy = reach / high;
      let best = -1, least = reach * reach;
      for (let row = cell(y - dy); row <= cell(y + dy); row++) {
        for (let column = cell(x - dx); column <= cell(x + dx); column++) {
          const c = row * side + column;
          for (let j = starts[c]; j < starts[c + 1]; j++) {
            const i = inside[j], away = ((xs[i] - x) * wide) ** 2 + ((ys[i] - y) * high) ** 2;
            if (away < least && accepted(i)) { best = i; least = away; }
          }
        }
      }
      return best;
    };
  };

  // Shapes as masks of coverage, once for each of 4 by 4 places within a pixel.
  const inside = [
    (x, y, r) => x * x + y * y <= r * r,
    (x, y, r) => Math.max(Math.abs(x), Math.abs(y)) <= 0.89 * r,
    (x, y, r) => y <= r && y >= -1.25 * r && Math.abs(x) <= 1.22 * r * (y + 1.25 * r) / (2.25 * r),
    (x, y, r) => Math.abs(x) + Math.abs(y) <= 1.3 * r,
  ];
  const PHASES = 4, SAMPLES = 16;
  const masks = new Map();
  const mask = (shape, radius) => {
    const key = shape + ":" + radius.toFixed(2);
    if (masks.has(key)) return masks.get(key);
    const reach = Math.ceil(radius * 1.3 + 0.5), phases = [];
    for (let phase = 0; phase < PHASES * PHASES; phase++) {
      const fx = (phase % PHASES + 0.5) / PHASES - 0.5, fy = (Math.floor(phase / PHASES) + 0.5) / PHASES - 0.5, cells = [];
      for (let y = -reach; y <= reach; y++) for (let x = -reach; x <= reach; x++) {
        let hits = 0;
        for (let s = 0; s < SAMPLES; s++) {
          if (inside[shape](x - fx + (s % 4 + 0.5) / 4 - 0.5, y - fy + (Math.floor(s / 4) + 0.5) / 4 - 0.5, radius)) hits++;
        }
        if (hits) cells.push(x, y, hits * 256 / SAMPLES);
      }
      phases.push(Int16Array.from(cells));
    }
    if (masks.size > 400) masks.clear();
    masks.set(key, { reach, phases });
    return masks.get(key);
  };

  // One shape blended into the pixels at (x, y), red and blue at once; colour is a number 0xbbggrr, alpha from 0 to 256.
  const stamp = (pixels, width, height, x, y, colour, shaped, alpha) => {
    const cx = Math.floor(x + 0.5), cy = Math.floor(y + 0.5), reach = shaped.reach;
    const column = Math.min(3, (x - cx + 0.5) * PHASES | 0), row = Math.min(3, (y - cy + 0.5) * PHASES | 0);
    const cells = shaped.phases[row * PHASES + column], rb = colour & 0xff00ff, g = colour & 0xff00, end = cells.length;
    const whole = cx >= reach && cy >= reach && cx + reach < width && cy + reach < height;
    for (let c = 0; c < end; c += 3) {
      const px = cx + cells[c], py = cy + cells[c + 1];
      if (!whole && (px < 0 || py < 0 || px >= width || py >= height)) continue;
      const at = py * width + px, a = cells[c + 2] * alpha >> 8, rest = 256 - a, old = pixels[at];
      pixels[at] = -16777216 | ((Math.imul(old & 0xff00ff, rest) + Math.imul(rb, a)) >>> 8 & 0xff00ff) | ((Math.imul(old & 0xff00, rest) + Math.imul(g, a)) >>> 8 & 0xff00);
    }
  };

  // "#rrggbb" as numbers.
  const rgb = (text) => [1, 3, 5].map((at) => parseInt(text.trim().slice(at, at + 2), 16));
  // Colours along stops, for values that have an order.
  const along = (stops, share) => {
    const at = share * (stops.length - 1), i = Math.min(stops.length - 2, Math.floor(at));
    return stops[i].map((low, c) => Math.round(low + (stops[i + 1][c] - low) * (at - i)));
  };
  const number = ([red, green, blue]) => blue << 16 | green << 8 | red;
  return { inflated, columns, grid, mask, stamp, rgb, along, number };
})();
