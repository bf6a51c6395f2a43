/* File fields send their files at once, by pieces, and go on where a line broke. Without this file the form sends them itself. */
"use strict";
(() => {
  const form = document.querySelector("form[enctype='multipart/form-data']");
  if (!form || !window.tus || !tus.isSupported) return;
  const here = document.currentScript ? document.currentScript.src : "";
  const ENDPOINT = "/api/v1/uploads";
  const PIECE = 32 << 20;
  const WAITS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000];
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const size = (bytes) => (bytes < 1 << 20 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : bytes < 1 << 30 ? `${(bytes / (1 << 20)).toFixed(1)} MB` : `${(bytes / (1 << 30)).toFixed(2)} GB`);
  const csrf = () => form.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const pending = new Set();
  let waiting = null;

  // What the server says, or what a line that is gone leaves us to say.
  const reason = (error) => {
    const status = error?.originalResponse?.getStatus() || 0;
    if (status === 401) return "登录已过期。请在另一个窗口登录后点“继续”";
    try {
      return JSON.parse(error.originalResponse.getBody()).error.message;
    } catch {
      return status ? `服务器没有收下（${status}），请稍后点“继续”` : "连接断了，已传的不会丢失。网络恢复后点“继续”";
    }
  };

  // The digest of the file as it lies here, to be held against what the server has received.
  const digestOf = (file) => new Promise((resolve) => {
    const worker = new Worker(here.replace(/upload(\.[0-9a-f]+)?\.js/, "sha256$1.js"));
    const done = (value) => { worker.terminate(); resolve(value); };
    worker.onmessage = (event) => done(event.data.digest || "");
    worker.onerror = () => done("");
    worker.postMessage(file);
  });

  const submitted = () => {
    if (!waiting || pending.size) return;
    const { submitter } = waiting;
    waiting = null;
    form.requestSubmit(submitter);
  };

  const begin = (input, list, file) => {
    const bar = make("progress", { max: 100, value: 0 });
    const state = make("p", { className: "upload-state quiet", textContent: "准备上传" });
    const pause = make("button", { type: "button", className: "button button-plain button-small", textContent: "暂停" });
    const cancel = make("button", { type: "button", className: "button button-plain button-small", textContent: "取消" });
    for (const button of [pause, cancel]) button.append(make("span", { className: "vh", textContent: file.name }));
    const name = make("p", {}, file.name, make("span", { className: "quiet", textContent: ` ${size(file.size)}` }));
    const item = make("li", { className: "upload" }, name, bar, state, make("p", { className: "upload-tools" }, pause, cancel));
    bar.setAttribute("aria-label", `${file.name} 的上传进度`);
    state.setAttribute("role", "status");
    list.append(item);

    const digest = digestOf(file);
    let running = true;
    const upload = new tus.Upload(file, {
      endpoint: ENDPOINT,
      chunkSize: PIECE,
      retryDelays: WAITS,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type },
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf()),
      onProgress: (sent, all) => {
        const part = Math.floor((sent / all) * 100);
        if (running && part !== bar.value) {
          bar.value = part;
          state.textContent = `已传 ${part}%（${size(sent)}）`;
        }
      },
      onError: (error) => stopped(reason(error), true, [400, 413, 422].includes(error?.originalResponse?.getStatus())),
      onSuccess: () => finished(),
    });

    const stopped = (text, wrong, refused = false) => {
      running = false;
      item.classList.toggle("is-wrong", wrong);
      state.textContent = text;
      pause.firstChild.data = "继续";
      pause.hidden = refused;  // what the server will never take cannot be gone on with
      item.classList.toggle("is-refused", refused);
      if (refused) form.querySelector(".upload-wait")?.remove();
      waiting = null;
    };
    const finished = async () => {
      state.textContent = "已传完，正在核对";
      const answer = await fetch(upload.url, { headers: { Accept: "application/json" } }).catch(() => null);
      const told = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!told?.receipt) return stopped("已传完，但还没有收到收据，请点“继续”", true);
      const mine = await digest;
      if (mine && mine !== told.digest) return stopped("服务器收到的内容与本机文件不一致，请取消后重新上传", true);
      running = false;
      bar.remove();
      pause.remove();
      item.classList.remove("is-wrong");
      item.classList.add("is-done");
      cancel.firstChild.data = "不用这个文件";
      state.textContent = mine ? `已上传，校验值与本机文件一致（${mine.slice(0, 12)}…）` : "已上传";
      item.append(make("input", { type: "hidden", name: `${input.name}-kept`, value: told.receipt }));
      pending.delete(upload);
      submitted();
    };
    const go = async () => {
      running = true;
      item.classList.remove("is-wrong");
      pause.firstChild.data = "暂停";
      if (!upload.url) {
        const [before] = await upload.findPreviousUploads();
        if (before) upload.resumeFromPreviousUpload(before);
      }
      upload.start();
    };
    pause.addEventListener("click", async () => {
      if (!running) return go();
      await upload.abort();
      stopped("已暂停", false);
    });
    cancel.addEventListener("click", async () => {
      const done = item.classList.contains("is-done");
      running = false;
      pending.delete(upload);
      item.remove();
      input.focus();
      // What is whole stays until it runs out: nobody cites it. What is not makes room.
      await upload.abort(!done).catch(() => {});
      submitted();
    });
    pending.add(upload);
    go();
  };

  // A file that was begun and not finished before this page was opened anew.
  const unfinished = async (list) => {
    const known = await tus.defaultOptions.urlStorage.findAllUploads();
    const day = 3 * 24 * 3600 * 1000;
    for (const one of known.filter((each) => Date.now() - new Date(each.creationTime) < day)) {
      const answer = await fetch(one.uploadUrl, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.status === 404) { tus.defaultOptions.urlStorage.removeUpload(one.urlStorageKey); continue; }
      const told = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!told) continue;
      const part = Math.floor(((told.received ?? told.size) / told.size) * 100);
      list.before(make("p", { className: "hint upload-hint", textContent: `“${told.name}”上次传到 ${part}%，重新选择同一个文件就会接着传。` }));
    }
  };

  const fields = [...form.querySelectorAll("input[type=file]")];
  for (const input of fields) {
    const list = make("ul", { className: "uploads" });
    list.setAttribute("aria-label", "正在上传的文件");
    input.after(list);
    input.addEventListener("change", () => {
      if (!input.multiple) for (const item of [...list.children]) item.querySelector(".upload-tools button:last-child").click();
      const chosen = [...input.files];
      input.value = "";  // the form itself has nothing left to send
      for (const hint of form.querySelectorAll(".upload-hint")) hint.remove();
      for (const file of chosen) begin(input, list, file);
    });
    if (input === fields[0]) unfinished(list);
  }

  // Sent while files are still on their way: it waits for them, and goes by itself.
  form.addEventListener("submit", (event) => {
    if (!pending.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = { submitter: event.submitter };
    let note = form.querySelector(".upload-wait");
    if (!note) {
      note = make("p", { className: "notice notice-info upload-wait" });
      note.setAttribute("role", "status");
      (event.submitter?.closest(".form-end") || form).prepend(note);
    }
    const refused = form.querySelectorAll(".upload.is-refused").length;
    if (refused) {
      waiting = null;
      note.textContent = `有 ${refused} 个文件不能上传，请先取消这些文件再提交。`;
      return;
    }
    note.textContent = `还有 ${pending.size} 个文件没有传完，传完后自动提交。`;
  }, true);
  window.addEventListener("beforeunload", (event) => { if (pending.size) event.preventDefault(); });
})();
