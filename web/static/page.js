// The transcript page: a permalink marks its quote, a marked or selected quote can be copied.
// Offsets count Unicode code points of the canonical text, as the server counts them.

const HASH = /^#c(\d{1,9})-(\d{1,9})(?:-([0-9a-f]{8}))?$/;
const WARNINGS = ["moved", "corrected", "outside"];
const FORMS = ["news", "plain", "markdown", "json"];
const PAUSE = 300;

/** Return eight hexadecimal digits that change with the words; web/citation.py has the same. */
export function digest(points) {
  let value = 0x811c9dc5;
  for (const point of points) value = Math.imul(value ^ point.codePointAt(0), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** Mark what a hash points to below `root`; return its place and how it was found, or null. */
export function show(root, hash) {
  const [, start, end, sum] = HASH.exec(hash) || [];
  if (start === undefined) return null;
  clear(root);
  const place = find(texts(root), Number(start), Number(end), sum);
  if (!place) return { state: "outside" };
  const marks = wrap(root, place.start, place.end);
  if (marks.length) reveal(marks);
  return { ...place, state: marks.length ? place.state : "outside" };
}

/** Return the hash of a place with the digest of its words: kept, it tells a later correction. */
function signed(root, { start, end }) {
  const here = texts(root).find((p) => p.start <= start && end <= p.start + p.points.length);
  return `#c${start}-${end}-${digest(here.points.slice(start - here.start, end - here.start))}`;
}

/** Take all marks away again. */
export function clear(root) {
  for (const mark of root.querySelectorAll("mark")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
}

/** Return the canonical text as far as the page shows it: pieces with their places. */
function texts(root) {
  const raw = root.querySelector("#raw");
  if (raw) return [{ start: 0, points: pieces(raw).flatMap((piece) => piece.points) }];
  return [...root.querySelectorAll(".words")].map((words) => ({
    start: Number(words.dataset.start), points: Array.from(words.textContent),
  }));
}

/** Return the raw text's pieces, each with its place and words in the canonical text. */
function pieces(raw) {
  let at = 0;
  return [...raw.childNodes].map((node) => {
    const points = Array.from(node.dataset?.after ?? node.textContent);
    const start = at;
    at += points.length;
    return { node, start, points };
  });
}

/** Return where the quoted words stand: in their place, elsewhere, or what replaced them. */
function find(pieces, start, end, sum) {
  const here = pieces.find((p) => p.start <= start && end <= p.start + p.points.length);
  const whole = here && start < end;
  if (whole && !sum) return { start, end, state: "placed" };
  if (whole && digest(here.points.slice(start - here.start, end - here.start)) === sum) {
    return { start, end, state: "marked" };
  }
  const moved = sum && start < end ? search(pieces, start, end - start, sum) : null;
  if (moved !== null) return { start: moved, end: moved + end - start, state: "moved" };
  return whole ? { start, end, state: "corrected" } : sum ? { start: 0, end: 0, state: "corrected" } : null;
}

/** Return the place nearest to `start` where words of this length have this digest, or null. */
function search(pieces, start, length, sum) {
  let best = null;
  for (const { start: first, points } of pieces) {
    for (let at = 0; at + length <= points.length; at += 1) {
      if (digest(points.slice(at, at + length)) !== sum) continue;
      if (best === null || Math.abs(first + at - start) < Math.abs(best - start)) best = first + at;
    }
  }
  return best;
}

function wrap(root, start, end) {
  const raw = root.querySelector("#raw");
  if (raw) return pieces(raw).flatMap((piece) => wrapRaw(piece, start, end));
  return within(root, start, end).map(surround);
}

/** Return the ranges of a place in the edited text, or none where no turn holds it. */
function within(root, start, end) {
  for (const words of root.querySelectorAll(".words")) {
    const first = Number(words.dataset.start);
    const size = Array.from(words.textContent).length;
    if (first <= start && end <= first + size) return ranges(words, start - first, end - first);
  }
  return [];
}

/** A changed place is marked whole: its characters are not those of the canonical text. */
function wrapRaw({ node, start: at, points }, start, end) {
  if (at >= end || at + points.length <= start) return [];
  if (node.dataset) return ranges(node, 0, Array.from(node.textContent).length).map(surround);
  return ranges(node, Math.max(start - at, 0), Math.min(end - at, points.length)).map(surround);
}

/** Return the ranges of an element's text between two code points, one in each text node. */
function ranges(element, from, to) {
  const nodes = element.nodeType === Node.TEXT_NODE ? [element] : textNodes(element);
  const found = [];
  let at = 0;
  for (const node of nodes) {
    const points = Array.from(node.data);
    const units = (n) => points.slice(0, n).join("").length;
    const start = Math.max(from - at, 0), end = Math.min(to - at, points.length);
    if (start < end) found.push([node, units(start), units(end)]);
    at += points.length;
  }
  return found.map(([node, start, end]) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return range;
  });
}

function surround(range) {
  const mark = document.createElement("mark");
  range.surroundContents(mark);
  return mark;
}

/** Colour what a selection is quoted as, or nothing: the selection itself stays as it is. */
function colour(root, place = null) {
  CSS.highlights?.delete("quoted");
  if (place) CSS.highlights?.set("quoted", new Highlight(...within(root, place.start, place.end)));
}

function textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

function reveal([first]) {
  first.tabIndex = -1;
  first.scrollIntoView({ block: "center" });
  first.focus({ preventScroll: true });
}

/** Return the selected place, in code points, when the selection lies within one turn. */
function selected(root) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const holder = range.commonAncestorContainer;
  const words = (holder.nodeType === Node.TEXT_NODE ? holder.parentElement : holder).closest(".words");
  if (!words || !root.contains(words)) return null;
  const before = document.createRange();
  before.selectNodeContents(words);
  before.setEnd(range.startContainer, range.startOffset);
  const start = Number(words.dataset.start) + Array.from(before.toString()).length;
  return { start, end: start + Array.from(range.toString()).length };
}

/** Put text on the clipboard; without TLS by way of a selection, within an open dialog if any. */
export async function copy(text, holder = document.body) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    holder.append(box);
    box.select();
    const copied = document.execCommand("copy");
    box.remove();
    return copied;
  }
}

