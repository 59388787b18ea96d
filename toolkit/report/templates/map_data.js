// What the map knows: its paragraphs, their documents, themes, codes and words, and the ways to colour them.
const mapData = async (holder) => {
  const data = JSON.parse(holder.textContent);
  const packed = mapPoints.columns(await mapPoints.inflated(data.columns).arrayBuffer(), data.sizes);
  const { documents, worded, words: carried } = await mapPoints.inflated(data.text).json();
  const n = packed.x.length, rows = packed.row, starts = new Uint32Array(n + 1);
  for (let i = 1; i < n; i++) rows[i] += rows[i - 1];
  for (let i = 0; i < n; i++) starts[i + 1] = starts[i] + packed.codes[i];
  const codesOf = (i) => packed.code.subarray(starts[i], starts[i + 1]);
  const theme = (i) => data.themes[packed.theme[i]][0], themeName = (i) => data.themes[packed.theme[i]][1];
  const doc = (i) => documents[packed.document[i]];

  // Words: in the page if the paragraph is in it, else in the packed list; of a large run some are in neither.
  const elsewhere = new Map(worded.map((i, at) => [i, carried[at]]));
  const words = (i) => {
    if (elsewhere.has(i)) return elsewhere.get(i);
    const there = byId("p" + rows[i]), text = there && there.querySelector(".text");
    return text ? text.textContent : "";
  };

  // Ways to colour: names in their order, what a paragraph without a value is called, and its value (0 is none).
  const kinds = data.themes.filter(([id]) => id >= 0);
  const ways = {
    theme: { names: kinds.map(([, name]) => name), ids: kinds.map(([id]) => id), none: "No theme", of: (i) => (theme(i) < 0 ? 0 : packed.theme[i] + 1) },
    code: { names: data.codes, none: "No code", of: (i) => (packed.codes[i] ? packed.code[starts[i]] + 1 : 0), several: true },
  };
  for (const [key, , names, none, ordered] of data.ways) ways[key] = { names, none, ordered, of: (i) => packed[key][i] };
  // Every value of a paragraph: one, or each of its codes.
  const each = (way, i, act) => {
    if (way.several && packed.codes[i]) for (const code of codesOf(i)) act(code + 1);
    else act(way.of(i));
  };
  for (const way of Object.values(ways)) {
    way.counts = new Uint32Array(way.names.length + 1);
    for (let i = 0; i < n; i++) each(way, i, (value) => way.counts[value]++);
  }
  // Hue and shape of a value, as the figures have them.
  const look = (way, value) => {
    if (value === 0) return { hue: "tn", shape: 0 };
    const id = way.ids ? way.ids[value - 1] : value - 1;
    return { hue: "t" + id % data.hues, shape: way.ordered ? 0 : data.shapes[id % data.shapes.length] };
  };
  return {
    n, rows, theme, themeName, codesOf, doc, words, kinds, ways, each, look,
    xs: Float32Array.from(packed.x, (x) => x / data.frame[0]), ys: Float32Array.from(packed.y, (y) => y / data.frame[1]),
    mode: data.mode, broad: data.broad, mostly: data.mostly, codes: data.codes,
    position: (i) => packed.position[i],
    where: (i) => [doc(i)[1] || "no source", doc(i)[2] || "undated", "paragraph " + packed.position[i]].join(", "),
    short: (text, most) => {
      const parts = text.trim().split(/\s+/);
      const cut = parts.length > most ? parts.slice(0, most).join(" ") + "…" : parts.join(" ");
      return cut.length > most * 9 ? cut.slice(0, most * 9) + "…" : cut;
    },
  };
};
