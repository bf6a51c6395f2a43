/* On every page of the desk: the worker that opens the field page without a network, drafts of acts that were done, and signing out,
   which takes everything of this person off the device. */
"use strict";
(async () => {
  const person = document.querySelector("meta[name=person]")?.content;
  if (!person || !globalThis.Field) return;
  navigator.serviceWorker?.register("/desk/field/sw.js", { scope: "/desk/" }).catch(() => {});
  const own = async () => (await Field.vaults()).filter((vault) => vault.person === person);

  document.querySelector("form[action='/desk/sign-out/']")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = event.target;
    const vaults = await own().catch(() => []);
    const rows = (await Promise.all(vaults.map((vault) => Field.rowsOf(vault.id)))).flat();
    const waiting = rows.filter((row) => row.kind === "queue").length;
    if (waiting && !confirm(`本机还有 ${waiting} 项待发没有发出。现在退出，它们和带出的案件都会从本机清除，不能恢复。仍要退出吗？`)) return;
    for (const vault of vaults) await Field.wipe(vault.id);
    form.submit();
  }, true);

  // A browser that keeps nothing has nothing to forget.
  if (!(await Field.vaults().catch(() => null))) return;
  const done = [...document.querySelectorAll("[data-done]")].map((node) => node.dataset.done).filter(Boolean);
  await Field.sweep();
  if (!done.length) return;
  for (const vault of await own()) {
    const rows = (await Field.rowsOf(vault.id)).filter((row) => row.kind === "draft" && done.includes(row.nonce));
    await Field.drop(...rows.map((row) => row.id));
  }
})();
