// The chat page's own hands: citations, copying, verdicts, export, preferences. Texts come from
// the server (#say_…); nothing here builds markup from a string.
const find = (selector, root = document) => root.querySelector(selector);
export const say = (name) => find(`#say_${name}`)?.textContent ?? "";
let awaited = null;
let origin = null;

// ---- Citations: scroll the panel to a place, opening its document first where needed.
function land(id) {
  const place = document.getElementById(id);
  if (!place) return false;
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
  awaited = null;
  return true;
}
function cite(link) {
  const { document_id, start, end } = placeOf(link);
  const id = `c${start}-${end}`;
  origin = link;
  if (find("#whole a")?.pathname === link.pathname && land(id)) return;
  awaited = id;
  const box = find("#place textarea, #place input");
  box.value = `${document_id}#${id}`;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true }));
}
function goBack() {
  const target = origin?.isConnected ? origin : find("#question textarea");
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

// ---- Telling the person what happened.
// The note always stands there, empty: screen readers hear only what changes in what they know.
export function tell(text, stays = false) {
  const note = find("#zw-note");
  note.textContent = "";
  tell.timers?.forEach(clearTimeout);
  tell.timers = [setTimeout(() => { note.textContent = text; }, 50)];
  if (!stays) tell.timers.push(setTimeout(() => { note.textContent = ""; }, 6000));
}
// Gradio says what went wrong in English only: chat.css hides that, and it is said here.
const TROUBLES = [[/^Connection/, "lost"], [/busy|提问较多/, "busy"], [/^/, "failed"]];
function hear() {
  for (const toast of document.querySelectorAll("[data-testid=toast-text]:not([data-told])")) {
    toast.dataset.told = "1";
    const [, trouble] = TROUBLES.find(([words]) => words.test(toast.textContent));
    tell(say(trouble), trouble === "lost");
    find("#chat .zw-waiting .zw-sentence")?.replaceChildren(say(trouble));
  }
}
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// ---- A quote with its attribution, as plain text.
function quoted(card) {
  const text = (selector) => find(selector, card)?.innerText.trim() ?? "";
  const label = find(".zw-label", card.closest(".zw-answer")).innerText.trim();
  const notes = [...card.querySelectorAll(".zw-note")].map((note) => note.innerText.trim());
  const lines = [`【${label}】`, text(".zw-said"), `——${text(".zw-who")}`, text(".zw-from"), ...notes];
  const published = find(".zw-source", card);
  if (published) lines.push(`${published.innerText.trim()}：${published.href}`);
  return [...lines, find(".zw-original", card).href].join("\n");
}
async function copy(card) {
  try {
    await navigator.clipboard.writeText(quoted(card));
    tell(say("copied"));
  } catch {
    tell(say("copy_failed"));
  }
}
function placeOf(link) {
  const [, id, start, end] = link.getAttribute("href").match(/^\/t\/(.+)#c(\d+)-(\d+)$/);
  return { document_id: decodeURIComponent(id), start: Number(start), end: Number(end) };
}

// ---- Verdicts and reports.
const REASONS = ["not_an_answer", "wrong_quote", "wrong_speaker", "incomplete", "unclear", "other"];
/** Return nothing once it is delivered, else what to say. */
async function send(path, body) {
  const headers = { "Content-Type": "application/json" };
  const reply = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
  if (reply?.ok) return "";
  return reply?.status === 403 ? "unkept" : "failed";
}
/** Ask for a comment; the words stay until `deliver` has delivered them. */
function ask(title, reasons, thanks, deliver) {
  const form = make("form", { method: "dialog" }, make("h2", { id: "zw-dialog-title", textContent: title }));
  reasons.forEach((name, n) => form.append(make("label", {},
    make("input", { type: "radio", name: "reason", value: REASONS[n], required: true }), name)));
  const comment = make("textarea", { maxLength: 500, rows: 3 });
  const failure = make("p", { role: "status" });
  form.append(make("label", { className: "zw-comment" }, say("comment"), comment), failure, make("p", {},
    make("button", { type: "submit", value: "send", textContent: say("send") }),
    make("button", { type: "submit", value: "", formNoValidate: true, textContent: say("cancel") })));
  const dialog = make("dialog", { id: "zw-dialog" }, form);
  dialog.setAttribute("aria-labelledby", "zw-dialog-title");
  let sending = false;
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "send") return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    failure.textContent = "";
    const problem = await deliver(comment.value, new FormData(form).get("reason"));
    sending = false;
    if (!problem) dialog.close();
    if (dialog.open) failure.textContent = say(problem);
    else tell(problem ? say(problem) : thanks);
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
function vote(button, verdict) {
  const body = { question: button.value, verdict, face: "chat" };
  const post = async (more) => {
    const problem = await send("/api/feedback", { ...body, ...more });
    if (!problem) button.parentElement.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", b === button));
    return problem;
  };
  if (verdict === "helpful") return post({}).then((problem) => tell(say(problem || "thanks")));
  return ask(say("why"), say("reasons").split("|"), say("thanks"), (comment, reason) => post({ comment, reason }));
}
function doubt(card) {
  const place = placeOf(find(".zw-cite", card));
  ask(say("doubt"), [], say("reported"), (comment) => send("/api/report", { ...place, comment }));
}

// ---- Export: the server asks the questions anew and writes the file.
function turns() {
  return [...document.querySelectorAll("#chat .zw-helpful")].map(({ value }) => ({ question: value }));
}
async function save(format) {
  const response = await fetch("/export", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ format, turns: turns() }),
  }).catch(() => null);
  if (!response?.ok) {
    const absent = response && [404, 405].includes(response.status);
    if (absent) document.documentElement.classList.add("zw-no-export");
    tell(say(absent ? "no_export" : "failed"));
    return;
  }
  const address = URL.createObjectURL(await response.blob());
  make("a", { href: address, download: `zaowen.${format === "docx" ? "docx" : "md"}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

// ---- Large text and dark colours, remembered by this browser.
function prefer(name, on, keep = true) {
  if (name === "dark") document.body.classList.toggle("dark", on);
  else document.documentElement.classList.toggle("zw-large", on);
  find(`#${name}`)?.setAttribute("aria-pressed", on);
  if (keep) localStorage.setItem(`zaowen.${name}`, on ? "1" : "");
}
function preferred(name) {
  const kept = localStorage.getItem(`zaowen.${name}`);
  if (kept !== null) return kept === "1";
  return name === "dark" && matchMedia("(prefers-color-scheme: dark)").matches;
}

addEventListener("beforeprint", () => {
  document.body.classList.remove("dark");
  for (const link of document.querySelectorAll(".zw-original")) link.dataset.address = link.href;
});
addEventListener("afterprint", () => document.body.classList.toggle("dark", preferred("dark")));

// ---- One listener for clicks, one for an input method's Enter, one observer for what Gradio redraws.
const CLICKS = [
  [".zw-cite", cite],
  [".zw-copy", (b) => copy(b.closest(".zw-card"))],
  [".zw-doubt", (b) => doubt(b.closest(".zw-card"))],
  [".zw-helpful", (b) => vote(b, "helpful")],
  [".zw-unhelpful", (b) => vote(b, "not_helpful")],
  [".zw-skip", () => find("#question textarea").focus()],
  ["#back", goBack],
  ["#as_word", () => save("docx")],
  ["#as_markdown", () => save("markdown")],
  ["#large", () => prefer("large", !preferred("large"))],
  ["#dark", () => prefer("dark", !preferred("dark"))],
];
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  for (const [selector, act] of CLICKS) {
    const target = event.target.closest?.(selector);
    if (!target) continue;
    if (target.tagName === "A") event.preventDefault();
    act(target);
    return;
  }
});
document.addEventListener("keypress", (event) => {
  if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.("#transcript")) goBack();
});

