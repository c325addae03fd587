"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const textOf = cell => cell.dataset.v ?? cell.textContent.trim();
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const element = (tag, fields) => Object.assign(document.createElement(tag), fields);

  const quoted = text => {
    const safe = /^[=+\-@\t]/.test(text) && text.trim() !== "" && isNaN(Number(text)) ? "'" + text : text;
    return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };

  const csvOf = table => {
    const lines = [];
    for (const row of table.rows) {
      lines.push([...row.cells].map(cell => quoted(cell.dataset.heading ?? textOf(cell))).join(","));
    }
    return lines.join("\r\n");
  };

  const download = (text, name) => {
    const link = element("a", { download: name + ".csv" });
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text + "\r\n"], { type: "text/csv;charset=utf-8" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const downloadButton = (box, text) => {
    const button = element("button", { type: "button", textContent: words.download });
    const name = box.querySelector("caption")?.textContent.trim() || box.dataset.name;
    button.setAttribute("aria-label", words.download + ": " + (name || box.dataset.name));
    button.addEventListener("click", () => download(text(), box.dataset.name));
    return button;
  };

  const compare = (first, second) => {
    if (first === "" || second === "") return first === second ? 0 : first === "" ? 1 : -1;
    const numbers = [Number(first), Number(second)];
    return numbers.some(isNaN) ? collator.compare(first, second) : numbers[0] - numbers[1];
  };

  const sortBy = (table, place, header) => {
    const down = header.getAttribute("aria-sort") === "descending"
      || (!header.hasAttribute("aria-sort") && !header.classList.contains("number"));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "ascending" : "descending");
    for (const body of table.tBodies) {
      const rows = [...body.rows].filter(row => !row.classList.contains("section"));
      const keyed = rows.map(row => [textOf(row.cells[place]), row]);
      keyed.sort(([a], [b]) => a === "" || b === "" ? compare(a, b) : (down ? 1 : -1) * compare(a, b));
      body.append(...keyed.map(([, row]) => row));
    }
  };

  const search = (table, text, count) => {
    const wanted = text.trim().toLocaleLowerCase();
    let shown = 0, all = 0;
    for (const body of table.tBodies) {
      const heads = [...body.querySelectorAll("tr.section")];
      const headed = heads.some(head => head.textContent.toLocaleLowerCase().includes(wanted));
      let any = false;
      for (const row of body.rows) {
        if (heads.includes(row)) continue;
        all += 1;
        row.hidden = !(headed || row.textContent.toLocaleLowerCase().includes(wanted));
        shown += row.hidden ? 0 : 1;
        any ||= !row.hidden;
      }
      for (const head of heads) head.hidden = !any;
    }
    count.textContent = wanted ? fill(words.shown, { shown, all }) : "";
  };

  for (const box of document.querySelectorAll(".table")) {
    const tools = element("div", { className: "tools" });
    const table = box.querySelector("table");
    if (!table) {
      const csv = box.querySelector("script").textContent.replaceAll("\\u003c", "<");
      tools.append(downloadButton(box, () => csv));
      box.append(tools);
      continue;
    }
    const rows = table.querySelectorAll("tbody tr:not(.section)").length;
    if (rows > 7) {
      const label = element("label", { textContent: words.search });
      const input = element("input", { type: "search" });
      const count = element("output");
      label.append(input);
      input.addEventListener("input", () => search(table, input.value, count));
      tools.append(label, count);
    }
    for (const [place, header] of [...table.tHead.rows[0].cells].entries()) {
      header.dataset.heading = header.textContent;
      if (rows < 2) continue;
      const button = element("button", { type: "button", textContent: header.textContent });
      button.title = fill(words.sort, { heading: header.textContent });
      header.replaceChildren(button);
      button.addEventListener("click", () => sortBy(table, place, header));
    }
    tools.prepend(downloadButton(box, () => csvOf(table)));
    box.prepend(tools);
  }

  const contents = document.querySelector("nav details");
  if (matchMedia("(max-width: 60rem)").matches) contents.open = false;

  const openTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && (target.querySelector(":scope > details") || target.closest("details"));
    if (!details || details.open) return;
    details.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  const links = new Map([...document.querySelectorAll("nav a")].map(link => [decodeURIComponent(link.hash.slice(1)), link]));
  const watch = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "0px 0px -70% 0px" });
  for (const section of document.querySelectorAll("main > section")) watch.observe(section);

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("main details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of closed) details.open = false; });
})();
