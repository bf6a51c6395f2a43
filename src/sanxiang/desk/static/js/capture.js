/* A photo taken on the spot: the camera opens, the file joins the others, and its row says when and where by this device. */
"use strict";
(() => {
  const rows = document.querySelector("[data-rows='clips']");
  const main = document.querySelector("#id_photos, #id_files");
  if (!rows || !main || typeof DataTransfer !== "function") return;
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const two = (n) => String(n).padStart(2, "0");
  const camera = make("input", { type: "file", accept: "image/*", hidden: true });
  camera.setAttribute("capture", "environment");
  const button = make("button", { type: "button", className: "button button-plain button-small", textContent: "现场拍照" });
  const told = make("span", { className: "quiet" });
  told.setAttribute("role", "status");
  main.after(make("p", { className: "capture row" }, button, told, camera));

  // Where this device says that it is; why not, where it does not say so within ten seconds.
  const WHY = { 1: "没有允许定位", 2: "定位不到", 3: "定位超时" };
  const position = () => new Promise((resolve) => {
    if (!navigator.geolocation) return resolve("设备没有给出位置（不能定位）");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(`设备定位 ${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}（误差 ${Math.round(coords.accuracy)} 米）`),
      (error) => resolve(`设备没有给出位置（${WHY[error.code] || "不能定位"}）`),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 },
    );
  });

  const cell = (row, name) => row.querySelector(`[name^='clips-'][name$='-${name}']`);
  const free = () => {
    const blank = (row) => [...row.querySelectorAll("input, select")].every((one) => !one.value);
    const found = [...rows.querySelectorAll("tbody tr")].find(blank);
    if (found) return found;
    rows.querySelector(".rows-add button")?.click();
    return [...rows.querySelectorAll("tbody tr")].find(blank);
  };

  button.addEventListener("click", () => camera.click());
  camera.addEventListener("change", async () => {
    const [photo] = camera.files;
    if (!photo) return;
    const at = new Date();
    const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
    const hour = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two);
    const file = new File([photo], `现场照片-${day}${hour.join("")}.jpg`, { type: photo.type || "image/jpeg" });
    camera.value = "";
    told.textContent = "正在定位";
    const place = await position();
    const row = free();
    if (row) {
      cell(row, "means").value = "photo";
      cell(row, "file").value = file.name;
      cell(row, "place").value = `${place}，设备时间 ${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${hour.join(":")}`;
    }
    const all = new DataTransfer();
    for (const one of [...main.files, file]) all.items.add(one);
    main.files = all.files;
    main.dispatchEvent(new Event("change", { bubbles: true }));
    told.textContent = place;
  });
})();
