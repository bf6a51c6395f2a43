/* Reads a code through the camera, where the browser can. Without this file the code is typed in. */
"use strict";
(() => {
  const box = document.getElementById("camera");
  if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const film = box.querySelector("video");
  const go = document.getElementById("scan-go");
  const stop = document.getElementById("scan-stop");
  const state = document.getElementById("scan-state");
  let stream = null;

  const DENIED = {
    NotAllowedError: "没有使用摄像头的权限。请在浏览器地址栏左侧的网站设置里允许摄像头，或者在下面键入编号",
    NotFoundError: "这台设备没有摄像头，请在下面键入编号",
    NotReadableError: "摄像头正被其他程序使用，请先关闭它",
  };
  const end = (text) => {
    for (const track of stream?.getTracks() || []) track.stop();
    stream = null;
    film.srcObject = null;
    go.hidden = false;
    stop.hidden = true;
    state.textContent = text;
  };
  const look = async (detector) => {
    while (stream) {
      const [found] = await detector.detect(film).catch(() => []);
      if (found && stream) {
        end("已扫到，正在打开");
        location.assign(`/desk/open/?code=${encodeURIComponent(found.rawValue)}`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  go.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      return end(DENIED[error.name] || "摄像头打不开，请在下面键入编号");
    }
    film.srcObject = stream;
    await film.play();
    go.hidden = true;
    stop.hidden = false;
    state.textContent = "把二维码放进画面里";
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  });
  stop.addEventListener("click", () => { end("已停止"); go.focus(); });
  window.addEventListener("pagehide", () => end(""));
  box.hidden = false;
})();
