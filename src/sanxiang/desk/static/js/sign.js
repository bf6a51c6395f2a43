/* 手写签名: strokes as points with times, never a picture. Without this file a typed name and a photograph are taken. */
"use strict";
(() => {
  const form = document.querySelector("#sign");
  const canvas = document.querySelector("#sign-canvas");
  if (!form || !canvas) return;
  canvas.closest(".sign-field").hidden = false;
  const told = document.querySelector("#sign-state");
  const pen = canvas.getContext("2d");
  let strokes = [], current = null, began = 0;

  const clear = () => {
    strokes = [], current = null, began = 0;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    told.textContent = "还没有书写";
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const fit = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
    return [
      fit((event.clientX - box.left) * canvas.width / box.width, canvas.width),
      fit((event.clientY - box.top) * canvas.height / box.height, canvas.height),
      Math.round(event.timeStamp - began),
    ];
  };
  const drawn = (a, b) => {
    pen.lineWidth = 4.5, pen.lineCap = pen.lineJoin = "round", pen.strokeStyle = "#000";
    pen.beginPath(), pen.moveTo(a[0], a[1]), pen.lineTo(b[0], b[1]), pen.stroke();
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    began ||= event.timeStamp;
    current = [at(event)];
    strokes.push(current);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current || !event.isPrimary) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const point = at(one), last = current.at(-1);
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 2) continue;
      drawn(last, point);
      current.push(point);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => {
    if (current) told.textContent = `已写 ${strokes.length} 笔`;
    current = null;
  });
  document.querySelector("#sign-clear").addEventListener("click", clear);
  form.addEventListener("submit", () => {
    form.elements.strokes.value = strokes.length ? JSON.stringify({ w: canvas.width, h: canvas.height, s: strokes }) : "";
  });
})();
