/* What lies on the device, locked: one vault for each person, opened by what they type, or by the server while they are signed in.

   A record is encrypted with the vault's key (AES-256-GCM, its id bound to it). The key is made here at random and lies here twice at
   most: wrapped by PBKDF2 of what the officer typed, and wrapped by a half that the server tells to its owner alone. */
"use strict";
globalThis.Field = (() => {
  if (!globalThis.isSecureContext || !globalThis.indexedDB || !globalThis.crypto?.subtle) return null;
  const ROUNDS = 600000;
  const PIECE = 4 << 20;
  const TRIES = 10;
  const text = new TextEncoder();
  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const bytes = (told) => Uint8Array.from(atob(told), (sign) => sign.charCodeAt(0));

  // The shelf. Records have their id, their vault, what kind they are and until when they may lie here in the clear, nothing else.
  const shelf = new Promise((resolve, reject) => {
    const asked = indexedDB.open("sanxiang-field", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("vaults", { keyPath: "id" });
      asked.result.createObjectStore("records", { keyPath: "id" }).createIndex("vault", "vault");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  shelf.catch(() => {});
  const on = async (store, mode, work) => {
    const ask = (await shelf).transaction(store, mode);
    const asked = work(ask.objectStore(store));
    return new Promise((resolve, reject) => {
      ask.oncomplete = () => resolve(asked?.result);
      ask.onabort = ask.onerror = () => reject(ask.error || asked?.error);
    });
  };
  const all = (store) => on(store, "readonly", (rows) => rows.getAll());

  // Locks.
  const lock = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const sealed = async (key, id, value) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(id) }, key, value) };
  };
  const opened = (key, id, box) => crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv, additionalData: text.encode(id) }, key, box.data);
  const typedLock = async (typed, salt) => {
    const base = await crypto.subtle.importKey("raw", text.encode(typed.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  };
  const serverLock = (half) => lock(bytes(half));

  // What the server says. Null: it cannot be reached. The device's clock goes along, and how far it is off comes back signed.
  const contact = async (vault) => {
    const asked = new URLSearchParams({ clock: new Date().toISOString() });
    if (vault) for (const name of ["id", "agency"]) asked.set(name === "id" ? "device" : name, vault[name] || "");
    const answer = await fetch(`/desk/field/contact/?${asked}`, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok || answer.redirected) return null;
    const told = await answer.json().catch(() => null);
    if (told?.wipe && vault) await wipe(vault.id);
    return told;
  };

  const vaults = () => all("vaults");
  const keep = (vault) => on("vaults", "readwrite", (rows) => rows.put(vault));
  const session = async (vault, raw) => ({ vault, key: await lock(raw) });
  const rawBy = async (vault, key, which) => new Uint8Array(await opened(key, vault.id, vault[which]));

  // The vault of who is signed in, made where there is none. `told` is the server's answer for the vault's id.
  const mine = async (told) => {
    if (!told?.person) return null;
    let vault = (await vaults()).find((one) => one.person === told.person);
    const fresh = !vault;
    vault ||= { id: crypto.randomUUID(), person: told.person, agency: "", misses: 0 };
    const answer = await contact(vault);
    if (!answer?.key) return null;
    const half = await serverLock(answer.key);
    let raw;
    if (!fresh && vault.server) raw = await rawBy(vault, half, "server").catch(() => null);
    if (!raw) {
      // The server's half is another one (its secret was renewed). What was typed still opens the vault; a new one would lose it.
      if (!fresh && vault.typed) return null;
      if (!fresh) await wipe(vault.id);
      raw = crypto.getRandomValues(new Uint8Array(32));
      vault.server = await sealed(half, vault.id, raw);
      await keep(vault);
    }
    await noted(vault, answer);
    return { ...(await session(vault, raw)), told: answer, raw };
  };
  const noted = async (vault, answer) => {
    if (!answer?.contact) return;
    Object.assign(vault, { contact: answer.contact, heard: answer.now, misses: 0 });
    await keep(vault);
  };

  // What the officer typed: tried on every vault here, so that nobody sees whose there are.
  const byTyping = async (typed) => {
    for (const vault of (await vaults()).filter((one) => one.typed)) {
      const raw = await rawBy(vault, await typedLock(typed, vault.salt), "typed").catch(() => null);
      if (raw) {
        vault.misses = 0;
        await keep(vault);
        return session(vault, raw);
      }
    }
    for (const vault of (await vaults()).filter((one) => one.typed)) {
      vault.misses = (vault.misses || 0) + 1;
      // What was done and not sent is not thrown away by a stranger's guessing; what was only taken along is.
      if (vault.misses >= TRIES) await wipe(vault.id, ["along"]);
      await keep(vault);
    }
    return null;
  };
  const setTyped = async (open, typed) => {
    const { vault } = open;
    vault.salt = crypto.getRandomValues(new Uint8Array(16));
    vault.typed = await sealed(await typedLock(typed, vault.salt), vault.id, open.raw);
    await keep(vault);
  };

  // Records.
  const put = async (open, id, kind, value, clear = {}) => {
    const box = await sealed(open.key, id, text.encode(JSON.stringify(value)));
    await on("records", "readwrite", (rows) => rows.put({ id, vault: open.vault.id, kind, at: Date.now(), ...clear, box }));
  };
  const read = async (open, row) => ({ ...row, box: undefined, value: JSON.parse(new TextDecoder().decode(await opened(open.key, row.id, row.box))) });
  const get = async (open, id) => {
    const row = await on("records", "readonly", (rows) => rows.get(id));
    return row && row.vault === open.vault.id ? read(open, row).catch(() => null) : null;
  };
  const rowsOf = (vault) => on("records", "readonly", (rows) => rows.index("vault").getAll(vault));
  const list = async (open, kind) => {
    const rows = (await rowsOf(open.vault.id)).filter((row) => row.kind === kind);
    return (await Promise.all(rows.map((row) => read(open, row).catch(() => null)))).filter(Boolean);
  };
  const drop = (...ids) => on("records", "readwrite", (rows) => ids.forEach((id) => rows.delete(id)));
  const wipe = async (vault, kinds = null) => {
    const rows = await rowsOf(vault);
    await drop(...rows.filter((row) => !kinds || kinds.includes(row.kind)).map((row) => row.id));
    if (!kinds) await on("vaults", "readwrite", (store) => store.delete(vault));
  };
  // What may not lie here any longer goes, whoever opens a page; what waits to be sent stays.
  const sweep = async () => {
    const over = (await all("records")).filter((row) => row.until && new Date(row.until) < Date.now());
    if (over.length) await drop(...over.map((row) => row.id));
  };

  // Files, piece by piece: a film does not fit into memory twice.
  const putFile = async (open, file, said = () => {}) => {
    const id = crypto.randomUUID();
    const pieces = Math.max(1, Math.ceil(file.size / PIECE));
    for (let n = 0; n < pieces; n += 1) {
      const name = `file:${id}:${n}`;
      const box = await sealed(open.key, name, await file.slice(n * PIECE, (n + 1) * PIECE).arrayBuffer());
      await on("records", "readwrite", (rows) => rows.put({ id: name, vault: open.vault.id, kind: "piece", at: Date.now(), box }));
      said((n + 1) / pieces);
    }
    return { id, pieces, name: file.name, type: file.type, size: file.size };
  };
  const getFile = async (open, file) => {
    const parts = [];
    for (let n = 0; n < file.pieces; n += 1) {
      const name = `file:${file.id}:${n}`;
      const row = await on("records", "readonly", (rows) => rows.get(name));
      if (!row) throw new Error("gone");
      parts.push(new Blob([await opened(open.key, name, row.box)]));
    }
    return new File(parts, file.name, { type: file.type });
  };
  const dropFile = (file) => drop(...Array.from({ length: file.pieces }, (_, n) => `file:${file.id}:${n}`));

  return { contact, mine, byTyping, setTyped, vaults, keep, noted, put, get, list, rowsOf, drop, wipe, sweep, putFile, getFile, dropFile, base64 };
})();
