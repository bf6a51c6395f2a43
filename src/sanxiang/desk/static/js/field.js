/* 现场: the page that works without a network. What it shows comes locked from the vault; by the part of the address behind # it knows
   which of its pages is meant. */
"use strict";
(() => {
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  };
  const at = (id) => document.getElementById(id);
  const view = at("view");
  const button = (label, act, look = "") => {
    const node = make("button", { type: "button", className: `button button-small ${look}`.trim(), textContent: label });
    node.addEventListener("click", act);
    return node;
  };
  const link = (label, href, look = "") => make("a", { href, className: look, textContent: label });
  const when = (iso) => new Date(iso).toLocaleString("zh-CN", { year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const size = (bytes) => (bytes < 1 << 20 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : bytes < 1 << 30 ? `${(bytes / (1 << 20)).toFixed(1)} MB` : `${(bytes / (1 << 30)).toFixed(1)} GB`);
  const notice = (text, tone = "amber", ...more) => make("div", { className: `notice notice-${tone}` }, make("p", { textContent: text }), ...more);
  const tell = (text, tone = "amber", ...more) => at("told").replaceChildren(...(text ? [notice(text, tone, ...more)] : []));
  const title = (text) => { at("title").textContent = text; document.title = `${text} · 现场`; };
  const signIn = () => link("登录", `/desk/sign-in/?next=${encodeURIComponent(`/desk/field/${location.hash}`)}`, "button button-small");
  if (!globalThis.Field || !globalThis.Outbox) {
    title("现场");
    return tell("这台设备上不能用：现场页面要求用 https 打开，浏览器要支持本机加密存储。");
  }

  let open = null;
  let heard = null;
  let draft = null;
  let farewell = "";
  const go = (hash, text) => {
    farewell = text;
    location.hash = hash;
  };

  const lineState = () => {
    const off = !navigator.onLine || !heard;
    at("line").classList.toggle("is-off", off);
    at("line").textContent = off ? "没有连上服务器，内容存在本机" : heard.person ? "已连上服务器" : "已连上服务器，没有登录";
  };
  const listen = async () => {
    heard = await Field.contact(open?.vault);
    if (heard?.wipe) open = null;
    // Whoever is signed in now is whose things are shown: nobody sees another's, on a tab that was left open either.
    if (heard?.person && heard.person !== open?.vault.person) open = await Field.mine(heard);
    else if (open && heard?.person) await Field.noted(open.vault, heard);
    lineState();
  };

  // Unlocking.
  const passwordField = (id, label, hint, fresh) => make("div", { className: "field" }, make("label", { htmlFor: id, textContent: label }), make("p", { className: "hint", id: `${id}_hint`, textContent: hint }),
    make("input", { type: "password", id, autocomplete: fresh ? "new-password" : "current-password" }));
  const locked = async () => {
    title("打开带出的内容");
    const some = (await Field.vaults()).some((vault) => vault.typed);
    if (!some) {
      return view.replaceChildren(make("section", { className: "panel" }, make("h2", { textContent: "这台设备上没有带出的案件" }),
        make("p", { textContent: "连网登录后，在案件页点“带到现场”，案件的内容和表单就存到这台设备上，没有网络也能填。" }), make("p", {}, heard ? signIn() : "")));
    }
    const form = make("form", { className: "form panel" }, passwordField("phrase", "现场密码", "带出案件时自己设的密码"), make("p", { className: "row" }, make("button", { className: "button", textContent: "打开" }), heard ? make("span", {}, "或者 ", signIn()) : ""));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      open = await Field.byTyping(at("phrase").value);
      if (!open) {
        tell("现场密码不对。连续输错 10 次，带出的案件从本机清除；待发的内容保留，本人连网登录后可以打开。");
        return at("phrase").focus();
      }
      tell("");
      await draw();
      deliver();
    });
    view.replaceChildren(form);
    at("phrase").focus();
  };

  // What was taken along.
  const home = async () => {
    title("带出的案件");
    const cases = await Field.list(open, "along");
    const rows = cases.map((row) => {
      const told = row.value;
      return make("li", {}, make("h2", {}, link(told.title, `#case/${told.case}`)), make("p", { className: "quiet", textContent: `${told.number}，${told.forms.length} 张表单，${size(row.size || 0)}` }),
        make("p", { textContent: `${when(told.taken)}带出，保存到${when(told.until)}` }),
        make("p", { className: "row" }, button("从本机清除", async () => { await Field.drop(row.id); draw(); }, "button-plain")));
    });
    const estimate = await navigator.storage?.estimate?.();
    view.replaceChildren(rows.length ? make("ul", { className: "field-items" }, ...rows) : notice("没有带出的案件。连网时在案件页点“带到现场”。", "info"),
      make("p", { className: "quiet", textContent: estimate ? `本网站在这台设备上占用 ${size(estimate.usage || 0)}，还可以存约 ${size((estimate.quota || 0) - (estimate.usage || 0))}。` : "" }),
      make("p", {}, link("带出设备的登记和停用", "/desk/field/devices/")));
  };

  const take = async (id) => {
    title("带到现场");
    if (!heard?.person) return view.replaceChildren(notice(heard ? "登录后才能带出案件。" : "没有网络，不能带出案件。", "amber", heard ? make("p", {}, signIn()) : ""));
    open = (await Field.mine(heard)) || open;
    if (!open?.raw) return view.replaceChildren(notice("这台设备上的内容是用原来的现场密码锁的，请先回到现场页面打开，或者清除后重新带出。"));
    const fresh = !open.vault.typed;
    const name = make("input", { type: "text", id: "device", autocomplete: "off", value: open.vault.name || navigator.userAgentData?.platform || "" });
    const form = make("form", { className: "form panel" },
      make("p", { textContent: id === "new" ? `登记新案件的空白表单和所依据的条文，加密存到这台设备，保存 ${heard.days} 天。` : `这件案件的概要、期限、现在可以办理的表单和所依据的条文，加密存到这台设备，保存 ${heard.days} 天。谁、用哪台设备带出，记入调阅记录。文书和证据的内容不带。` }),
      make("div", { className: "field" }, make("label", { htmlFor: "device", textContent: "这台设备叫什么" }), make("p", { className: "hint", textContent: "例如：二中队平板 3 号" }), name),
      fresh ? passwordField("phrase", "设一个现场密码", "至少 8 位，没有网络时用它打开。不要与登录密码相同；忘了就打不开，只能连网登录", true) : "",
      fresh ? passwordField("again", "再输一次", "与上面一致", true) : "",
      make("p", { className: "row" }, make("button", { className: "button", textContent: "带到现场" }), link("取消", `/desk/cases/${id}/`)));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (fresh && [...at("phrase").value].length < 8) return tell("现场密码至少 8 位。"), at("phrase").focus();
      if (fresh && at("phrase").value !== at("again").value) return tell("两次输入的现场密码不一致。"), at("again").focus();
      tell("正在存到本机……", "info");
      await fetched(id, name.value.trim(), fresh ? at("phrase").value : "");
    });
    view.replaceChildren(form);
  };
  const fetched = async (id, name, typed) => {
    const from = id === "new" ? "/desk/field/blanks/" : `/desk/cases/${id}/along/`;
    heard = await Field.contact(open.vault);
    const told = new FormData();
    for (const [key, value] of Object.entries({ csrfmiddlewaretoken: heard?.csrf || "", device: open.vault.id, name })) told.set(key, value);
    const answer = await fetch(from, { method: "POST", body: told, redirect: "manual", headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status !== 200) {
      const why = { 403: "不能带出：您不办理这件案件，要先在案件页写明调阅事由，或者这台设备已经停用。", 404: "没有这件案件。" };
      return tell((answer && why[answer.status]) || "没有带出来，请检查网络后再试。", "red", make("p", {}, link("返回", `/desk/cases/${id}/`)));
    }
    const bundle = await answer.json();
    if (typed) await Field.setTyped(open, typed);
    Object.assign(open.vault, { agency: bundle.agency, name });
    await Field.keep(open.vault);
    await navigator.storage?.persist?.();
    const text = JSON.stringify(bundle);
    await Field.put(open, `along:${id}`, "along", bundle, { until: bundle.until, size: new Blob([text]).size });
    go(`#case/${id}`, `已带到本机，保存到${when(bundle.until)}。没有网络时，从浏览器或者主屏幕打开“现场”。`);
  };

  const articles = (bundle, name) => {
    const found = bundle.articles.filter((one) => !name || one.name === name);
    return make("details", {}, make("summary", { textContent: name ? `依据 ${name}` : `条文（${found.length} 条）` }),
      ...found.map((one) => make("section", {}, make("h3", { textContent: one.name }), make("p", { className: "article-text", textContent: one.text }))));
  };
  const bundleOf = async (id) => (await Field.get(open, `along:${id}`))?.value;
  const gone = (id) => view.replaceChildren(notice("这件案件不在本机：没有带出，或者已经到期清除。", "amber", make("p", {}, link("打开案件", `/desk/cases/${id}/`))));

  const shown = async (id) => {
    const bundle = await bundleOf(id);
    if (!bundle) return gone(id);
    title(bundle.title);
    const lines = make("section", { className: "panel", hidden: !bundle.html });
    lines.innerHTML = bundle.html;
    for (const one of lines.querySelectorAll("a")) one.replaceWith(...one.childNodes);
    const forms = bundle.forms.map((one) => make("li", {}, link(one.label, `#form/${id}/${one.act}`, "button button-plain button-small")));
    view.replaceChildren(make("section", { className: "panel" }, make("h2", { textContent: "可以填的表单" }), forms.length ? make("ul", { className: "act-group-list" }, ...forms) : make("p", { textContent: "带出的时候没有轮到您办的步骤。" })),
      lines, articles(bundle), make("p", { className: "quiet", textContent: `${bundle.number}，${when(bundle.taken)}带出，之后的变化这里看不到。` }));
  };

  // A form: filled in here, laid aside here.
  const filesOf = (form, files) => {
    const draw = (input, list) => list.replaceChildren(...files.filter((file) => file.field === input.name).map((file) =>
      make("li", { className: "upload is-done" }, make("p", { textContent: `${file.name} ${size(file.size)}，已存在本机` }),
        button("不用这个文件", async () => { files.splice(files.indexOf(file), 1); await Field.dropFile(file); draw(input, list); input.focus(); }, "button-plain"))));
    for (const input of form.querySelectorAll("input[type=file]")) {
      const list = make("ul", { className: "uploads" });
      input.after(list);
      draw(input, list);
      input.addEventListener("change", async () => {
        const chosen = [...input.files];
        input.value = "";
        for (const file of chosen) {
          try {
            files.push({ field: input.name, ...(await Field.putFile(open, file, (part) => tell(`正在存到本机：${file.name}，${Math.round(part * 100)}%`, "info"))) });
            tell("");
          } catch {
            tell(`本机存不下${file.name}，请先发出待发的内容，或者清除不用的案件。`, "red");
          }
        }
        draw(input, list);
      });
    }
  };
  const blanks = (form) => [...form.querySelectorAll("[aria-required=true]")].filter((box) => !box.value && box.offsetParent && !box.closest("[data-rows], .field-group")).map((box) => box.labels?.[0]?.textContent.trim() || box.getAttribute("aria-label") || "").filter(Boolean);

  const filled = async (id, act, item = null) => {
    const bundle = await bundleOf(id);
    const rule = bundle?.forms.find((one) => one.act === act);
    if (!rule) return item ? unformed(item) : gone(id);
    title(rule.label);
    const form = make("form", { className: "form", noValidate: true });
    form.innerHTML = rule.html;
    const files = [...(item?.files || [])];
    const state = make("p", { className: "draft-state" });
    state.setAttribute("role", "status");
    const lay = make("button", { className: "button", textContent: item ? "改好，存入待发" : "存入待发" });
    form.append(make("div", { className: "form-end" }, make("p", { className: "row" }, lay, link("返回", item ? "#queue" : `#case/${id}`)), state));
    view.replaceChildren(make("p", { className: "quiet", textContent: `${bundle.title}　依据 ${rule.citation}${rule.help ? `。${rule.help}` : ""}` }), ...rule.notices.map((text) => notice(`${text}。`)),
      rule.today_only ? notice("这一步只能当天办理：在规定的时间内报到服务器才按填写的时间算。", "info") : "", articles(bundle, rule.citation), form);
    form.dispatchEvent(new Event("formdrawn", { bubbles: true }));
    filesOf(form, files);
    const name = `draft:${rule.address}`;
    const kept = item ? null : await Field.get(open, name);
    if (item || kept) Drafts.fill(form, item ? item.fields : kept.value.fields);
    if (kept) state.textContent = `接着${when(kept.value.at)}填的内容`;
    draft = item ? null : Drafts.watch(form, open, name, { said: (text) => { state.textContent = text; } });
    let warned = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const lacking = blanks(form);
      if (lacking.length && !warned) {
        warned = true;
        return tell(`还没有填写：${lacking.join("、")}。到了服务器会被退回；确实要先存的，再点一次“存入待发”。`);
      }
      draft?.end();
      await Outbox.add(open, {
        key: item?.key || crypto.randomUUID(), address: rule.address, act, case: id, label: rule.label, title: bundle.title, fields: Drafts.fieldsOf(form), files,
        clock: new Date().toISOString(), contact: open.vault.contact || "",
      });
      await Field.drop(name);
      Outbox.soon();
      go("#queue", `《${rule.label}》已存入待发。`);
      if (navigator.onLine) deliver();
    });
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };
  // The form is not on the device any more: what was typed still is, and can be read and copied.
  const unformed = (item) => {
    title(item.label);
    view.replaceChildren(notice("表单已经到期，不在本机。填写的内容都在下面，连网后可以在工作台照着重新办理。", "amber", make("p", {}, link("在工作台打开这张表单", item.address))),
      make("dl", { className: "summary panel" }, ...item.fields.filter(([, value]) => value).map(([name, value]) => make("div", {}, make("dt", { textContent: name }), make("dd", { textContent: value })))));
  };

  // 待发.
  const STATES = { waiting: "等候发出", wrong: "服务器没有办，请处理" };
  const reasons = (item) => make("ul", {}, ...(item.verdicts || []).map((one) => make("li", {}, one.fact, one.cure ? make("span", { className: "act-cure" }, make("b", { textContent: "怎么办" }), one.cure) : "", one.citation ? make("span", { className: "verdict-law", textContent: one.citation }) : "")),
    ...[...(item.errors || []), ...(item.warnings || [])].map((text) => make("li", { textContent: text })));
  const again = (item, fields) => async () => {
    await Outbox.save(open, { ...item, fields, state: "waiting", said: "", verdicts: [], errors: [], warnings: [] });
    deliver();
  };
  const queue = async () => {
    title("待发");
    const items = await Outbox.list(open);
    const rows = items.map((item) => make("li", { className: item.state === "wrong" ? "is-wrong" : "" },
      make("h2", { textContent: `${item.label}　${item.title}` }), make("p", { textContent: `${STATES[item.state]}。${when(item.clock)}填写${item.files.length ? `，${item.files.length} 个文件` : ""}` }),
      item.said ? make("p", { textContent: item.said }) : "", [item.verdicts, item.errors, item.warnings].some((each) => each?.length) ? reasons(item) : "",
      make("p", { className: "row" }, item.state !== "wrong" ? "" : item.warnings?.length ? button("看过了，仍然发出", again(item, [...item.fields, ["heeded", "on"]])) : button("再发", again(item, item.fields)),
        link("修改", `#edit/${item.key}`, "button button-plain button-small"), item.case === "new" ? "" : link("看案件", `/desk/cases/${item.case}/`, "button button-plain button-small"),
        button("弃用", async () => { if (confirm(`弃用后，《${item.label}》填写的内容从本机清除，不能恢复。要弃用吗？`)) { await Outbox.drop(open, item); draw(); } }, "button-plain"))));
    const sent = (await Field.list(open, "sent")).sort((a, b) => b.at - a.at).map(({ value }) => make("li", { className: "is-done" }, make("h3", {}, link(`${value.label}　${value.title}`, value.href)), make("p", { textContent: `${value.said}${when(value.clock)}填写，${when(value.at)}报到服务器。` })));
    view.replaceChildren(rows.length ? make("ul", { className: "field-items" }, ...rows) : notice("没有待发的内容。", "info"), rows.some(() => true) ? make("p", {}, button("现在发出", deliver)) : "",
      sent.length ? make("section", {}, make("h2", { textContent: "已报到服务器" }), make("ul", { className: "field-items" }, ...sent)) : "");
  };
  let retrying = 0;
  let pause = 1000;
  const deliver = async () => {
    if (!open) return;
    const said = (await Outbox.send(open, (text) => tell(text, "info"))) || "";
    if (said === "wiped") {
      open = null;
      tell("这台设备已经停用，带出的内容已从本机清除。", "red");
    } else if (said === "signed-out") tell("登录已过期。待发的内容都在本机，重新登录后接着发。", "amber", make("p", {}, signIn()));
    else tell(said);
    // A network that has just come back often fails once more, and some browsers do not tell that it is back: tried again, less and less often.
    clearTimeout(retrying);
    const failed = said.startsWith("没有");
    pause = failed ? Math.min(pause * 2, 120000) : 1000;
    if (failed) retrying = setTimeout(deliver, pause);
    await listen();
    if (!open || location.hash === "#queue") draw();
  };

  // One after the other: what was asked for last is what stands there.
  let drawing = Promise.resolve();
  const draw = () => { drawing = drawing.then(drawn, drawn); return drawing; };
  const drawn = async () => {
    draft?.save();
    draft?.end();
    draft = null;
    const [page, one, two] = location.hash.slice(1).split("/");
    at("to-home").toggleAttribute("aria-current", !page);
    at("to-queue").toggleAttribute("aria-current", page === "queue");
    for (const each of document.querySelectorAll("[aria-current]")) each.setAttribute("aria-current", "page");
    if (page === "take") return take(one);
    if (!open) await listen();
    if (!open) return locked();
    if (page === "case") return shown(one);
    if (page === "form") return filled(one, two);
    if (page === "queue") return queue();
    const item = page === "edit" ? (await Outbox.list(open)).find((each) => each.key === one) : null;
    return item ? filled(item.case, item.act, item) : home();
  };

  // A new build waits until the officer has time for it.
  const renewing = async () => {
    const worker = await navigator.serviceWorker?.register("/desk/field/sw.js", { scope: "/desk/" }).catch(() => null);
    if (!worker) return;
    const offer = () => { if (worker.waiting && navigator.serviceWorker.controller) at("update").hidden = false; };
    offer();
    worker.addEventListener("updatefound", () => worker.installing?.addEventListener("statechange", offer));
    at("renew").addEventListener("click", () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.waiting?.postMessage("renew");
    });
    navigator.serviceWorker.addEventListener("message", (event) => { if (event.data === "send") deliver(); });
  };

  window.addEventListener("hashchange", () => { tell(farewell, "info"); farewell = ""; draw().then(() => at("main").focus()); });
  window.addEventListener("online", () => { pause = 1000; deliver(); });
  window.addEventListener("offline", lineState);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") deliver(); });
  (async () => {
    renewing();
    await Field.sweep();
    await listen();
    await draw();
    if (open) deliver();
  })();
})();
