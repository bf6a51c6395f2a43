/* The player goes to the second that is clicked, and the form for a mark follows the player. Without this file links open the page there. */
"use strict";
(() => {
  const player = document.getElementById("player");
  if (!player) return;
  const box = document.getElementById("id_second");
  let typed = false;
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-at]");
    if (!link) return;
    event.preventDefault();
    player.currentTime = Number(link.dataset.at);
    player.scrollIntoView({ block: "nearest" });
    player.focus({ preventScroll: true });
  });
  player.addEventListener("error", () => { document.querySelector(".player-fault").hidden = false; });
  box?.addEventListener("input", () => { typed = true; });
  if (box) player.addEventListener("seeked", () => { if (!typed) box.value = clock(player.currentTime); });
  if (box) player.addEventListener("pause", () => { if (!typed) box.value = clock(player.currentTime); });
})();
