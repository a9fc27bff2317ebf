// A citation scrolls to its place and puts the focus there, without leaving the page.
"use strict";
function land(id) {
  const place = document.getElementById(id);
  if (!place) return false;
  place.scrollIntoView({ block: "center", behavior: "auto" });
  place.focus({ preventScroll: true });
  return true;
}
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest('a[href*="#c"]');
  if (!link) return;
  const id = link.getAttribute("href").split("#")[1];
  if (land(id)) event.preventDefault();
});
