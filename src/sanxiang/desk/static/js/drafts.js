/* What is typed into a form is kept on the device, locked, until the act is done: it survives a crash, a reload, a closed tab. */
"use strict";
globalThis.Drafts = (() => {
  const OURS = new Set(["csrfmiddlewaretoken", "nonce", "more"]);
  const fieldsOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OURS.has(name) && !name.endsWith("-kept"));

  // Rows that the form has not yet are added by its own button.
  const roomFor = (form, name) => {
    const found = name.match(/^(.+)-(\d+)-[^-]+$/);
    if (!found || form.elements[name]) return;
    for (const rows of form.querySelectorAll("[data-rows]")) {
      if (!rows.querySelector("template")?.innerHTML.includes(`name="${found[1]}-__i__-`)) continue;
      for (let tries = 0; tries < 60 && !form.elements[name]; tries += 1) rows.querySelector(".rows-add button")?.click();
    }
  };
  const fill = (form, fields) => {
    const told = new Map();
    for (const [name, value] of fields) {
      roomFor(form, name);
      told.set(name, [...(told.get(name) || []), value]);
    }
    for (const box of form.elements) {
      if (!box.name || OURS.has(box.name) || ["file", "hidden", "submit", "button"].includes(box.type) || box.tagName === "FIELDSET") continue;
      const values = told.get(box.name) || [];
      if (box.type === "checkbox" || box.type === "radio") box.checked = values.includes(box.value);
      else if (box.tagName === "SELECT") for (const choice of box.options) choice.selected = values.length ? values.includes(choice.value) : choice.value === "";
      else box.value = values.shift() ?? "";
      if (box.dataset.max) box.dispatchEvent(new Event("input"));
    }
  };

  // Saves half a second after the last key, and when the page is left.
  const watch = (form, open, id, { clear = () => ({}), said = () => {} } = {}) => {
    let before = JSON.stringify(fieldsOf(form));
    let timer = 0;
    let ended = false;
    const save = async () => {
      clearTimeout(timer);
      const now = JSON.stringify(fieldsOf(form));
      if (ended || now === before) return;
      before = now;
      try {
        await Field.put(open, id, "draft", { fields: fieldsOf(form), at: new Date().toISOString() }, clear());
        said(`内容已存在本机，${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit" })}`);
      } catch {
        said("本机的存储满了，内容没有存下");
      }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(save, 500); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    document.addEventListener("visibilitychange", save);
    return { save, end: () => { ended = true; clearTimeout(timer); document.removeEventListener("visibilitychange", save); } };
  };
  return { fieldsOf, fill, watch };
})();

// On the desk: the form of an act, by its address and its key.
(async () => {
  const form = document.querySelector("form.form[method=post]");
  const nonce = form?.elements.nonce?.value;
  if (!globalThis.Field || !nonce || !/^\/desk\/cases\/(new\/[^/]+|[0-9a-f-]{36}\/acts\/[^/]+)\/$/.test(location.pathname)) return;
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const open = await Field.contact().then(Field.mine).catch(() => null);
  if (!open) return;
  const id = `draft:${location.pathname}`;
  const state = make("p", { className: "draft-state" });
  state.setAttribute("role", "status");
  form.append(state);
  const until = () => new Date(Date.now() + (open.told.days || 3) * 86400000).toISOString();
  const clear = () => ({ nonce: form.elements.nonce.value, until: until() });
  const kept = await Field.get(open, id);
  const same = kept && JSON.stringify(kept.value.fields) === JSON.stringify(Drafts.fieldsOf(form));
  if (kept && !same && !form.dataset.typed) {
    const when = new Date(kept.value.at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
    const again = make("button", { type: "button", className: "button button-small", textContent: "接着填" });
    const not = make("button", { type: "button", className: "button button-plain button-small", textContent: "不要了" });
    const note = make("div", { className: "notice notice-info draft-note" }, make("span", { textContent: `这张表单有${when}没有提交的内容，只存在本机。选过的文件要重新选。` }), again, not);
    note.setAttribute("role", "status");
    form.prepend(note);
    again.addEventListener("click", () => {
      Drafts.fill(form, kept.value.fields);
      // The same key: had the answer been lost, the act is not done a second time.
      if (kept.nonce) form.elements.nonce.value = kept.nonce;
      note.remove();
      form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
    not.addEventListener("click", async () => { await Field.drop(id); note.remove(); });
  }
  const draft = Drafts.watch(form, open, id, { clear, said: (text) => { state.textContent = text; } });
  form.addEventListener("submit", async (event) => {
    draft.save();
    if (navigator.onLine || event.defaultPrevented) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    state.textContent = "没有网络，没有提交。填写的内容已存在本机，连上网络后再提交；带到现场的案件可以在“现场”页面存入待发。";
    state.focus();
  }, true);
})();
