/* 录音: beside each file field, sound is recorded, listened to, and taken in like any chosen file. Without this file, or a microphone,
   files are chosen as before. */
"use strict";
(() => {
  if (!globalThis.MediaRecorder || !navigator.mediaDevices?.getUserMedia || !globalThis.DataTransfer) return;
  const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  const kind = KINDS.find((each) => MediaRecorder.isTypeSupported(each));
  if (!kind) return;
  const ENDS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
  const DENIED = {
    NotAllowedError: "没有使用麦克风的权限，不能录音。请在浏览器地址栏左侧的网站设置里允许麦克风，再点“录音”；也可以用别的设备录好后选择文件",
    NotFoundError: "这台设备没有麦克风，请用别的设备录好后选择文件",
    NotReadableError: "麦克风正被其他程序使用，请先关闭它",
  };
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const button = (label, plain = true) => make("button", { type: "button", className: `button button-small${plain ? " button-plain" : ""}`, textContent: label });
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  const offer = (input) => {
    if (input.dataset.voice || (input.accept && !/audio/.test(input.accept))) return;
    input.dataset.voice = "yes";
    const begin = button("录音");
    const place = make("p", { className: "voice-begin" }, begin);
    input.after(place);
    begin.addEventListener("click", () => record(input, place, begin));
  };

  const record = async (input, place, begin) => {
    const state = make("p");
    const level = make("meter", { min: 0, max: 1, low: 0.05, value: 0 });
    level.setAttribute("aria-label", "音量");
    state.setAttribute("role", "status");
    const tools = make("p", { className: "row" });
    const box = make("div", { className: "voice" }, state, level, tools);
    place.after(box);
    begin.disabled = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      state.textContent = DENIED[error.name] || "麦克风打不开，请用别的设备录好后选择文件";
      level.remove();
      begin.disabled = false;
      setTimeout(() => begin.focus());
      begin.addEventListener("click", () => box.remove(), { once: true });
      return;
    }
    const sound = new AudioContext();
    const meter = sound.createAnalyser();
    sound.createMediaStreamSource(stream).connect(meter);
    const recorder = new MediaRecorder(stream, { mimeType: kind });
    const parts = [];
    const began = new Date();
    let spent = 0;
    let since = performance.now();
    const length = () => spent + (recorder.state === "recording" ? (performance.now() - since) / 1000 : 0);
    const samples = new Float32Array(meter.fftSize);
    const ticking = setInterval(() => {
      meter.getFloatTimeDomainData(samples);
      level.value = recorder.state === "recording" ? Math.min(1, Math.max(...samples.map(Math.abs)) * 1.5) : 0;
      state.textContent = `${recorder.state === "paused" ? "已暂停" : "正在录音"} ${clock(length())}`;
    }, 250);
    const pause = button("暂停");
    const stop = button("录完", false);
    const away = button("不要了");
    const end = () => {
      clearInterval(ticking);
      for (const track of stream.getTracks()) track.stop();
      sound.close();
    };
    const gone = () => { box.remove(); begin.disabled = false; begin.focus(); };
    pause.addEventListener("click", () => {
      if (recorder.state === "recording") {
        spent = length();
        recorder.pause();
        pause.textContent = "继续";
      } else {
        since = performance.now();
        recorder.resume();
        pause.textContent = "暂停";
      }
    });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    stop.addEventListener("click", () => { spent = length(); recorder.stop(); });
    away.addEventListener("click", () => { recorder.onstop = null; end(); gone(); });
    recorder.onstop = () => {
      end();
      level.remove();
      heard(input, new Blob(parts, { type: kind }), began, spent, { state, tools, gone });
    };
    tools.append(pause, stop, away);
    recorder.start(1000);
    stop.focus();
  };

  // Listened to before it is taken in. Played from memory: the page's policy lets no address but the site's own play.
  const heard = (input, blob, began, spent, { state, tools, gone }) => {
    const listen = button("听一遍");
    const take = button("用这段录音", false);
    const away = button("不要了");
    let playing = null;
    const quiet = () => { playing?.close(); playing = null; listen.textContent = "听一遍"; };
    state.textContent = `录了 ${clock(spent)}，请听一遍再用`;
    listen.addEventListener("click", async () => {
      if (playing) return quiet();
      playing = new AudioContext();
      listen.textContent = "停";
      const source = playing.createBufferSource();
      source.buffer = await playing.decodeAudioData(await blob.arrayBuffer());
      source.connect(playing.destination);
      source.onended = quiet;
      source.start();
    });
    take.addEventListener("click", () => {
      quiet();
      const two = (number) => String(number).padStart(2, "0");
      const day = `${began.getFullYear()}${two(began.getMonth() + 1)}${two(began.getDate())}`;
      const type = kind.split(";")[0];
      const name = `录音-${day}-${two(began.getHours())}${two(began.getMinutes())}${two(began.getSeconds())}.${ENDS[type]}`;
      const chosen = new DataTransfer();
      if (input.multiple) for (const file of input.files) chosen.items.add(file);
      chosen.items.add(new File([blob], name, { type, lastModified: began.getTime() }));
      input.files = chosen.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      gone();
    });
    away.addEventListener("click", () => { quiet(); gone(); });
    tools.replaceChildren(listen, take, away);
    listen.focus();
  };

  const all = (place) => { for (const input of place.querySelectorAll("input[type=file]")) offer(input); };
  all(document);
  document.addEventListener("formdrawn", (event) => all(event.target));
})();
