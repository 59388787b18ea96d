(() => {
  // Each figure can be taken along: as SVG and PNG in light colours with its headline and fonts, its numbers as CSV.
  const rules = () => [...document.styleSheets[0].cssRules];
  const light = () => {
    const root = rules().find((rule) => rule.selectorText === ":root" && rule.style.getPropertyValue("--ink"));
    return (text) => text.replace(/var\((--[\w-]+)\)/g, (_, name) => root.style.getPropertyValue(name).trim());
  };
  const style = () => {
    const colours = light();
    const kept = rules().filter((rule) => rule.type === CSSRule.FONT_FACE_RULE
      ? /Source Sans 3/.test(rule.cssText) : (rule.selectorText || "").startsWith("svg.fig "));
    return colours(kept.map((rule) => rule.cssText).join("")) + ".over{display:inline !important}";
  };
  const picture = (figure) => {
    const svg = figure.querySelector("svg.fig").cloneNode(true);
    const [x, y, width, height] = svg.dataset.box.split(" ").map(Number);
    svg.removeAttribute("data-box");
    svg.setAttribute("viewBox", [x, y, width, height].join(" "));
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    const space = "http://www.w3.org/2000/svg";
    const rulesOf = document.createElementNS(space, "style");
    rulesOf.textContent = style();
    const paper = document.createElementNS(space, "rect");
    for (const [name, value] of Object.entries({ x, y, width, height, fill: "#ffffff" })) paper.setAttribute(name, value);
    svg.querySelector("desc").after(rulesOf, paper);
    return { width, height, blob: new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }) };
  };
  const raster = async ({ width, height, blob }) => {
    const image = new Image();
    image.src = URL.createObjectURL(blob);
    await image.decode();
    const canvas = make("canvas", { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };
  const takes = {
    svg: (figure) => picture(figure).blob,
    png: (figure) => raster(picture(figure)),
    csv: (figure) => new Blob([figure.querySelector("template").content.textContent], { type: "text/csv" }),
  };
  document.querySelectorAll("figure .take").forEach((bar) => { bar.hidden = false; });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-take]");
    if (!button) return;
    const figure = button.closest("figure");
    const kind = button.dataset.take;
    const link = make("a", { href: URL.createObjectURL(await takes[kind](figure)), download: `${figure.dataset.name}.${kind}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
})();
