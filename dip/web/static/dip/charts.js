// Draws the charts of a page: loads the Vega bundle once, only when a chart comes near the window, and picks the wide or the narrow drawing.

const NARROW = 560;
let bundle;
const vega = (address) => (bundle ??= import(address).then((module) => module.default));

const settings = (figure) => {
  const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const width = figure.clientWidth;
  const spec = structuredClone(width < NARROW ? data.narrow : data.wide);
  spec.datasets = data.datasets;
  if (spec.usermeta?.fluid) spec.width = Math.max(width - (spec.padding.left + spec.padding.right), 120);
  return { data, spec, width };
};

const draw = async (figure) => {
  const { data, spec, width } = settings(figure);
  if (!width || figure.dataset.drawn === String(width)) return;
  figure.dataset.drawn = String(width);
  const canvas = figure.querySelector(".canvas");
  try {
    const embed = await vega(figure.dataset.bundle);
    await embed(canvas, spec, { ast: true, renderer: "svg", actions: false, tooltip: false });
    const svg = canvas.querySelector("svg");
    svg?.setAttribute("aria-hidden", "true");
    svg?.setAttribute("focusable", "false");
    figure.dataset.ready = "1";
    walkable(figure, data, spec);
  } catch (error) {
    canvas.textContent = "";
    figure.closest("figure").querySelector("details").open = true; // the numbers remain
    throw error;
  }
};

const walkable = (figure, data, spec) => {
  const walk = figure.querySelector(".walk");
  if (!walk) return;
  walk.hidden = false;
  const { left = 0, top = 0 } = spec.padding;
  Object.assign(walk.style, { insetInlineStart: `${left}px`, insetBlockStart: `${top}px`, inlineSize: `${spec.width}px`, blockSize: `${spec.height}px` });
  if (walk.dataset.bound) { show(walk, data, Number(walk.getAttribute("aria-valuenow")), walk.classList.contains("on")); return; }
  walk.dataset.bound = "1";
  walk.addEventListener("keydown", (event) => {
    const now = Number(walk.getAttribute("aria-valuenow"));
    const last = data.walk.length - 1;
    const next = { ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1, PageUp: now + 7, PageDown: now - 7, Home: 0, End: last }[event.key];
    if (event.key === "Escape") { walk.classList.remove("on"); return; }
    if (next === undefined) return;
    event.preventDefault();
    show(walk, data, Math.max(0, Math.min(last, next)), true);
  });
  walk.addEventListener("focus", () => { if (walk.matches(":focus-visible")) show(walk, data, Number(walk.getAttribute("aria-valuenow")), true); });
  walk.addEventListener("blur", () => walk.classList.remove("on"));
  walk.addEventListener("pointermove", (event) => {
    const box = walk.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    let best = 0;
    data.walk.forEach(([at], index) => { if (Math.abs(at - x) < Math.abs(data.walk[best][0] - x)) best = index; });
    show(walk, data, best, true);
  });
  walk.addEventListener("pointerleave", () => { if (!walk.matches(":focus-visible")) walk.classList.remove("on"); });
};

const show = (walk, data, index, on) => {
  const [x, y, text] = data.walk[index];
  walk.classList.toggle("on", on);
  walk.setAttribute("aria-valuenow", String(index));
  walk.setAttribute("aria-valuetext", text);
  const [rule, dot, words] = walk.children;
  rule.style.insetInlineStart = `${x * 100}%`;
  dot.hidden = y === null;
  if (y !== null) Object.assign(dot.style, { insetInlineStart: `${x * 100}%`, insetBlockStart: `${y * 100}%` });
  words.textContent = text;
  words.style.insetInlineStart = x > 0.5 ? "auto" : `calc(${x * 100}% + 10px)`;
  words.style.insetInlineEnd = x > 0.5 ? `calc(${(1 - x) * 100}% + 10px)` : "auto";
};

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) { near.unobserve(target); draw(target); sized.observe(target); }
}, { rootMargin: "300px" });
let waiting;
const sized = new ResizeObserver((entries) => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { for (const { target } of entries) draw(target); }, 120);
});
const start = (root) => { for (const figure of root.querySelectorAll("[data-chart]")) near.observe(figure); };
start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
// On paper every chart is drawn, also those that nobody scrolled to.
addEventListener("beforeprint", () => { for (const figure of document.querySelectorAll("[data-chart]:not([data-ready])")) draw(figure); });