/** Tell what became of changed places, not only to a pointer: on a tap, or one after the other. */
function explain(root, write) {
  const places = [...root.querySelectorAll("[title]")];
  const steps = document.getElementById("steps");
  let at = -1;
  const show = (next) => {
    places[at]?.classList.remove("shown");
    at = next;
    places[at].classList.add("shown");
    write(places[at].title);
  };
  const first = () => Math.max(0, places.findIndex((place) => place.getBoundingClientRect().top > 0));
  root.addEventListener("click", ({ target }) => {
    const place = target.closest("[title]");
    if (place && getSelection().isCollapsed) show(places.indexOf(place));
  });
  steps?.addEventListener("click", ({ target }) => {
    if (!target.dataset.step) return;
    show(at < 0 ? first() : (at + Number(target.dataset.step) + places.length) % places.length);
    places[at].scrollIntoView({ block: "center" });
  });
  if (steps && places.length) steps.hidden = false;
}

function open(root, wording) {
  const said = (name) => wording.content.querySelector(`[data-say="${name}"]`).textContent;
  const notice = document.getElementById("notice");
  const tools = document.getElementById("tools");
  const dialog = document.getElementById("report");
  const doubted = document.getElementById("doubted");
  let asked = null, place = null, forms = null, pause = 0;

  const write = (text, warns = false) => {
    notice.textContent = text;
    notice.classList.toggle("warns", warns);
  };
  const tell = (...names) => {
    write(names.map(said).join(" "), names.some((name) => WARNINGS.includes(name)));
  };
  const button = (name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.form = name;
    made.textContent = said(name);
    made.addEventListener("click", act);
    tools.append(made);
    return made;
  };
  const copies = FORMS.map((form) => button(form, async () => {
    if (forms) tell((await copy(forms[form])) ? "copied" : "uncopied");
  }));
  button("report", () => {
    dialog.returnValue = "";
    dialog.showModal();
  });

  /** Offer the quote at a place; `told` says how a link led there, nothing of a selection. */
  async function offer(next, ...told) {
    asked = place = next;
    forms = null;
    doubted.textContent = "";
    tools.hidden = !next;
    for (const made of copies) made.disabled = true;
    colour(root);
    if (!next) return;
    const path = `../quote/${encodeURIComponent(root.dataset.document)}/${next.start}-${next.end}`;
    const reply = await fetch(path).catch(() => null);
    const found = reply?.ok ? await reply.json().catch(() => null) : null;
    if (asked !== next) return;
    if (found) settle(found, ...told);
    else tell(...told, reply?.status === 404 ? "long" : "unquoted");
  }

  /** Show what the server quotes: the clauses whole, so that it may be more than was asked. */
  function settle(found, ...told) {
    forms = found;
    const { text, start, end } = JSON.parse(forms.json);
    const widened = start !== asked.start || end !== asked.end;
    place = { start, end };
    doubted.textContent = text;
    for (const made of copies) made.disabled = false;
    tell(...told, ...(widened ? ["widened"] : []));
    if (!told.length) return colour(root, place);
    if (!widened) return;
    clear(root);
    reveal(wrap(root, start, end));
    if (told.includes("marked")) history.replaceState(null, "", signed(root, place));
  }

  function land() {
    const found = show(root, location.hash);
    tell(...(found ? [found.state] : []));
    const quotable = found && ["marked", "placed", "moved"].includes(found.state);
    offer(quotable ? found : null, ...(quotable ? [found.state] : []));
  }

  dialog.addEventListener("close", async () => {
    if (dialog.returnValue !== "send" || !place) return;
    const box = document.getElementById("comment");
    const body = JSON.stringify({
      document_id: root.dataset.document, start: place.start, end: place.end, comment: box.value.trim(),
    });
    const headers = { "Content-Type": "application/json" };
    const reply = await fetch("../api/report", { method: "POST", headers, body }).catch(() => null);
    if (reply?.ok) box.value = "";
    tell(reply?.ok ? "thanks" : reply?.status === 403 ? "unkept" : "unavailable");
  });
  // A finger or a keyboard selects without a pointer being lifted: wait until it rests.
  document.addEventListener("selectionchange", () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const next = selected(root);
      if (next && (next.start !== asked?.start || next.end !== asked.end)) offer(next);
    }, PAUSE);
  });
  for (const link of document.querySelectorAll("a.keep")) {
    link.addEventListener("click", () => { link.hash = location.hash; });
  }
  explain(root, write);
  addEventListener("hashchange", land);
  land();
}

/** Large text and dark are kept in this browser; dark follows the system until it is chosen. */
export function comfort(root = document.documentElement) {
  const kept = (name) => { try { return localStorage.getItem(`zaowen.${name}`); } catch { return null; } };
  const keep = (name, on) => { try { localStorage.setItem(`zaowen.${name}`, on ? "1" : "0"); } catch { /* private */ } };
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  for (const made of document.querySelectorAll("[data-comfort]")) {
    const name = made.dataset.comfort;
    const set = (on) => {
      root.classList.toggle(name, on);
      if (name === "dark") root.classList.toggle("light", !on);
      made.setAttribute("aria-pressed", String(on));
    };
    set(kept(name) === null ? name === "dark" && system : kept(name) === "1");
    made.addEventListener("click", () => {
      const on = made.getAttribute("aria-pressed") !== "true";
      set(on);
      keep(name, on);
    });
    made.parentElement.hidden = false;
  }
}

const wording = document.getElementById("wording");
if (wording) {
  comfort();
  document.getElementById("print").addEventListener("click", () => print());
  open(document.getElementById("transcript"), wording);
}
