// The chat's copy button offers the quote in every form, as the server writes it from the
// transcript. Where the server cannot be reached, cite.js copies what the card shows.
import { say, tell } from "./cite.js";
import { copy } from "./page.js";

const WORDS = {
  "zh-CN": ["复制引文", "新闻句式", "纯文本", "Markdown", "JSON", "取消"],
  "zh-TW": ["複製引文", "新聞句式", "純文字", "Markdown", "JSON", "取消"],
  en: ["Copy quote", "News sentence", "Plain text", "Markdown", "JSON", "Cancel"],
};
const FORMS = ["news", "plain", "markdown", "json"];
const PLACE = /^\/t\/([^#]+)#c(\d+)-(\d+)/;

/** Return the quote's forms, or null. */
async function load(card) {
  const href = card.querySelector('a[href*="#c"]')?.getAttribute("href") ?? "";
  const [, document_, start, end] = PLACE.exec(href) || [];
  if (!document_) return null;
  const reply = await fetch(`./quote/${document_}/${start}-${end}`).catch(() => null);
  return reply?.ok ? reply.json() : null;
}

function offer(forms) {
  const [title, ...labels] = WORDS[document.documentElement.lang] ?? WORDS["zh-CN"];
  const dialog = document.createElement("dialog");
  dialog.className = "zw-forms";
  const heading = document.createElement("h2");
  heading.id = "zw-forms-title";
  heading.textContent = title;
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.append(heading, ...labels.map((label, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", async () => {
      const copied = FORMS[n] && (await copy(forms[FORMS[n]], dialog));
      dialog.close();
      if (FORMS[n]) tell(say(copied ? "copied" : "copy_failed"));
    });
    return button;
  }));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".zw-copy");
  if (!button || button.dataset.plain) return;
  event.stopImmediatePropagation();
  const card = button.closest(".zw-card");
  const forms = await load(card);
  if (forms) return offer(forms);
  button.dataset.plain = "1";
  button.click();
  delete button.dataset.plain;
}, true);
