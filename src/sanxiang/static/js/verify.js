/* Checks a proof, or tells whether a paper stands, in the browser: no file leaves it, and for a proof nothing is asked of anybody.
   As strict as ledger/tlog/proof.py, note.py and policy.py: what one of them refuses is refused here. */
"use strict";
(() => {
  const root = document.getElementById("proof-check");
  if (!root) return;

  class Wrong extends Error {}
  const HEADER = "c2sp.org/tlog-proof@v1";
  const ED25519 = 1, COSIGNATURE = 4, SM2 = 255;
  const LIMIT = 1n << 63n;
  const MOST_BYTES = 200 * 1024 * 1024;
  const MOST_PATHS = 12;
  const utf8 = new TextEncoder();
  const bytesOf = (text) => utf8.encode(text);
  const textOf = (bytes) => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Wrong("文件不是合法的 UTF-8 文字，可能损坏或被改动");
    }
  };
  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    return all;
  };
  const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const node = (left, right) => sha256(join([1], left, right));

  // --- the formats: signed-note, tlog-checkpoint, tlog-proof ---
  const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const base64 = (text) => {
    let bytes = null;
    try {
      bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    } catch { /* told below */ }
    if (!bytes || toBase64(bytes) !== text) throw new Wrong("有一处 base64 写法不规范，可能被改动");
    return bytes;
  };
  const decimal = (text) => {
    if (!/^(0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) >= LIMIT) throw new Wrong("序号或大小应为不带前导零、小于 2^63 的十进制数字");
    return BigInt(text);
  };
  const checkName = (name) => {
    if (!name || /[+\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(name)) throw new Wrong("密钥名称不能为空，不能含空白、加号或控制字符");
  };

  const parseVkey = async (line) => {
    const [, name, id, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/.exec(line) || [];
    if (name === undefined) throw new Wrong(`验证密钥“${line.slice(0, 40)}”应写作 名称+8 位标识+base64`);
    checkName(name);
    const data = base64(encoded);
    const kind = data[0], size = kind === SM2 ? 77 : 33;
    if (![ED25519, COSIGNATURE, SM2].includes(kind) || data.length !== size || hex((await sha256(join(bytesOf(`${name}\n`), data))).slice(0, 4)) !== id)
      throw new Wrong(`验证密钥 ${name} 的类型、标识或长度不符`);
    return { name, id, kind, raw: data.slice(1) };
  };
  const parseVkeys = async (text) => {
    const lines = text.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
    return Promise.all(lines.map(async (line) => {
      const until = /\s#.*第 ([0-9]{1,18}) 条以前/.exec(line);
      return { ...(await parseVkey(line.replace(/\s+#.*$/, ""))), until: until ? BigInt(until[1]) : null };
    }));
  };

  const parseLine = (line) => {
    if (!line.startsWith("\u2014 ")) throw new Wrong("签名行应以长破折号（U+2014）和空格开头");
    const at = line.indexOf(" ", 2);
    const name = at < 0 ? line.slice(2) : line.slice(2, at);
    checkName(name);
    const data = base64(at < 0 ? "" : line.slice(at + 1));
    if (data.length < 5) throw new Wrong("签名行过短");
    return { name, id: hex(data.slice(0, 4)), body: data.slice(4) };
  };
  const parseNote = (text) => {
    if (bytesOf(text).length > 1_000_000 || /[\u0000-\u0009\u000b-\u001f]/.test(text)) throw new Wrong("签名文本过长或含有控制字符");
    const at = text.lastIndexOf("\n\n");
    if (at < 0 || at + 2 >= text.length || !text.endsWith("\n")) throw new Wrong("检查点缺少空行或签名行");
    const lines = text.slice(at + 2, -1).split("\n").map(parseLine);
    if (lines.length > 100) throw new Wrong("签名行超过 100 行");
    return { text: text.slice(0, at + 1), lines };
  };
  const parseCheckpoint = (text) => {
    const lines = text.split("\n");
    if (lines.length < 4 || lines.pop() || !lines.every(Boolean)) throw new Wrong("检查点应有来源、大小、树根三行，每行以换行结尾，且不能有空行");
    const hash = base64(lines[2]);
    if (hash.length !== 32) throw new Wrong("检查点的树根应为 32 字节");
    return { origin: lines[0], size: decimal(lines[1]), root: hash };
  };
  const parseProof = (text) => {
    const at = text.indexOf("\n\n");
    const [header, ...lines] = text.slice(0, Math.max(at, 0)).split("\n");
    if (header !== HEADER || at < 0) throw new Wrong(`证明文件的首行应为 ${HEADER}，证明与检查点之间应有一个空行`);
    if (lines.length && lines[0].startsWith("extra ")) base64(lines.shift().slice(6));
    if (!lines.length || !lines[0].startsWith("index ")) throw new Wrong("证明文件缺少 index 行");
    const index = decimal(lines.shift().slice(6));
    const hashes = lines.map(base64);
    if (hashes.some((hash) => hash.length !== 32)) throw new Wrong("证明文件中的杂凑值应为 32 字节");
    return { index, hashes, checkpoint: text.slice(at + 2) };
  };

  // --- the policy: tlog-policy ---
  const parsePolicy = async (text) => {
    const policy = { logs: [], witnesses: [], groups: [], quorum: null };
    const defined = new Set(), grouped = new Set();
    const need = (fine, why) => { if (!fine) throw new Wrong(why); };
    const define = (name) => { need(name !== "none" && !defined.has(name), `名称“${name}”用过，或者另有含义`); defined.add(name); };
    const take = async (words) => {
      const [kind, ...rest] = words;
      if (kind === "log") {
        need(rest.length === 1 || rest.length === 2, "应写作 log 验证密钥 [网址]");
        const key = await parseVkey(rest[0]);
        need(key.kind !== COSIGNATURE && !policy.logs.some((one) => same(one.raw, key.raw)), "这不是账本的密钥，或者写了两次");
        policy.logs.push(key);
      } else if (kind === "witness") {
        need(rest.length === 2 || rest.length === 3, "应写作 witness 名称 验证密钥 [网址]");
        const key = await parseVkey(rest[1]);
        need(key.kind === COSIGNATURE && !policy.witnesses.some((one) => same(one.key.raw, key.raw)), "这不是见证人的密钥，或者写了两次");
        define(rest[0]);
        policy.witnesses.push({ name: rest[0], key });
      } else if (kind === "group") {
        const [name, threshold, ...members] = rest;
        need(members.length > 0, "应写作 group 名称 门槛 成员…");
        for (const member of members) { need(defined.has(member) && !grouped.has(member), `“${member}”前面没有，或者已经归入别的组`); grouped.add(member); }
        const wanted = threshold === "all" ? members.length : threshold === "any" ? 1 : Number(decimal(threshold));
        need(wanted >= 1 && wanted <= members.length, "门槛超出成员的人数");
        policy.groups.push({ name, threshold: wanted, members });
        define(name);
      } else if (kind === "quorum") {
        need(rest.length === 1 && policy.quorum === null && (rest[0] === "none" || defined.has(rest[0])), "quorum 应写一行，名称须在前面有");
        policy.quorum = rest[0];
      } else throw new Wrong(`不认识“${kind}”`);
    };
    const lines = text.split("\n");
    for (const [at, line] of lines.entries()) {
      const words = line.split(/[ \t]+/).filter(Boolean);
      try {
        need(!/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line), "含有控制字符");
        if (words.length && !words[0].startsWith("#")) await take(words);
      } catch (error) {
        if (!(error instanceof Wrong)) throw error;
        throw new Wrong(`见证规则第 ${at + 1} 行有误：${error.message}`);
      }
    }
    need(policy.quorum !== null, "见证规则缺少 quorum 行");
    return policy;
  };
  const hasQuorum = (policy, witnessed) => {
    const names = new Set(witnessed);
    for (const group of policy.groups) if (group.members.filter((member) => names.has(member)).length >= group.threshold) names.add(group.name);
    return policy.quorum === "none" || names.has(policy.quorum);
  };

  // --- signatures ---
  let able = null;
  const canVerify = () => (able ??= (async () => {
    // RFC 8032, test 1: a browser that cannot take this key knows no Ed25519.
    const known = Uint8Array.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".match(/../g), (pair) => parseInt(pair, 16));
    try {
      await crypto.subtle.importKey("raw", known, { name: "Ed25519" }, false, ["verify"]);
      return true;
    } catch {
      return false;
    }
  })());
  const holds = async (key, text, body) => {
    let message = bytesOf(text), signature = body;
    if (key.kind === COSIGNATURE) {
      if (body.length !== 72) return false;
      message = bytesOf(`cosignature/v1\ntime ${timeOf(body)}\n${text}`);
      if (timeOf(body) >= LIMIT) return false;
      signature = body.slice(8);
    }
    try {
      const loaded = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
      return await crypto.subtle.verify({ name: "Ed25519" }, loaded, signature, message);
    } catch (error) {
      if (error instanceof DOMException) return false; // no point of the curve
      throw error;
    }
  };
  const timeOf = (body) => new DataView(body.buffer, body.byteOffset, 8).getBigUint64(0);
  /* By the clock of whoever reads: Beijing's, wherever the browser is. */
  const beijing = (time) => {
    const at = new Date(time + 8 * 3_600_000);
    const two = (number) => String(number).padStart(2, "0");
    return `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${[at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":")}（北京时间）`;
  };
  const moment = (seconds) => (seconds > 253402300799n ? `${seconds} 秒` : beijing(Number(seconds) * 1000));

  /* What the signature lines are worth: `why` is empty when a log key's line and every known line hold. */
  const judged = async (note, checkpoint, keys, policy) => {
    const witnesses = [...policy.witnesses, ...keys.filter((key) => key.kind === COSIGNATURE).map((key) => ({ name: key.name, key }))];
    const logs = [...policy.logs, ...keys.filter((key) => key.kind !== COSIGNATURE)];
    const known = new Map([...logs.map((key) => [`${key.name} ${key.id}`, key]), ...witnesses.map((one) => [`${one.key.name} ${one.key.id}`, one.key])]);
    const signers = [], times = new Map();
    for (const line of note.lines) {
      const key = known.get(`${line.name} ${line.id}`);
      if (!key || key.kind === SM2) continue;
      if (key.kind === ED25519 && key.name !== checkpoint.origin)
        return { why: `检查点的名称是 ${checkpoint.origin}，签名密钥的名称是 ${key.name}：名称被改动，或者不是这本账的检查点` };
      if (key.until != null && checkpoint.size > key.until) return { why: `${key.name} 的这把密钥在第 ${key.until} 条时已经停用，却签了 ${checkpoint.size} 条的检查点：密钥可能失窃` };
      if (!(await holds(key, note.text, line.body))) return { why: `${key.name} 的签名不成立：签名行被改动，或者这份检查点不是它签的`, failed: true };
      signers.push(key);
      const witness = witnesses.find((one) => one.key === key);
      const time = witness ? timeOf(line.body) : 0n;
      if (witness && time >= (times.get(witness.name) ?? 0n)) times.set(witness.name, time);
    }
    const log = signers.find((key) => key.kind === ED25519);
    if (!log) {
      const other = note.lines.find((line) => line.name === checkpoint.origin && !known.has(`${line.name} ${line.id}`));
      return { why: "检查点上没有所给密钥的签名：签名行的名称被改动，或者密钥不是这本账的", unknown: other && `${other.name}+${other.id}` };
    }
    const asked = policy.quorum !== null && policy.quorum !== "none";
    return { why: "", log, times, asked, quorum: asked && hasQuorum(policy, times.keys()) };
  };

  // --- the tree: RFC 9162 §2.1.3.2 ---
  const reached = async (size, index, leaf, path) => {
    let at = index, last = size - 1n, hash = leaf;
    for (const sibling of path) {
      if (last === 0n) return null;
      if (at & 1n || at === last) {
        hash = await node(sibling, hash);
        while (!(at & 1n) && at !== 0n) { at >>= 1n; last >>= 1n; }
      } else hash = await node(hash, sibling);
      at >>= 1n;
      last >>= 1n;
    }
    return last === 0n ? hash : null;
  };
  /* Does the path lead to the root in any order at all? Then the entry is in the log, at another place than it says. */
  const inAnyOrder = async (hash, path, wanted, from = 0) => {
    if (from === path.length) return same(hash, wanted);
    return (await inAnyOrder(await node(hash, path[from]), path, wanted, from + 1)) || inAnyOrder(await node(path[from], hash), path, wanted, from + 1);
  };
  const misplaced = async (proof, checkpoint, leaf) => {
    if (proof.index >= checkpoint.size) return `序号 ${proof.index} 超出检查点的大小 ${checkpoint.size}：序号被改动，或者检查点不是这份证明的`;
    const hash = await reached(checkpoint.size, proof.index, leaf, proof.hashes);
    if (hash && same(hash, checkpoint.root)) return "";
    if (proof.hashes.length <= MOST_PATHS && (await inAnyOrder(leaf, proof.hashes, checkpoint.root))) return `序号被改动：条目在这本账里，但不是序号 ${proof.index} 的那一条`;
    if (!hash) return "证明中杂凑值的个数与序号、大小不相符：有缺失、多余，或者序号被改动";
    return "条目算不到检查点的树根：条目或者证明中的杂凑值被改动，或者两个文件不是同一条的";
  };

  // --- a proof, told in words ---
  const LEAF_ROWS = [["id", "账本编号"], ["a", "办理动作"], ["at", "记入时间"], ["r", "岗位"], ["c", "对象编号"], ["n", "对象内序号"]];
  const NAMES = JSON.parse(root.dataset.names || "{}");
  const worded = (name, value) => {
    if (name === "at" && !Number.isNaN(Date.parse(value))) return beijing(Date.parse(value));
    return Object.hasOwn(NAMES[name] || {}, value) ? NAMES[name][value] : String(value);
  };
  const FIELDS = { public_text: "公示文字", public_reason: "撤回理由", title: "标题", number: "文号", party: "当事人", party_type: "当事人类型", party_code: "统一社会信用代码",
    address: "地址", facts: "事实", basis: "依据", result: "决定", authority: "机关", kind: "种类", digest: "公示文字的校验值" };
  const leafOf = (bytes) => {
    try {
      return JSON.parse(textOf(bytes));
    } catch {
      return null;
    }
  };
  const disclosed = async (leaf, fields) => {
    const rows = [];
    for (const one of fields) {
      const digest = toBase64(await sha256(bytesOf(String(one)))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
      if (!leaf || !Array.isArray(leaf.d) || !leaf.d.includes(digest)) throw new Wrong("公开字段与条目中的校验值对不上：字段被改动，或者不是这一条的");
      const padded = one.replaceAll("-", "+").replaceAll("_", "/");
      const [, name, value] = JSON.parse(textOf(Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0))));
      for (const [label, text] of value && typeof value === "object" ? Object.entries(value) : [["", value]])
        if (text !== "") rows.push([[name, label].filter(Boolean).map((one) => FIELDS[one] || one).join("·"), typeof text === "string" ? worded(label, text) : JSON.stringify(text)]);
    }
    return rows;
  };
  const refused = (text, rows = []) => ({ tone: "red", title: "证明不成立", text, rows });

  const checkProof = async (proofBytes, leafBytes, fields, vkeys, rules) => {
    if (!globalThis.crypto?.subtle) return { tone: "amber", title: "没有核验", text: "浏览器只在 HTTPS 网址或者本机保存的网页上提供计算。请保存离线核验页后用浏览器打开，或者用下面的命令核验。", rows: [], commands: true };
    const proof = parseProof(textOf(proofBytes));
    const note = parseNote(proof.checkpoint);
    const checkpoint = parseCheckpoint(note.text);
    const hash = await sha256(join([0], leafBytes));
    const missing = await misplaced(proof, checkpoint, hash);
    const leaf = leafOf(leafBytes);
    const rows = [["账本", checkpoint.origin], ["序号（从 0 数起）", String(proof.index)], ["检查点大小", `${checkpoint.size} 条`], ["条目校验值", hex(hash)]];
    if (leaf) rows.push(...LEAF_ROWS.filter(([name]) => leaf[name] !== undefined).map(([name, label]) => [label, worded(name, leaf[name])]));
    let keys, policy;
    try {
      keys = await parseVkeys(vkeys);
      policy = rules.trim() ? await parsePolicy(rules) : { logs: [], witnesses: [], groups: [], quorum: null };
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      if (missing) return refused(missing, rows);
      return { tone: "amber", title: "没有核验", text: `${error.message}。请改正“按哪些密钥和见证规则核验”里的内容，再核验一次。`, rows };
    }
    if (!(await canVerify())) {
      if (missing) return refused(missing, rows);
      return { tone: "amber", title: "签名没有核对", text: "条目与检查点的树根一致，但这个浏览器不会核对 Ed25519 签名，还不能说证明成立。请换用新版浏览器，或者用下面的命令核验。", rows, commands: true };
    }
    const signed = await judged(note, checkpoint, keys, policy);
    if (signed.unknown && !missing) return unknownKey(signed.unknown, rows);
    if (signed.failed && missing) return refused(`检查点的正文被改动：签名不成立，条目也算不到它的树根（大小 ${checkpoint.size}）`, rows);
    if (signed.why || missing) return refused(signed.why || missing, rows);
    return accepted(signed, checkpoint, proof, rows, fields ? await disclosed(leaf, fields) : null);
  };

  const unknownKey = (key, rows) => {
    rows.push(["签名密钥", key]);
    const text = "条目与检查点的树根一致，但检查点是用另一把密钥签的，不在下面所给的密钥之内，所以签名没有核对，这份证明是真是假还不知道。机关可能换过密钥：请把机关新公布的验证密钥填进“按哪些密钥和见证规则核验”，再核验一次。";
    return { tone: "amber", title: "验证密钥未知，没有核对签名", text, rows };
  };

  const accepted = (signed, checkpoint, proof, rows, shown) => {
    const seen = [...signed.times].map(([name, time]) => `${name}（${moment(time)}）`);
    rows.push(["签名密钥", `${signed.log.name}+${signed.log.id}`], ["见证人", seen.join("、") || "没有"]);
    if (shown) rows.push(...shown);
    const short = signed.asked && !signed.quorum;
    const witness = signed.quorum ? "检查点达到见证规则要求的人数。" : short ? "检查点没有达到见证规则要求的人数。" : "没有按见证规则核对，签名只说明账本自己这样说。";
    const did = ["条目的字节逐级算到检查点的树根", "检查点由上面的密钥签名", ...(seen.length ? ["见证人的签名"] : []), ...(shown ? ["公开字段与条目中的校验值一致"] : [])];
    const not = ["密钥是不是这个机关的：请与机关另行公布的核对", "办理的内容是否属实、是否合法", ...(shown ? [] : ["条目里各字段的原文：条目只有校验值"])];
    const text = `这一条在账本 ${checkpoint.origin} 里的序号是 ${proof.index}（从 0 数起），在共 ${checkpoint.size} 条的检查点之内，此后没有改动。${witness}`;
    return { tone: short ? "amber" : "green", title: short ? "证明成立，见证不足" : "证明成立", text, rows, did, not };
  };

  // --- a paper: only digests leave the browser ---
  const EOF = bytesOf("%%EOF");
  /* The whole file, and what it was before something was appended: a PDF ends at a line %%EOF, and so did the one inside it. */
  const prefixes = (bytes) => {
    const ends = new Set();
    for (let at = bytes.indexOf(EOF[0]); at >= 0; at = bytes.indexOf(EOF[0], at + 1)) {
      if (!EOF.every((byte, step) => bytes[at + step] === byte)) continue;
      let end = at + EOF.length;
      ends.add(end);
      if (bytes[end] === 13) ends.add(++end);
      if (bytes[end] === 10) ends.add(end + 1);
    }
    ends.delete(bytes.length);
    return [bytes.length, ...[...ends].sort((a, b) => a - b).slice(0, 11)];
  };
  /* The number that a copy says it was handed out under. Nothing vouches for it: it stands behind the paper's own bytes. */
  const markIn = (bytes) => (/\/SanxiangWatermark\s*\(([0-9A-Z]{10})\)/.exec(new TextDecoder("latin1").decode(bytes)) || [])[1];
  const checkPaper = async (file) => {
    if (file.size > MOST_BYTES) return { tone: "amber", title: "文件太大", text: `《${file.name}》超过 200 MB，浏览器里算不了。请用 sha256sum（Windows 用 certutil -hashfile 文件名 SHA256）算出校验值，填在下面的“文书文件的校验值”里。`, rows: [] };
    if (!globalThis.crypto?.subtle) return { tone: "amber", title: "没有计算", text: "浏览器只在 HTTPS 网址或者本机保存的网页上提供计算。请自己算出校验值，填在下面的“文书文件的校验值”里。", rows: [] };
    const bytes = new Uint8Array(await file.arrayBuffer());
    const ends = prefixes(bytes);
    const digests = await Promise.all(ends.map(async (end) => hex(await sha256(bytes.subarray(0, end)))));
    const rows = [["文件", `${file.name}，${file.size.toLocaleString("zh-CN")} 字节`], ["SHA-256", digests[0]]];
    if (!root.dataset.papers) ends.forEach((end, at) => at && rows.push([`前 ${end} 字节的 SHA-256`, digests[at]]));
    if (!root.dataset.papers) return { tone: "info", title: "已算出文件的校验值", text: "离线时查不到文书是否为现行文本。请与案卷目录、证据清单或者账本公开字段里的校验值核对，或者联网后到机关网站的“验证”页查。文件后面加过水印的，列出的还有加之前各版的校验值，与其中一个相同就是那一版。", rows };
    const answer = await fetch(`${root.dataset.papers}?${new URLSearchParams(digests.map((digest) => ["digest", digest]))}`).catch(() => null);
    if (!answer?.ok) return { tone: "amber", title: "没有查成", text: `${answer ? `网站答复 HTTP ${answer.status}` : "连不上网站"}，请检查网络，稍后再试。文件的校验值已经算出。`, rows };
    const { digest, paper } = await answer.json();
    if (!paper) return { tone: "amber", title: "不是本系统制作的文书，或者被改动过", text: "没有与这个文件逐字节相同的文书。证据材料和案卷不在这里查：请把校验值与证据清单、案卷目录里的核对。", rows };
    const end = ends[digests.indexOf(digest)];
    rows.push(...paper.rows.map((row) => [row.label, row.value]));
    const told = { ...paper.notice, rows, links: [["这份文书在账本里的证明", paper.links.page]] };
    if (end === bytes.length) return told;
    const mark = markIn(bytes.subarray(end));
    const copy = mark ? `这是一份以水印编号 ${mark} 交出去的副本` : "这份文件后面另加了内容";
    return {
      ...told, tone: told.tone === "green" ? "amber" : told.tone, title: `${mark ? "调阅时交出去的副本" : "另加了内容的副本"}，只核对了其中的原件：${told.title}`,
      text: `${copy}。核对的是文件的前 ${end} 字节：它与本系统制作的文书逐字节相同。后面的 ${bytes.length - end} 字节没有核对${mark ? "，水印编号也写在那里面" : ""}，可能改变显示和打印出来的样子，请保存其中的原件，以原件为准。${told.text}`,
      original: bytes.slice(0, end), name: file.name.replace(/(\.pdf)?$/i, "（原件）.pdf"),
    };
  };

  // --- the page ---
  const make = (tag, props = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  const box = (id) => document.getElementById(id);
  const result = box("check-result");
  const listed = (title, items) => [make("p", {}, make("b", { textContent: title })), make("ul", {}, ...items.map((text) => make("li", { textContent: text })))];
  const show = (told) => {
    const notice = make("section", { className: `notice notice-${told.tone}` }, make("h3", { textContent: told.title }), make("p", { textContent: told.text }));
    if (told.did) notice.append(...listed("核对了：", told.did), ...listed("没有核对：", told.not));
    if (told.commands) box("check-commands")?.setAttribute("open", "");
    if (told.original) {
      const link = make("a", { className: "button button-plain", textContent: "保存其中的原件", download: told.name });
      link.href = URL.createObjectURL(new Blob([told.original], { type: "application/pdf" }));
      notice.append(make("p", {}, link));
    }
    for (const [text, href] of told.links || []) notice.append(make("p", {}, make("a", { textContent: text, href })));
    const rows = make("dl", { className: "summary" }, ...told.rows.map(([label, value]) => make("div", {}, make("dt", { textContent: label }), make("dd", { textContent: value }))));
    result.append(notice, ...(told.rows.length ? [make("div", { className: "panel" }, rows)] : []));
  };
  const safely = async (work) => {
    try {
      show(await work());
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      show(refused(error.message));
    }
  };

  /* A dropped file is what its content says; a damaged one what its name says. */
  const sorted = async (files) => {
    const found = { papers: [] };
    for (const file of files) {
      const start = file.size <= 1_100_000 ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
      const json = start[0] === 123 ? leafOf(start) : null;
      if (same(start.slice(0, HEADER.length), bytesOf(HEADER)) || /\.tlog-proof$/i.test(file.name)) found.proof = start;
      else if (json && Array.isArray(json.disclosures)) found.fields = json.disclosures;
      else if (Array.isArray(json?.d) || /\.leaf(\.json)?$/i.test(file.name)) found.leaf = start;
      else found.papers.push(file);
    }
    return found;
  };
  const kept = {}; // proof and entry may be chosen one after the other
  const proofWith = ({ proof, leaf, fields }) => {
    const typed = (id, given) => given || (box(id).value ? bytesOf(box(id).value) : null);
    const [asked, entry] = [typed("check-proof", proof), typed("check-leaf", leaf)];
    if (!asked || !entry) {
      const lacking = asked ? "还缺账本条目（.leaf）" : entry ? "还缺证明文件（.tlog-proof）" : "还没有证明文件和账本条目";
      return { tone: "amber", title: lacking, text: "证明文件和账本条目要一起选，或者粘贴在下面。", rows: [] };
    }
    return checkProof(asked, entry, fields, box("check-keys").value, box("check-policy").value);
  };
  const run = async (files) => {
    root.setAttribute("aria-busy", "true");
    result.replaceChildren();
    const { papers, ...found } = await sorted(files);
    Object.assign(kept, found);
    for (const file of papers) await safely(() => checkPaper(file));
    if (!papers.length || found.proof || found.leaf) await safely(() => proofWith(kept));
    root.removeAttribute("aria-busy");
    result.focus();
  };

  const chosen = box("check-files");
  box("check-run").addEventListener("click", () => run(chosen.files));
  chosen.addEventListener("change", () => { if (chosen.files.length) run(chosen.files); });
  root.addEventListener("dragover", (event) => { event.preventDefault(); root.classList.add("is-over"); });
  root.addEventListener("dragleave", () => root.classList.remove("is-over"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("is-over");
    chosen.files = event.dataTransfer.files;
    run(chosen.files);
  });
  root.hidden = false;

  /* One tap instead of three downloads: the act whose files the address names. */
  const fetched = async (href) => {
    const answer = await fetch(href).catch(() => null);
    return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  };
  const given = async ({ proof, leaf, fields }) => {
    root.setAttribute("aria-busy", "true");
    const [asked, entry, open] = await Promise.all([proof, leaf, fields].map(fetched));
    const shown = open && leafOf(open)?.disclosures;
    if (asked && entry) await safely(() => proofWith({ proof: asked, leaf: entry, fields: shown?.length ? shown : null }));
    else show({ tone: "amber", title: "没有取到这一条的文件", text: "网址里的账本编号没有公开的记录，或者这一条还在等候编入账本，或者连不上网站。请稍后再试，或者在上面选文件核验。", rows: [] });
    root.removeAttribute("aria-busy");
    result.focus();
  };
  if (root.dataset.proof) given(root.dataset);
})();