// Gradio draws when it likes: what it draws is named, read out and scrolled to here.
let answers = 0;
let waiting = null;
let marked = "";
function redrawn() {
  name();
  hear();
  const mark = find("#transcript mark");
  if (awaited) land(awaited);
  else if (mark && mark.id !== marked) centre(mark);
  marked = mark?.id ?? "";
  const shown = document.querySelectorAll("#chat .zw-answer, #chat .zw-stale");
  if (shown.length > answers) show(shown[shown.length - 1]);
  answers = shown.length;
  const awaiting = find("#chat .zw-waiting");
  if (awaiting && awaiting !== waiting) show(awaiting);
  waiting = awaiting;
}
function centre(mark) {
  const panel = find("#transcript");
  const above = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top;
  panel.scrollTop += above - panel.clientHeight / 3;
}
function show(answer) {
  const asked = answer.closest(".message-row")?.previousElementSibling;
  (asked?.matches(".message-row") ? asked : answer).scrollIntoView({ block: "start" });
}
function name() {
  document.documentElement.lang = find("#head [lang]")?.lang || "zh-CN";
  const panel = find("#transcript");
  if (!panel) return;
  find("#prompts").lang = "zh-CN";
  panel.tabIndex = 0;
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-label", say("transcript"));
  find("#chat [role=log]")?.setAttribute("aria-label", say("conversation"));
  document.querySelectorAll("#chat [data-testid][aria-label]").forEach((message) => {
    message.removeAttribute("aria-label");
  });
  for (const option of ["dark", "large"]) {
    find(`#${option}`)?.setAttribute("aria-pressed", preferred(option));
  }
}
new MutationObserver(redrawn).observe(document.body, { childList: true, subtree: true });
document.body.append(make("div", { id: "zw-note", role: "status" }));
for (const option of ["dark", "large"]) prefer(option, preferred(option), false);
redrawn();
