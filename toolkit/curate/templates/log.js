"use strict";
// What decisions make of the themes of a run, and the log as a file. Nothing here touches the page.
const decisionsOf = (run) => {
  const NONE = "none";
  const HIDDEN = /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  const oneLine = (text) => text.replace(/\s+/g, " ").replace(HIDDEN, "").trim();
  const nameOf = (text) => oneLine(oneLine(text).slice(0, 120));
  const lines = (text) => text.split(/\r\n?|\n/).map(oneLine).join("\n").trim();

  // ---- themes after decisions
  const begin = () => {
    const themes = run.themes.map((one) => ({
      ...one, keys: [one.key], bases: [one.key], named: one.by ? one.label : "", by: one.by || "", whole: true,
      best: [...one.best], weak: [...one.weak], notes: [...one.notes],
    }));
    const none = { ...run.none, key: NONE, keys: [NONE], bases: [], named: "", by: "", whole: false, weak: [], notes: [], words: [], best: [...run.none.best] };
    return { themes, none, homes: run.paragraphs.map((one) => one.home) };
  };
  const find = (state, key) => key === NONE ? state.none : state.themes.find((one) => one.keys.includes(key));
  const weave = (lists) => {
    const longest = Math.max(...lists.map((list) => list.length));
    return [...new Set(Array.from({ length: longest }, (_, at) => lists.map((list) => list[at])).flat().filter((one) => one !== undefined))];
  };
  const settle = (state, from, to) => { state.homes = state.homes.map((home) => from.includes(home) ? to : home); };
  const ACTS = {
    rename: (state, line) => { Object.assign(find(state, line.theme), { label: line.to, named: line.to, by: line.who }); },
    note: (state, line) => { find(state, line.theme).notes.push({ text: line.text, who: line.who }); },
    merge: (state, line) => {
      const joined = line.themes.map((key) => find(state, key));
      const kept = joined.find((one) => one.named);
      const named = line.to || (kept ? kept.named : "");
      const largest = joined.reduce((one, other) => other.n > one.n ? other : one);
      const union = {
        ...largest, key: line.as, keys: [line.as, ...joined.flatMap((one) => one.keys)], bases: joined.flatMap((one) => one.bases), whole: false, machine: "",
        label: named || joined.map((one) => one.label).join(" + "), named, by: line.to ? line.who : kept ? kept.by : "",
        n: joined.reduce((sum, one) => sum + one.n, 0), words: weave(joined.map((one) => one.words)).slice(0, 10),
        best: weave(joined.map((one) => one.best)), weak: weave(joined.map((one) => one.weak)), notes: joined.flatMap((one) => one.notes),
      };
      settle(state, joined.flatMap((one) => one.keys), line.as);
      state.themes = state.themes.filter((one) => one === largest || !joined.includes(one)).map((one) => one === largest ? union : one);
    },
    split: (state, line) => {
      const whole = find(state, line.theme), halves = run.halves[whole.key];
      const parts = [0, 1].map((half) => ({
        ...whole, key: line.as[half], keys: half ? [line.as[1]] : [line.as[0], ...whole.keys], bases: [], whole: false, machine: "", named: "", by: "",
        label: `${whole.label} (${half + 1})`, n: halves.n[half], words: halves.words[half], best: [...halves.best[half]], weak: [], notes: half ? [] : whole.notes,
      }));
      run.paragraphs.forEach((one, at) => { if (state.homes[at] === whole.key) state.homes[at] = line.as[one.half || 0]; });
      state.themes = state.themes.flatMap((one) => one === whole ? parts : [one]);
    },
    drop: (state, line) => {
      const gone = find(state, line.theme);
      settle(state, gone.keys, NONE);
      state.none.n += gone.n;
      state.none.best.push(...gone.best);
      state.themes = state.themes.filter((one) => one !== gone);
    },
    move: (state, line) => {
      for (const digest of line.paragraphs) {
        const at = run.paragraphs.findIndex((one) => one.digest === digest);
        if (at < 0) continue;
        const from = find(state, state.homes[at]), to = find(state, line.to);
        for (const list of [from.best, from.weak]) if (list.includes(at)) list.splice(list.indexOf(at), 1);
        if (from !== to) { from.n -= 1; to.n += 1; }
        from.whole = to.whole = false;
        to.best.push(at);
        state.homes[at] = to.key;
      }
    },
  };
  const meant = (line) => [line.theme, ...(line.themes || []), line.do === "move" && line.to !== NONE ? line.to : null].filter(Boolean);
  const made = (line) => [line.as || []].flat();
  // Lines that cannot stay because a line they rest on was taken back: they mean a theme which that line makes.
  const sorted = (past, taken, later) => {
    const gone = new Set(), kept = { past: [], made: [], lost: new Set() };
    [...past.map((line, at) => [line, taken.has(at), "past"]), ...later.map((line) => [line, false, "made"])].forEach(([line, back, which]) => {
      if (back || meant(line).some((key) => gone.has(key))) {
        made(line).forEach((key) => gone.add(key));
        if (!back) kept.lost.add(line);
      } else kept[which].push(line);
    });
    return kept;
  };
  const replay = (made_lines) => {
    const state = begin();
    for (const line of made_lines) ACTS[line.do](state, line);
    return state;
  };
  const fits = (made_lines) => { try { replay(made_lines); return true; } catch { return false; } };
  const fresh = (letter, taken) => {
    let number = 1;
    while ([...taken].some((key) => key.replace(/[ab]$/, "") === `${letter}${number}`)) number += 1;
    return `${letter}${number}`;
  };

  // ---- evidence
  const byPair = new Map(run.pairs.map(([a, b, together, cosine]) => [`${a} ${b}`, { together, cosine }]));
  const basePair = (a, b) => byPair.get(`${a} ${b}`) || byPair.get(`${b} ${a}`);
  const size = new Map(run.themes.map((one) => [one.key, one.n]));
  const shared = (one, other) => {
    const rest = other.words.map((word) => word.toLowerCase());
    return one.words.filter((word) => rest.includes(word.toLowerCase()));
  };
  const between = (one, other) => {
    let sum = 0, of = 0;
    const pairs = one.bases.flatMap((a) => other.bases.map((b) => [a, b, basePair(a, b)]));
    for (const [a, b, pair] of pairs) {
      if (!pair || pair.together === null) { of = 0; break; }
      sum += pair.together * size.get(a) * size.get(b);
      of += size.get(a) * size.get(b);
    }
    return { together: of ? sum / of : null, cosine: pairs.length === 1 && pairs[0][2] ? pairs[0][2].cosine : null };
  };
  const nearest = (state, one) => state.themes.filter((other) => other !== one).map((other) => ({ other, ...between(one, other) }))
    .sort((a, b) => (b.together ?? -1) - (a.together ?? -1) || (b.cosine ?? -2) - (a.cosine ?? -2) || b.other.n - a.other.n);
  // What would only undo a decision of the run's own log: parts of a split joined again, a union divided.
  const decided = new Set(run.past.flatMap(({ line }) => line.do === "split" ? [made(line).slice().sort().join(" ")] : line.do === "merge" ? made(line) : []));
  const suggestions = (state, refused) => {
    const merges = [];
    state.themes.forEach((a, at) => state.themes.slice(at + 1).forEach((b) => {
      const one = { kind: "pair", a: a.key, b: b.key, score: between(a, b).together };
      if (one.score !== null && one.score >= run.bounds.together) merges.push({ ...one, id: [a.key, b.key].sort().join(" ") });
    }));
    const splits = state.themes.filter((one) => one.whole && run.halves[one.key] && run.halves[one.key].apart !== null && run.halves[one.key].apart >= run.bounds.apart)
      .map((one) => ({ kind: "halves", a: one.key, score: run.halves[one.key].apart, id: one.key }));
    const order = (list) => list.filter((one) => !decided.has(one.id)).sort((a, b) => b.score - a.score).slice(0, run.bounds.most);
    return [...order(merges), ...order(splits)].filter((one) => !refused.includes(one.id));
  };

  // ---- the file: every value is JSON, which YAML contains
  const quoted = (value) => JSON.stringify(value).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const flow = (value) => {
    if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
    if (value && typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${quoted(key)}: ${flow(item)}`).join(", ")}}`;
    return quoted(value);
  };
  const write = (decisions) => [
    "# Decisions about themes, applied in this order. A theme is meant by the paragraphs that it contains.",
    `format: ${run.log.format}`, `run: ${flow(run.log.run)}`, "themes:",
    ...Object.entries(run.log.themes).map(([key, theme]) => `  ${quoted(key)}: ${flow(theme)}`),
    decisions.length ? "decisions:" : "decisions: []", ...decisions.map((line) => `  - ${flow(line)}`), "",
  ].join("\n");
  const read = (text) => {
    const rows = text.replace(/^\ufeff/, "").split(/\r?\n/);
    const head = rows.find((row) => row.startsWith("run: "));
    if (!head || flow(JSON.parse(head.slice(5))) !== flow(run.log.run)) return null;
    return rows.filter((row) => row.startsWith("  - {")).map((row) => JSON.parse(row.slice(4)));
  };
  const same = (one, other) => flow(one) === flow(other);

  return { NONE, oneLine, nameOf, lines, replay, find, sorted, fits, fresh, made, between, shared, nearest, suggestions, write, read, same };
};
