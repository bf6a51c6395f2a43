/* 待发: acts that were filled in and laid aside. Sent one after the other when the server answers, each under a key of its own, so that
   an answer that was lost does nothing twice. What the server refuses stays here with its reasons until the officer has decided. */
"use strict";
if (globalThis.Field) globalThis.Outbox = (() => {
  const add = (open, item) => Field.put(open, `queue:${item.key}`, "queue", { state: "waiting", ...item });
  const list = async (open) => (await Field.list(open, "queue")).map((row) => row.value).sort((a, b) => (a.clock < b.clock ? -1 : 1));
  const save = (open, item) => Field.put(open, `queue:${item.key}`, "queue", item);
  const drop = async (open, item) => {
    for (const file of item.files) await Field.dropFile(file);
    await Field.drop(`queue:${item.key}`);
  };

  // The digest of the file as it lies here, to be held against what the server has received.
  const digestOf = (file) => new Promise((resolve) => {
    const worker = new Worker(document.body.dataset.digest);
    const done = (value) => { worker.terminate(); resolve(value); };
    worker.onmessage = (event) => done(event.data.digest || "");
    worker.onerror = () => done("");
    worker.postMessage(file);
  });

  const upload = async (open, file, csrf, said) => {
    const whole = await Field.getFile(open, file);
    const digest = await digestOf(whole);
    const address = await new Promise((resolve, reject) => {
      const sending = new tus.Upload(whole, {
        endpoint: "/api/v1/uploads",
        uploadUrl: file.address || null,
        chunkSize: 32 << 20,
        retryDelays: [0, 1000, 3000],
        storeFingerprintForResuming: false,
        metadata: { filename: file.name, filetype: file.type, ...(digest ? { sha256: digest } : {}) },
        onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf),
        onUploadUrlAvailable: () => { file.address = sending.url; },
        onProgress: (sent, size) => said(`正在上传${file.name}，${Math.floor((sent / size) * 100)}%`),
        onError: reject,
        onSuccess: () => resolve(sending.url),
      });
      sending.start();
    });
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const told = answer.ok ? await answer.json() : null;
    if (!told?.receipt || (digest && digest !== told.digest)) throw new Error("receipt");
    file.receipt = told.receipt;
  };

  const post = (item, open, csrf) => {
    const form = new FormData();
    for (const [name, value] of item.fields) form.append(name, value);
    for (const file of item.files) form.append(`${file.field}-kept`, file.receipt);
    form.set("csrfmiddlewaretoken", csrf);
    form.set("nonce", item.key);
    form.set("offline-clock", item.clock);
    form.set("offline-contact", item.contact || "");
    return fetch(item.address, { method: "POST", body: form, headers: { Accept: "application/json", "X-CSRFToken": csrf }, redirect: "manual" });
  };

  const WRONG = {
    403: "服务器没有让办：登录的岗位不能办这件案件，或者要先在案件页写明调阅事由",
    404: "服务器上没有这件案件或者这个步骤了，请在工作台核对",
    413: "内容太大，服务器没有收下",
  };
  // What became of one item: it is gone when it was done, else it tells its state. False where it makes no sense to go on.
  const one = async (open, item, csrf, said) => {
    try {
      for (const file of item.files.filter((each) => !each.receipt)) {
        await upload(open, file, csrf, said);
        await save(open, item);
      }
    } catch (error) {
      const status = error?.originalResponse?.getStatus?.() || 0;
      if (status === 404 || status === 410) for (const file of item.files) delete file.address;
      item.state = status >= 400 && status < 500 && ![401, 403, 404, 410, 423, 429].includes(status) ? "wrong" : "waiting";
      item.said = status === 460 ? "文件在传送中变了样，请重试" : status ? `文件没有传上去（${status}）` : "文件没有传完，网络恢复后接着传";
      await save(open, item);
      return status !== 0;
    }
    said(`正在报送${item.label}`);
    const answer = await post(item, open, csrf).catch(() => null);
    if (!answer) return false;
    const told = await answer.json().catch(() => null);
    if (answer.status === 201 && told?.done) {
      await drop(open, item);
      await Field.drop(`draft:${item.address}`);
      await Field.put(open, `sent:${item.key}`, "sent", { label: item.label, title: item.title, href: told.done.href, said: told.done.said, clock: item.clock, at: new Date().toISOString() },
        { until: new Date(Date.now() + 86400000).toISOString() });
      return true;
    }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status >= 500) {
      item.said = answer.status >= 500 ? `服务器没有办成（${answer.status}），稍后再发` : "登录已过期，重新登录后再发";
      await save(open, item);
      return false;
    }
    Object.assign(item, { state: "wrong", said: told ? "" : WRONG[answer.status] || `服务器没有收下（${answer.status}）`, errors: told?.errors || [], verdicts: told?.verdicts || [], warnings: told?.warnings || [] });
    await save(open, item);
    return true;
  };

  // Everything that waits. Only one page at a time sends.
  const send = (open, said = () => {}) => navigator.locks.request("sanxiang-outbox", { ifAvailable: true }, async (held) => {
    if (!held) return "另一个窗口正在报送";
    const waiting = (await list(open)).filter((item) => item.state === "waiting");
    const told = await Field.contact(open.vault);
    if (!told) return waiting.length ? "没有网络，内容都在本机，连上后再发" : "";
    if (told.wipe) return "wiped";
    if (!told.person) return waiting.length ? "signed-out" : "";
    if (told.person !== open.vault.person) return "现在登录的是别人，没有发出。请换回本人登录";
    await Field.noted(open.vault, told);
    for (const item of waiting) if (!(await one(open, item, told.csrf, said))) return "没有全部发出，网络恢复或者重新登录后再发";
    return "";
  });
  const soon = () => navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("outbox")).catch(() => {});

  return { add, list, save, drop, send, soon };
})();
