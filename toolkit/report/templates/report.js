"use strict";
const byId = (id) => document.getElementById(id);
const make = (name, props, ...children) => {
  const element = Object.assign(document.createElement(name), props || {});
  element.append(...children);
  return element;
};

(() => {
  // A link opens every fold around its target, and what a card folds.
  const open = () => {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (target.matches(".card")) target.querySelectorAll(":scope > details").forEach((box) => { box.open = true; });
    target.scrollIntoView({ block: "start" });
  };
  addEventListener("hashchange", open);
  open();

  // Every fold at once: for a reader who searches or prints the whole page.
  const contents = document.querySelector("nav.toc");
  const folds = () => document.querySelectorAll("main details");
  const every = (name, open) =>
    make("button", { type: "button", onclick: () => folds().forEach((box) => { box.open = open; }) }, name);
  if (contents && folds().length) {
    contents.append(make("p", { className: "every" }, every("Open all", true), " ", every("Close all", false)));
  }

  // Only boxes that scroll are stops of the Tab key.
  const stops = () => document.querySelectorAll(".scroll, pre, blockquote .q, .para .text").forEach((box) => {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
  stops();
  addEventListener("resize", stops);
  document.addEventListener("toggle", stops, true);

  // The contents say where the reader is.
  const links = [...document.querySelectorAll("nav.toc a")];
  if (window.IntersectionObserver) {
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) {
        for (const link of links) {
          if (link.hash === "#" + entry.target.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      }
    }, { rootMargin: "-10% 0px -75% 0px" });
    document.querySelectorAll("main > section[id]").forEach((section) => seen.observe(section));
  }
})();
