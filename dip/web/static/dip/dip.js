// Behaviour of the page frame and components. No framework; every function works on data attributes.

const say = (text) => { const box = document.getElementById("say"); if (box) { box.textContent = ""; requestAnimationFrame(() => { box.textContent = text; }); } };

// "/" goes to the search field, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = [...document.querySelectorAll("[data-slash]")].find((each) => each.offsetParent);
  if (field) { event.preventDefault(); field.focus(); field.select(); }
});

// Definitions open on hover and focus too; placed under their label, inside the window.
const placeNear = (button, pop) => {
  const at = button.getBoundingClientRect();
  const width = Math.min(320, innerWidth - 32);
  pop.style.inlineSize = `${width}px`;
  pop.style.insetInlineStart = `${Math.max(16, Math.min(at.left, innerWidth - width - 16))}px`;
  const below = at.bottom + 8;
  const tall = pop.offsetHeight;
  pop.style.insetBlockStart = `${below + tall > innerHeight - 8 && at.top - tall - 8 > 8 ? at.top - tall - 8 : below}px`;
};
const popOf = (button) => document.getElementById(button.getAttribute("popovertarget"));
let closing;
const open = (button) => { clearTimeout(closing); const pop = popOf(button); if (pop && !pop.matches(":popover-open")) { pop.dataset.hovered = "1"; pop.showPopover({ source: button }); } };
const closeSoon = (pop) => { closing = setTimeout(() => { if (pop.dataset.hovered && pop.matches(":popover-open")) pop.hidePopover(); }, 180); };
document.addEventListener("toggle", (event) => {
  const pop = event.target;
  if (!(pop instanceof HTMLElement) || !pop.matches(".pop") || event.newState !== "open") { if (pop instanceof HTMLElement && event.newState === "closed") delete pop.dataset.hovered; return; }
  const button = document.querySelector(`[popovertarget="${CSS.escape(pop.id)}"]`);
  if (button) placeNear(button, pop);
}, true);
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const button = event.target.closest("[data-hover]");
  if (button) open(button);
  if (event.target.closest(".pop")) clearTimeout(closing);
});
document.addEventListener("pointerout", (event) => {
  if (event.pointerType !== "mouse") return;
  const button = event.target.closest("[data-hover]");
  const pop = button ? popOf(button) : event.target.closest(".pop");
  if (pop && !pop.contains(event.relatedTarget)) closeSoon(pop);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-hover]:focus-visible")) open(event.target);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-hover]")) { const pop = popOf(event.target); if (pop && !pop.contains(event.relatedTarget)) closeSoon(pop); }
});
// A click on a label that hover opened keeps it open instead of closing it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hover]");
  if (!button) return;
  const pop = popOf(button);
  if (pop && pop.dataset.hovered && pop.matches(":popover-open")) { event.preventDefault(); delete pop.dataset.hovered; }
}, true);

// Copy buttons.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.dataset.copy;
  try { await navigator.clipboard.writeText(text); } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field); field.select(); document.execCommand("copy"); field.remove(); button.focus();
  }
  const done = document.getElementById("say")?.dataset.copied ?? "";
  say(`${done}: ${text}`);
  button.dataset.done = done;
  setTimeout(() => { delete button.dataset.done; }, 1600);
});

// Dark or light, remembered in this browser.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("dip-theme", root.dataset.theme); } catch { /* storage is switched off: it holds for this page */ }
});

// Forms that send themselves when a choice is made (dates wait until the field is left).
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-submit-on-change]");
  if (!field?.form || field.type === "datetime-local" || field.type === "date") return;
  field.form.requestSubmit();
});

// Dialogs: [data-dialog="id"] opens, a button in a form with method="dialog" closes.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
});

// "Show more" leaves when its rows are in; what was loaded is announced by htmx's focus.
document.addEventListener("htmx:afterSwap", (event) => { event.detail.requestConfig?.elt?.closest("[data-more]")?.remove(); });

// Refused or failed parts keep the old numbers, and say so.
document.addEventListener("htmx:responseError", (event) => say(`${event.detail.xhr.status}`));

