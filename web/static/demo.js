// The demonstration page: the form writes the widget's attributes and shows the code to embed.
(() => {
'use strict';
const widget = document.querySelector('zaowen-widget');
const form = document.getElementById('attributes');
const snippet = document.getElementById('snippet');
const usual = { lang: 'zh-CN', position: 'bottom-right', color: '#8f1d2c' };

function chosen() {
  return [...new FormData(form)].filter(([name, value]) => value && value !== usual[name]);
}

function quote(value) {
  return value.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}

function show() {
  const attributes = chosen().map(([name, value]) => ` ${name}="${quote(value)}"`).join('');
  const script = new URL('widget.js', location.href).href;
  snippet.textContent = `<script src="${script}" defer></` + `script>\n<zaowen-widget${attributes}></zaowen-widget>`;
}

function apply() {
  const values = new Map(chosen());
  for (const { name } of form.elements) {
    if (values.has(name)) widget.setAttribute(name, values.get(name));
    else widget.removeAttribute(name);
  }
  const place = values.get('position') === 'inline' ? document.getElementById('inline') : document.body;
  if (widget.parentNode !== place) place.append(widget);
  show();
}

form.addEventListener('change', apply);
form.addEventListener('submit', (event) => event.preventDefault());
document.getElementById('open').addEventListener('click', () => {
  if (widget.getAttribute('position') === 'inline') widget.scrollIntoView({ block: 'center' });
  else widget.open();
});
show();
})();
