/* Small comforts. Every page works without this file. */
"use strict";
(() => {
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };

  // Filters are folded where there is little room, and open where there is enough.
  if (matchMedia("(min-width: 48rem)").matches) for (const box of document.querySelectorAll("details[data-wide]")) box.open = true;

  // A refused form puts the reader at the summary, as a screen reader would expect.
  document.querySelector(".errors")?.focus();

  // A day that does not exist never leaves the browser: the box would send nothing, and what was typed would be gone.
  const impossible = (form) => [...form.querySelectorAll("input[type=date], input[type=datetime-local]")].filter((box) => box.validity.badInput);
  const complain = (box) => {
    if (box.dataset.day) return;
    const note = make("p", { className: "error", id: `${box.id || box.name}_day`, textContent: "填写的不是有效的日期：没有这一天，或者没有填完整。请核对年、月、日，不填的请清空" });
    const before = box.getAttribute("aria-describedby");
    box.dataset.day = "wrong";
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", `${before || ""} ${note.id}`.trim());
    box.before(note);
    box.addEventListener("input", () => {
      note.remove();
      delete box.dataset.day;
      box.removeAttribute("aria-invalid");
      if (before) box.setAttribute("aria-describedby", before);
      else box.removeAttribute("aria-describedby");
    }, { once: true });
  };
  document.addEventListener("submit", (event) => {
    const wrong = impossible(event.target);
    if (!wrong.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong.forEach(complain);
    wrong[0].focus();
  });

  // A second click must not send the act twice; the server refuses it anyway, but a refusal frightens.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  });

  // A phrase goes in where the cursor stands, on a line of its own.
  for (const button of document.querySelectorAll("button[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const box = document.getElementById(button.dataset.insert);
      const before = box.value.slice(0, box.selectionStart);
      box.setRangeText((before && !before.endsWith("\n") ? "\n" : "") + button.dataset.text, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
  }

  // Only one menu open; Escape closes it and gives the focus back.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.account[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.account[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // A form that came with the page, or was drawn later.
  const comfort = (place) => {
    // Code points, not UTF-16 units: a rare character in a name counts once.
    for (const box of place.querySelectorAll("[data-max]")) {
      const most = Number(box.dataset.max);
      const tally = make("p", { className: "tally" });
      tally.setAttribute("aria-live", "polite");
      const count = () => {
        const used = [...box.value].length;
        tally.textContent = used > most ? `超出 ${used - most} 字` : used > most * 0.8 ? `还可写 ${most - used} 字` : "";
        tally.classList.toggle("is-over", used > most);
      };
      box.after(tally);
      box.addEventListener("input", count);
      count();
    }

    // Rows of a table field: one more from the blank row, one less by its button.
    for (const rows of place.querySelectorAll("[data-rows]")) {
      const body = rows.querySelector("tbody");
      const blank = rows.querySelector("template");
      if (!blank) continue;
      let next = body.rows.length;
      const removable = (row) => {
        const button = make("button", { type: "button", className: "button button-plain button-small", textContent: "删除" });
        button.append(make("span", { className: "vh", textContent: "这一行" }));
        button.addEventListener("click", () => { row.remove(); add.focus(); });
        row.querySelector(".row-tools").append(button);
      };
      const add = make("button", { type: "button", className: "button button-plain button-small", textContent: "增加一行" });
      add.addEventListener("click", () => {
        const holder = make("tbody");
        holder.innerHTML = blank.innerHTML.replaceAll("__i__", next).replaceAll("__n__", next + 1);
        next += 1;
        const row = holder.rows[0];
        body.append(row);
        removable(row);
        row.querySelector("input, select, textarea")?.focus();
      });
      for (const row of body.rows) removable(row);
      rows.append(make("p", { className: "rows-add" }, add));
    }
  };
  comfort(document);
  document.addEventListener("formdrawn", (event) => comfort(event.target));

  // Buttons that only make sense with a script are made by the script.
  for (const place of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    const button = make("button", { type: "button", className: "button button-plain button-small no-print", textContent: "复制" });
    button.append(make("span", { className: "vh", textContent: place.dataset.copy }));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.querySelector(".mono").textContent);
      button.firstChild.data = "已复制";
    });
    place.append(button);
  }
  for (const place of document.querySelectorAll("[data-print]")) {
    const button = make("button", { type: "button", className: "button button-plain button-small no-print", textContent: place.dataset.print || "打印" });
    button.addEventListener("click", () => window.print());
    place.append(button);
  }
})();