// The numbers of a chart's table as a CSV file.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-csv]");
  if (!button) return;
  const table = button.closest(".twin").querySelector("table");
  const cells = (row) => [...row.cells].map((cell) => `"${(cell.dataset.v ?? cell.textContent).trim().replaceAll('"', '""')}"`).join(";");
  const text = `\ufeff${[...table.rows].map(cells).join("\r\n")}\r\n`;
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: `${button.dataset.csv}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});

// What scrolls sideways on a narrow screen can be reached by keyboard.
const reachable = () => {
  for (const part of document.querySelectorAll(".data:not(.perf), .scroll, pre")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
};
reachable();
addEventListener("resize", reachable);
document.addEventListener("htmx:afterSettle", reachable);

// Light mode. Another date: the last row again, empty.
document.addEventListener("click", (event) => {
  const rows = event.target.closest("[data-add-row]")?.parentElement.querySelector("[data-rows]");
  if (!rows) return;
  const row = rows.lastElementChild.cloneNode(true);
  row.querySelector(".error")?.remove();
  for (const field of row.querySelectorAll("input")) { if (field.type === "date") field.value = ""; field.removeAttribute("aria-invalid"); }
  row.querySelector(".wrong")?.classList.remove("wrong");
  rows.append(row);
  row.querySelector("input").focus();
});

// Light mode. What is typed is kept in this browser until it is sent; a form that the server answered with errors is kept as it is.
const draftKey = (form) => `dip-draft:${form.dataset.draft}:${location.pathname}${location.search}`;
const keepDraft = (form) => {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  try { localStorage.setItem(draftKey(form), JSON.stringify({ at: Date.now(), fields })); } catch { /* storage is switched off: the page itself keeps them */ }
};
const fillDraft = (form) => {
  let draft;
  try { draft = JSON.parse(localStorage.getItem(draftKey(form)) ?? "null"); } catch { return; }
  if (!draft || Date.now() - draft.at > 12 * 3600e3 || form.querySelector("[aria-invalid=true]")) return;
  const values = Map.groupBy ? Map.groupBy(draft.fields, ([name]) => name) : new Map();
  const extra = (values.get("date")?.length ?? 1) - form.querySelectorAll("[name=date]").length;
  for (let n = 0; n < extra; n += 1) form.querySelector("[data-add-row]")?.click();
  for (const [name, pairs] of values) {
    const named = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    if (named[0]?.type === "radio") { for (const field of named) field.checked = field.value === pairs[0][1]; continue; }
    named.forEach((field, place) => { if (pairs[place]) field.value = pairs[place][1]; });
  }
  const hall = values.get("hall")?.[0][1];
  if (hall && !form.querySelector("[name=hall]")) globalThis.htmx?.ajax("GET", `${form.dataset.choice}&hall=${encodeURIComponent(hall)}`, { target: "#place-box", swap: "outerHTML" });
  for (const fold of form.querySelectorAll("details")) { if ([...fold.querySelectorAll("input")].some((field) => field.value)) fold.open = true; }
};
const drafts = () => { for (const form of document.querySelectorAll("form[data-draft]")) { if (!form.dataset.ready) { form.dataset.ready = "1"; fillDraft(form); } } };
drafts();
document.addEventListener("htmx:afterSettle", drafts);
document.addEventListener("input", (event) => { const form = event.target.closest("form[data-draft]"); if (form) keepDraft(form); });
// A refused form comes back with its errors; an accepted one is forgotten; without a connection the page stays as it is, and says so.
document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.xhr.status === 400 && event.detail.requestConfig?.elt?.matches("form[data-draft]")) { event.detail.shouldSwap = true; event.detail.isError = false; } });
document.addEventListener("htmx:beforeOnLoad", (event) => { const form = event.detail.requestConfig?.elt; if (form?.matches("form[data-draft]") && event.detail.xhr.status === 200) { try { localStorage.removeItem(draftKey(form)); } catch { /* nothing was kept */ } } });
for (const kind of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, (event) => { const box = event.detail.requestConfig?.elt?.querySelector("[data-offline]"); if (box) { box.hidden = false; box.scrollIntoView({ block: "center" }); } });

// A file dropped anywhere in its zone is chosen, and named.
const nameFile = (zone) => { const files = zone.querySelector("input[type=file]").files; const note = zone.querySelector("[data-drop-name]"); if (note && files.length) { note.textContent = files[0].name; say(files[0].name); } };
for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, (event) => {
  const zone = event.target.closest?.("[data-drop-zone]");
  if (!zone) return;
  event.preventDefault();
  zone.classList.toggle("over", kind === "dragover");
  if (kind !== "drop" || !event.dataTransfer.files.length) return;
  zone.querySelector("input[type=file]").files = event.dataTransfer.files;
  nameFile(zone);
});
document.addEventListener("change", (event) => { const zone = event.target.closest("[data-drop-zone]"); if (zone && event.target.type === "file") nameFile(zone); });

// On a narrow page the tab that one is on stands in sight.
for (const here of document.querySelectorAll(".tabs > [aria-current]")) {
  const bar = here.parentElement;
  if (bar.scrollWidth > bar.clientWidth) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
}

// Fields of an agreement without an answer: "next" goes to the one after where one is, and round again; its first control gets the focus.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-next-open]");
  const open = [...document.querySelectorAll("[data-open-term]")];
  if (!link || !open.length) return;
  event.preventDefault();
  const last = document.getElementById(document.querySelector(".terms")?.dataset.last ?? "");
  const next = open.find((term) => last && last.compareDocumentPosition(term) & Node.DOCUMENT_POSITION_FOLLOWING) ?? open[0];
  next.scrollIntoView({ block: "center" });
  next.querySelector("button")?.focus({ preventScroll: true });
  next.parentElement.dataset.last = next.id;
});
