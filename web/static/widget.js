// 枣问 Zaowen: questions to a press conference, answered in the officials' own words.
//
//   <script src="https://HOST/widget.js" defer></script>
//   <zaowen-widget><a href="https://HOST/">发布会问答</a></zaowen-widget>
//
// What stands inside the element is shown where scripts or custom elements are missing.
// Attributes: heading, color (#rgb or #rrggbb), lang (zh-CN, zh-TW, en), position (bottom-right,
// bottom-left, inline), question (asked on opening), contact (shown when the transcripts do not
// say), src (server; default: where this file came from). Methods: open(), close().
// Every text from the server or the reader becomes a text node, never markup. Nothing is stored here.
(() => {
'use strict';
if (customElements.get('zaowen-widget') || !('adoptedStyleSheets' in Document.prototype)) return;

const HOME = document.currentScript ? document.currentScript.src : location.href;
const PATIENCE = 15_000;
const LONGEST = 500;
const DAYS = 30;  // the server puts its own number here
const EARLIER = 10;
const ELLIPSIS = '……';
const COLOUR = '#8f1d2c';
const POSITIONS = ['bottom-right', 'bottom-left', 'inline'];
const STATUSES = ['answered', 'partial', 'not_in_sources', 'off_topic', 'invalid'];
const CONTACT = /(?:请联系|please contact )(.+)[。.]$/;
const PROBLEMS = { 403: 'refused', 408: 'slow', 413: 'long', 429: 'crowded', 504: 'slow' };

const WORDS = {
  'zh-CN': {
    heading: '发布会问答', close: '关闭', larger: '大字', log: '问答记录',
    intro: '请就新闻发布会提问。回答只摘引发言人的原话，句句有出处。',
    kept: '提问隐去个人信息后保存 {days} 天，请勿填写个人信息。',
    label: '您的问题', placeholder: '输入问题，按回车发送', send: '提问', busy: '正在查找原文…',
    answered: '实录中有原话', partial: '找到一部分原话', not_in_sources: '没有找到原话',
    off_topic: '没有相近的内容', invalid: '无法处理',
    only: '这里只检索发布会实录，不作推测。',
    excerpt: '以下为原文检索摘录', count: '引用 {n} 段原话。',
    answers: '回答{name}提问', asks: '{name}提问', titled: '{name}（{title}）',
    editor: '实录文首', moderator: '主持人', unknown: '发言人未注明',
    inferred: '原文未署名，发言人系推定。', emended: '含据上下文校订的文字，请以原文为准。',
    place: '查看实录原文', source: '来源网页', opens: '{name}（新窗口打开）',
    copy: '复制引文', copied: '引文已复制，附发言人与出处。', uncopied: '未能复制，请选中文字后手动复制。',
    related: '相关段落（供参考，不是答案）', contact: '可向这里进一步了解：{contact}', retry: '重试',
    empty: '请先输入问题。', long: '问题太长了，请缩短到 500 字以内。',
    unfit: '这个问题无法处理，请换个说法。', refused: '本站尚未获准使用问答服务，请联系网站管理员。',
    crowded: '提问的人较多，请稍后再试。', wait: '提问的人较多，请在 {seconds} 秒后再试。',
    down: '问答服务暂时不可用，请稍后再试。', slow: '等候已久，没有收到回答，请稍后再试。',
    offline: '网络没有连上，请检查网络后再试。', unreachable: '暂时连不上问答服务，请稍后再试。',
  },
  'zh-TW': {
    heading: '發布會問答', close: '關閉', larger: '大字', log: '問答記錄',
    intro: '請就新聞發布會提問。回答只摘引發言人的原話，句句有出處。',
    kept: '提問隱去個人資料後保存 {days} 天，請勿填寫個人資料。',
    label: '您的問題', placeholder: '輸入問題，按 Enter 送出', send: '提問', busy: '正在查找原文…',
    answered: '實錄中有原話', partial: '找到一部分原話', not_in_sources: '沒有找到原話',
    off_topic: '沒有相近的內容', invalid: '無法處理',
    only: '這裡只檢索發布會實錄，不作推測。',
    excerpt: '以下為原文檢索摘錄', count: '引用 {n} 段原話。',
    answers: '回答{name}提問', asks: '{name}提問', titled: '{name}（{title}）',
    editor: '實錄文首', moderator: '主持人', unknown: '發言人未註明',
    inferred: '原文未署名，發言人係推定。', emended: '含據上下文校訂的文字，請以原文為準。',
    place: '查看實錄原文', source: '來源網頁', opens: '{name}（新視窗開啟）',
    copy: '複製引文', copied: '引文已複製，附發言人與出處。', uncopied: '未能複製，請選取文字後自行複製。',
    related: '相關段落（供參考，不是答案）', contact: '可向這裡進一步了解：{contact}', retry: '重試',
    empty: '請先輸入問題。', long: '問題太長了，請縮短到 500 字以內。',
    unfit: '這個問題無法處理，請換個說法。', refused: '本站尚未獲准使用問答服務，請聯絡網站管理員。',
    crowded: '提問的人較多，請稍後再試。', wait: '提問的人較多，請在 {seconds} 秒後再試。',
    down: '問答服務暫時無法使用，請稍後再試。', slow: '等候已久，沒有收到回答，請稍後再試。',
    offline: '網路沒有連上，請檢查網路後再試。', unreachable: '暫時連不上問答服務，請稍後再試。',
  },
  en: {
    heading: 'Ask the press conference', close: 'Close', larger: 'Large text', log: 'Conversation',
    intro: 'Ask about the press conferences. Answers are the officials’ own words, each with its source.',
    kept: 'Questions are kept for {days} days with personal data masked; please enter none.',
    label: 'Your question', placeholder: 'Type a question, press Enter', send: 'Ask', busy: 'Searching the transcripts…',
    answered: 'Found in the transcript', partial: 'The transcript says part of it',
    not_in_sources: 'No answer found', off_topic: 'Nothing near found',
    invalid: 'Cannot be answered',
    only: 'Only the transcripts are searched here; nothing is guessed.',
    excerpt: '以下为原文检索摘录 · Excerpts from the original transcript', count: 'Quotes: {n}.',
    answers: 'answering {name}', asks: '{name}, asking', titled: '{name} ({title})',
    editor: 'Head of the transcript', moderator: 'moderator', unknown: 'Speaker not named',
    inferred: 'The speaker is not named in the original; inferred.',
    emended: 'Contains words restored from their context; the original prevails.',
    place: 'Read in the transcript', source: 'Source page', opens: '{name} (opens a new window)',
    copy: 'Copy quote', copied: 'Quote copied, with speaker and source.',
    uncopied: 'Could not copy; please select the words and copy them yourself.',
    related: 'Related passages (not an answer)', contact: 'You may also ask: {contact}', retry: 'Try again',
    empty: 'Please type a question first.', long: 'The question is too long; please keep it under 500 characters.',
    unfit: 'This question cannot be handled; please put it another way.',
    refused: 'This site is not yet allowed to use the service; please tell its administrator.',
    crowded: 'Many people are asking; please try again shortly.',
    wait: 'Many people are asking; please try again in {seconds} seconds.',
    down: 'The service is unavailable for now; please try again later.',
    slow: 'No answer came in time; please try again later.',
    offline: 'You are offline; please check the network and try again.',
    unreachable: 'The service cannot be reached for now; please try again later.',
  },
};

// Lengths are in em and px only: a portal's own root size must not resize us. `!important` on
// :host is what keeps a portal's `* { … !important }` out.
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
:host { all: initial !important; direction: ltr !important; display: block !important; }
:host([hidden]) { display: none !important; }
*, *::before, *::after { box-sizing: border-box; }
.root {
  --paper: #fff; --shade: #f5f3f0; --ink: #1d1b1a; --soft: #57524e; --line: #85807a;
  --bar: var(--accent); --full: 100vh; --safe: env(safe-area-inset-bottom, 0px);
  color-scheme: light dark; color: var(--ink); font: medium/1.7 "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif;
}
@supports (height: 1dvh) { .root { --full: 100dvh; } }
@media (prefers-color-scheme: dark) {
  .root { --paper: #1c1a19; --shade: #292624; --ink: #f2efec; --soft: #c6c0b9; --line: #938d86;
    --bar: #938d86; }
}
.large { font-size: 1.35em; }
h2, h3, p, figure, blockquote { margin: 0; font-size: 1em; }
[hidden] { display: none !important; }
button, textarea, a, summary { font: inherit; min-height: 44px; min-width: 44px; }
button { padding: 0 .9em; border: 1px solid transparent; border-radius: .6em; cursor: pointer; }
:focus-visible { outline: 3px solid #fff; outline-offset: 0; box-shadow: 0 0 0 6px #1a1a1a; }
.launcher, .send { background: var(--accent); color: var(--on-accent); border-color: currentColor; }
.launcher { position: fixed; z-index: 2147483000; bottom: calc(20px + var(--safe)); display: flex;
  align-items: center; gap: .5em; min-height: 52px; max-width: calc(100vw - 40px); padding: .4em 1.2em;
  border-radius: 2em; font-weight: 600; box-shadow: 0 4px 16px rgb(0 0 0 / .3); }
.bottom-right > * { right: 20px; left: auto; }
.bottom-left > * { left: 20px; right: auto; }
svg { width: 1.4em; height: 1.4em; flex: none; }
.panel { position: fixed; top: auto; bottom: 20px; margin: 0; padding: 0; flex-direction: column;
  width: min(27em, 100vw - 40px); max-width: none; height: min(44em, var(--full) - 40px); max-height: none;
  overflow: hidden; border: 1px solid var(--line); border-radius: 1em; background: var(--paper);
  color: var(--ink); box-shadow: 0 12px 48px rgb(0 0 0 / .35); overscroll-behavior: contain; }
.panel[open] { display: flex; }
.panel::backdrop { background: rgb(0 0 0 / .3); }
.inline .panel { position: static; width: 100%; height: min(38em, 90vh); box-shadow: none; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: .3em .5em; padding: .6em .6em .6em 1em;
  background: var(--accent); color: var(--on-accent); }
h2 { flex: 1; min-width: 5em; font-weight: 600; overflow-wrap: anywhere; }
.top button { padding: 0 .7em; background: transparent; color: inherit; border-color: currentColor; }
.top [aria-pressed=true] { background: var(--on-accent); color: var(--accent); }
.log { position: relative; flex: 1; min-height: 0; overflow: auto; padding: 1em; overflow-wrap: anywhere;
  overscroll-behavior: contain; }
.log:focus-visible { outline-offset: -3px; outline-color: var(--ink); box-shadow: none; }
.intro, .note, .from, .excerpt, .status { color: var(--soft); font-size: .875em; }
.turn { padding-top: 1em; }
.question { width: fit-content; max-width: 90%; margin: 0 0 .8em auto; padding: .5em .9em;
  border-radius: 1em 1em .2em 1em; background: var(--accent); color: var(--on-accent); font-weight: 500;
  white-space: pre-wrap; }
.verdict { width: fit-content; padding: 0 .8em; border: 1px solid var(--line); border-radius: 1em; font-size: .875em; }
.lead { margin: .3em 0 .3em; text-spacing-trim: trim-start; font-size: 1.25em; font-weight: 600; line-height: 1.5; white-space: pre-line; }
.refusal { white-space: pre-line; }
.card { margin: .5em 0 .9em; padding: .8em 1em .4em; border-left: 4px solid var(--bar);
  border-radius: .2em .7em .7em .2em; background: var(--shade); }
blockquote { white-space: pre-line; text-spacing-trim: trim-start; }
blockquote::before { content: "“"; }
blockquote::after { content: "”"; }
mark { padding: 0 .1em; border-radius: .15em; background: #ffe07a; color: #1a1a1a; }
figcaption { margin-top: .5em; }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .9em; font-size: .875em; }
.tools button { padding: 0 .3em; }
.tools a, .tools button, summary { display: inline-flex; align-items: center; background: none; color: var(--ink);
  text-decoration: underline; text-underline-offset: .2em; }
summary { cursor: pointer; }
summary::before { content: "▸" / ""; margin-right: .4em; }
[open] > summary::before { content: "▾" / ""; }
.speaker { font-weight: 600; }
.retry { margin: .4em 0; background: none; color: var(--ink); border-color: var(--line); }
form { position: relative; display: grid; grid-template-columns: 1fr auto; gap: .3em .6em; align-items: end;
  padding: .6em 1em calc(1em + var(--safe)); border-top: 1px solid var(--line); }
.status { grid-column: 1 / -1; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
label { grid-column: 1 / -1; font-size: .875em; font-weight: 600; }
textarea { width: 100%; min-height: 48px; max-height: 8em; margin: 0; padding: .5em .7em; resize: none;
  border: 1px solid var(--line); border-radius: .6em; background: var(--paper); color: var(--ink); field-sizing: content; }
textarea::placeholder { color: var(--soft); opacity: 1; }
.send { min-height: 48px; font-weight: 600; }
[aria-disabled=true] { opacity: .7; cursor: progress; }
@media (max-width: 480px) {
  .root:not(.inline) .panel { inset: var(--top, 0) 0 auto 0; width: 100%; height: var(--height, var(--full));
    border: 0; border-radius: 0;
    padding: env(safe-area-inset-top, 0px) env(safe-area-inset-right, 0px) 0 env(safe-area-inset-left, 0px); }
}
@media (max-height: 420px) {
  .root:not(.inline) .panel { overflow: auto; }
  .root:not(.inline) .log { flex: none; overflow: visible; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel[open] { animation: rise .18s ease-out; }
  @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
}
@media (forced-colors: active) {
  button, .card, .question, .top { border: 1px solid; }
  mark { background: Mark; color: MarkText; text-decoration: underline; }
  :focus-visible { outline-color: Highlight; }
}
@media print { .root:not(.inline) { display: none; } }
`);

/** Return an element; attributes that are null are left out, strings become text nodes. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ''));
  return element;
}

function bubble() {
  const names = { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': '2',
    'stroke-linejoin': 'round', 'aria-hidden': 'true' };
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  for (const [name, value] of Object.entries(names)) svg.setAttribute(name, value);
  path.setAttribute('d', 'M4 4h16v12H11l-5 4v-4H4zM8 8.5h8M8 11.5h5');
  svg.append(path);
  return svg;
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Return the transcript's own words, which keep its language. */
function own(text, tag = 'span', name = null) {
  return make(tag, { lang: 'zh-CN', class: name }, text);
}

function parts(sentence, values) {
  return sentence.split(/\{(\w+)\}/).map((part, n) => (n % 2 ? values[part] : part));
}

function plain(some) {
  return some.map((part) => part.textContent ?? part).join('');
}

function wordsFor(lang) {
  if (/^en\b/i.test(lang)) return { code: 'en', ...WORDS.en };
  const code = /^zh-(tw|hk|mo|hant)\b/i.test(lang) ? 'zh-TW' : 'zh-CN';
  return { code, ...WORDS[code] };
}

/** Return the server's root, always with a closing slash; only http and https can be one. */
function serverOf(src) {
  try {
    const url = new URL(src || new URL('.', HOME), document.baseURI);
    if (/^https?:$/.test(url.protocol)) return url.origin + url.pathname.replace(/\/*$/, '/');
  } catch { /* an address that is none: ours */ }
  return src ? serverOf('') : location.origin + '/';
}

/** Return black or white, whichever stands out more: never below 4.58 to 1. */
function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (light + 0.05) ** 2 > 0.05 * 1.05 ? '#000' : '#fff';
}

function colourOf(value) {
  if (/^#[0-9a-f]{6}$/i.test(value)) return value;
  return /^#[0-9a-f]{3}$/i.test(value) ? value.replace(/[0-9a-f]/gi, '$&$&') : COLOUR;
}

/** As web/citation.py does. */
function digest(text) {
  let value = 0x811c9dc5;
  for (const point of text) value = Math.imul(value ^ point.codePointAt(0), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** Return the place of a quote on the server, or null if it would lead elsewhere. */
function placeOf(quote, base, words) {
  if (!/^\/[^/\\]/.test(quote.permalink)) return null;
  const url = new URL('.' + quote.permalink, base);
  if (words.code !== 'zh-CN') url.searchParams.set('lang', words.code);
  if (/^#c\d+-\d+$/.test(url.hash)) url.hash += `-${digest(quote.text)}`;
  return url.href.startsWith(base) ? url.href : null;
}

function sourceOf(quote) {
  return /^https?:\/\//i.test(quote.source_url) ? quote.source_url : null;
}

/** Return the words with an ellipsis where a sentence goes on beyond them. */
function elided({ text, cutBefore, cutAfter }) {
  return (cutBefore ? ELLIPSIS : '') + text + (cutAfter ? ELLIPSIS : '');
}

/** Return the parts of a quote, its answering spans marked; offsets count characters. */
function marked(quote) {
  const characters = Array.from(quote.text);
  const parts = quote.cutBefore ? [ELLIPSIS] : [];
  let at = 0;
  for (const [start, end] of quote.highlights) {
    if (!(start >= at && end > start && end <= characters.length)) continue;
    parts.push(characters.slice(at, start).join(''), make('mark', {}, characters.slice(start, end).join('')));
    at = end;
  }
  return [...parts, characters.slice(at).join('') + (quote.cutAfter ? ELLIPSIS : '')];
}

function speakerOf(quote, words) {
  const name = own(quote.speaker);
  if (!quote.speaker) return [quote.role === 'editor' ? words.editor : words.unknown];
  if (quote.role === 'journalist') return parts(words.asks, { name });
  const title = quote.title ? own(quote.title) : quote.role === 'moderator' ? words.moderator : '';
  return title ? parts(words.titled, { name, title }) : [name];
}

function provenanceOf(quote, words) {
  const day = new Date(`${quote.date}T00:00:00Z`);
  const style = { dateStyle: 'long', timeZone: 'UTC' };
  return [
    quote.document_title ? ['《', own(quote.document_title), '》'] : [],
    isNaN(day) ? [] : [new Intl.DateTimeFormat(words.code, style).format(day)],
    quote.asked_by ? parts(words.answers, { name: own(quote.asked_by) }) : [],
  ].filter((some) => some.length).flatMap((some, n) => (n ? [' · ', ...some] : some));
}

function notesOf(quote, words) {
  return ['inferred', 'emended'].filter((note) => quote[note]).map((note) => words[note]);
}

/** Return a quote as it is pasted: label, words, speaker, event, notes, place. */
function citation(quote, words, base) {
  const lines = [words.excerpt, `“${elided(quote)}”`, `——${plain(speakerOf(quote, words))}`,
    plain(provenanceOf(quote, words)), ...notesOf(quote, words), placeOf(quote, base, words), sourceOf(quote)];
  return lines.filter(Boolean).join('\n');
}

/** Return the marked spans that the answer puts in front of its quotes. */
function leadOf({ text }) {
  return text.split('\n').filter((line) => line.startsWith('“')).join('\n');
}

/** Return the answer with every field of a known shape, or null if it is no answer. */
function readAnswer(data) {
  if (!data || !STATUSES.includes(data.status)) return null;
  const text = (value) => (typeof value === 'string' ? value : '');
  const quotes = (list) => (Array.isArray(list) ? list : []).filter((quote) => quote && text(quote.text))
    .map((quote) => ({
      ...Object.fromEntries(['text', 'speaker', 'title', 'role', 'asked_by', 'document_title', 'date',
        'permalink', 'source_url'].map((name) => [name, text(quote[name])])),
      highlights: (Array.isArray(quote.highlights) ? quote.highlights : []).filter(Array.isArray),
      inferred: quote.attribution_inferred === true,
      emended: quote.emended === true,
      cutBefore: quote.cut_before === true,
      cutAfter: quote.cut_after === true,
    }));
  return { status: data.status, text: text(data.answer), quotes: quotes(data.quotes), related: quotes(data.related) };
}

function problemOf(response) {
  const seconds = Number(response.headers.get('Retry-After'));
  if (response.status === 429 && seconds > 0) return { problem: 'wait', seconds: Math.ceil(seconds) };
  return { problem: PROBLEMS[response.status] || (response.status >= 500 ? 'down' : 'unfit') };
}

/** Ask whether the server can be reached at all: then it was our origin that it refused. */
async function whyUnheard(base, signal) {
  if (navigator.onLine === false) return 'offline';
  const quiet = { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal };
  return fetch(new URL('widget.js', base), quiet).then(() => 'refused', () => 'unreachable');
}

/** Return `{answer}` or `{problem}`; it never throws. */
async function fetchAnswer(base, question, history) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, credentials: 'omit',
    redirect: 'error', cache: 'no-store', signal: stop.signal, body: JSON.stringify({ question, history }) };
  try {
    const response = await fetch(new URL('api/ask', base), options);
    if (!response.ok) return problemOf(response);
    const answer = readAnswer(await response.json().catch(() => null));
    if (answer) return { answer };
    return { problem: stop.signal.aborted ? 'slow' : 'down' };
  } catch {
    return { problem: stop.signal.aborted ? 'slow' : await whyUnheard(base, stop.signal) };
  } finally {
    clearTimeout(timer);
  }
}

class ZaowenWidget extends HTMLElement {
  static observedAttributes = ['heading', 'color', 'lang', 'position', 'question', 'contact', 'src'];

  #words = wordsFor('');
  #turns = [];
  #busy = false;
  #greeted = '';
  #inline = false;
  #title = make('h2', { id: 'title', tabindex: '-1' });
  #larger = make('button', { type: 'button', 'aria-pressed': 'false' });
  #shut = make('button', { type: 'button' });
  #intro = make('p', { class: 'intro' });
  #log = make('div', { class: 'log', role: 'region', tabindex: '0' }, this.#intro);
  #status = make('p', { class: 'status', role: 'status', 'aria-live': 'polite' });
  #label = make('label', { for: 'box' });
  #box = make('textarea', { id: 'box', rows: '1', autocomplete: 'off', enterkeyhint: 'send' });
  #send = make('button', { class: 'send' });
  #form = make('form', {}, this.#status, this.#label, this.#box, this.#send);
  #panel = make('dialog', { class: 'panel', 'aria-labelledby': 'title' },
    make('div', { class: 'top' }, this.#title, this.#larger, this.#shut), this.#log, this.#form);
  #name = make('span');
  #launcher = make('button', { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog' }, bubble(), this.#name);
  #root = make('div', { class: 'root' }, this.#launcher, this.#panel);

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [SHEET];
    shadow.append(this.#root);
    this.#launcher.addEventListener('click', () => this.open());
    this.#shut.addEventListener('click', () => this.close());
    this.#larger.addEventListener('click', () => this.#enlarge());
    this.#form.addEventListener('submit', (event) => { event.preventDefault(); this.#submit(); });
    this.#box.addEventListener('keydown', (event) => this.#enter(event));
    this.#panel.addEventListener('keydown', (event) => this.#trap(event));
    this.#panel.addEventListener('close', () => this.#closed());
    this.#panel.addEventListener('pointerdown', (event) => {
      if (event.target === this.#panel) this.close();
    });
  }

  connectedCallback() {
    this.#dress();
    this.#redraw();
  }

  disconnectedCallback() {
    if (!this.#inline) this.#panel.close();
    window.visualViewport?.removeEventListener('resize', this.#fit);
  }

  attributeChangedCallback(name) {
    if (!this.isConnected) return;
    this.#dress();
    if (name === 'lang' || name === 'contact') this.#redraw();
  }

  /** Open the panel and, the first time, ask the question in the `question` attribute. */
  open() {
    if (this.#panel.open || !this.isConnected) return;
    this.#panel.setAttribute('aria-modal', 'true');
    this.#panel.showModal();
    this.#fit();
    window.visualViewport?.addEventListener('resize', this.#fit);
    // On a touch screen, focus in the box would raise the keyboard over the panel.
    (matchMedia('(pointer: coarse)').matches ? this.#title : this.#box).focus();
    this.#greet();
  }

  /** Close the panel; the conversation stays. */
  close() {
    if (!this.#inline) this.#panel.close();
  }

  #closed() {
    window.visualViewport?.removeEventListener('resize', this.#fit);
    if (!this.#inline && this.isConnected) this.#launcher.focus();
  }

  #dress() {
    const words = this.#words = wordsFor(this.lang || document.documentElement.lang);
    const colour = colourOf(this.getAttribute('color') || '');
    const heading = (this.getAttribute('heading') || '').trim() || words.heading;
    this.#title.textContent = this.#name.textContent = heading;
    this.#larger.textContent = words.larger;
    this.#shut.textContent = words.close;
    this.#intro.textContent = words.intro + (DAYS ? ' ' + fill(words.kept, { days: DAYS }) : '');
    this.#label.textContent = words.label;
    this.#send.textContent = words.send;
    this.#box.placeholder = words.placeholder;
    this.#log.setAttribute('aria-label', words.log);
    this.#root.lang = words.code;
    this.#root.style.setProperty('--accent', colour);
    this.#root.style.setProperty('--on-accent', inkOn(colour));
    this.#stand();
    if (this.#inline) this.#greet();
  }

  #stand() {
    const asked = this.getAttribute('position');
    const position = POSITIONS.includes(asked) ? asked : POSITIONS[0];
    const inline = position === 'inline';
    for (const name of POSITIONS) this.#root.classList.toggle(name, name === position);
    this.#launcher.hidden = this.#shut.hidden = inline;
    if (inline === this.#inline) return;
    this.#panel.close();
    this.#panel.removeAttribute('aria-modal');
    this.#panel.open = this.#inline = inline;
  }

  #greet() {
    const question = (this.getAttribute('question') || '').trim();
    if (!question || question === this.#greeted || this.#busy) return;
    this.#greeted = question;
    this.#ask(question);
  }

  #enlarge() {
    const large = this.#root.classList.toggle('large');
    this.#larger.setAttribute('aria-pressed', String(large));
  }

  /** Keep the panel above an on-screen keyboard; a pinch zoom is the reader's own. */
  #fit = () => {
    const view = window.visualViewport;
    if (!view || view.scale > 1) return;
    this.#panel.style.setProperty('--top', `${view.offsetTop}px`);
    this.#panel.style.setProperty('--height', `${view.height}px`);
  };

  #trap(event) {
    if (event.key !== 'Tab' || this.#inline) return;
    const active = this.shadowRoot.activeElement;
    const edges = event.shiftKey ? [this.#larger, this.#send] : [this.#send, this.#larger];
    if (active !== edges[0] && !(event.shiftKey && active === this.#title)) return;
    event.preventDefault();
    edges[1].focus();
  }

  #enter(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const question = this.#box.value.trim();
    if (this.#busy) return this.#say(this.#words.busy);
    if (!question) return this.#say(this.#words.empty);
    if (Array.from(question).length > LONGEST) return this.#say(this.#words.long);
    this.#box.value = '';
    return this.#ask(question);
  }

  async #ask(question, turn = { question, node: make('article', { class: 'turn' }) }) {
    const history = this.#turns.filter((one) => one.answer).map((one) => one.question).slice(-EARLIER);
    if (!this.#turns.includes(turn)) this.#turns.push(turn);
    Object.assign(turn, { base: serverOf(this.getAttribute('src')), problem: null, waiting: true });
    this.#wait(true);
    this.#show(turn);
    Object.assign(turn, { waiting: false }, await fetchAnswer(turn.base, question, history));
    this.#wait(false);
    this.#show(turn);
    this.#say(this.#summary(turn), true);
  }

  #wait(busy) {
    this.#busy = busy;
    this.#send.setAttribute('aria-disabled', String(busy));
    if (busy) this.#say(this.#words.busy);
  }

  /** Announce a sentence; `shown` tells that the conversation already shows it. */
  #say(sentence, shown = false) {
    this.#status.classList.toggle('heard', shown);
    this.#status.textContent = sentence;
  }

  #summary({ answer, problem, seconds }) {
    const words = this.#words;
    if (problem) return fill(words[problem], { seconds });
    const count = answer.quotes.length ? fill(words.count, { n: answer.quotes.length }) : '';
    const lead = answer.quotes.length ? leadOf(answer) : '';
    return [words[answer.status], lead, count].filter(Boolean).join(' · ');
  }

  #redraw() {
    for (const turn of this.#turns) this.#fillTurn(turn);
    this.#log.replaceChildren(this.#intro, ...this.#turns.map((turn) => turn.node));
    const last = this.#turns[this.#turns.length - 1];
    if (last?.waiting) this.#say(this.#words.busy);
    else this.#say(last ? this.#summary(last) : '', true);
  }

  #show(turn) {
    this.#fillTurn(turn);
    this.#log.append(turn.node);
    this.#log.scrollTop = turn.node.offsetTop;
    if (!this.#inline) this.#panel.scrollTop = this.#log.offsetTop + turn.node.offsetTop;
  }

  #fillTurn(turn) {
    const parts = turn.problem ? this.#excuse(turn) : turn.answer ? this.#reply(turn) : [];
    turn.node.replaceChildren(make('h3', { class: 'question' }, turn.question), ...parts);
  }

  #excuse(turn) {
    const retry = make('button', { type: 'button', class: 'retry' }, this.#words.retry);
    retry.addEventListener('click', () => {
      if (this.#busy) return;
      this.#box.focus();
      this.#ask(turn.question, turn);
    });
    return [make('p', { class: 'refusal' }, this.#summary(turn)), retry];
  }

  #reply({ answer, base }) {
    const words = this.#words;
    const quoted = answer.quotes.length > 0;
    const lead = leadOf(answer);
    return [
      make('p', { class: 'verdict' }, words[answer.status]),
      lead ? own(lead, 'p', 'lead') : '',
      quoted ? '' : make('p', { class: 'refusal' }, answer.status === 'invalid' ? words.unfit : words.only),
      this.#contact(answer),
      quoted ? make('p', { class: 'excerpt' }, words.excerpt) : '',
      ...answer.quotes.map((quote) => this.#card(quote, base)),
      answer.related.length ? this.#related(answer.related, base) : '',
    ].filter(Boolean);
  }

  /** Where to ask instead: as the portal says, else as the server does. */
  #contact({ status, text }) {
    const given = (this.getAttribute('contact') || '').trim();
    const named = status === 'not_in_sources' ? CONTACT.exec(text.trim()) : null;
    if (['answered', 'partial'].includes(status) || !(given || named)) return '';
    const contact = given || own(named[1]);
    return make('p', { class: 'contact' }, ...parts(this.#words.contact, { contact }));
  }

  #related(quotes, base) {
    const words = this.#words;
    return make('details', { class: 'related' }, make('summary', {}, words.related),
      make('p', { class: 'excerpt' }, words.excerpt), ...quotes.map((quote) => this.#card(quote, base)));
  }

  #card(quote, base) {
    const words = this.#words;
    const copy = make('button', { type: 'button' }, words.copy);
    copy.addEventListener('click', () => this.#copy(citation(quote, words, base)));
    return make('figure', { class: 'card' },
      make('blockquote', { lang: 'zh-CN' }, ...marked(quote)),
      make('figcaption', {},
        make('p', { class: 'speaker' }, ...speakerOf(quote, words)),
        make('p', { class: 'from' }, ...provenanceOf(quote, words)),
        ...notesOf(quote, words).map((note) => make('p', { class: 'note' }, note))),
      make('div', { class: 'tools' }, this.#link(words.place, placeOf(quote, base, words)),
        this.#link(words.source, sourceOf(quote)), copy));
  }

  #link(name, href) {
    if (!href) return null;
    const label = fill(this.#words.opens, { name });
    return make('a', { href, target: '_blank', rel: 'noopener noreferrer', 'aria-label': label }, name);
  }

  async #copy(text) {
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    this.#say(copied || this.#copyBySelection(text) ? this.#words.copied : this.#words.uncopied);
  }

  /** Copy where there is no clipboard interface: portals still served over plain http. */
  #copyBySelection(text) {
    const held = this.shadowRoot.activeElement;
    const page = make('textarea', { readonly: '', 'aria-hidden': 'true' });
    page.value = text;
    this.#panel.append(page);
    page.select();
    const copied = document.execCommand('copy');
    page.remove();
    held?.focus();
    return copied;
  }
}

customElements.define('zaowen-widget', ZaowenWidget);
})();
