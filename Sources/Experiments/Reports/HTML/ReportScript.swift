/// The script of the report: sorting, filtering, the theme, the heat map's keys, single cells.
///
/// It puts what comes from data into the page as text alone, never as markup.
enum ReportScript {
  static let javaScript = """
    "use strict";
    (function () {
      const root = document.documentElement;
      const svgSpace = "http://www.w3.org/2000/svg";
      const byID = function (id) { return document.getElementById(id); };

      // The theme: as the system says, until one is asked for.
      const themes = ["system", "light", "dark"];
      const button = byID("theme");
      function setTheme(name) {
        if (name === "system") { root.removeAttribute("data-theme"); }
        else { root.setAttribute("data-theme", name); }
        button.textContent = "Theme: " + name;
        button.dataset.now = name;
      }
      let stored = null;
      try { stored = localStorage.getItem("transfer-bench-theme"); } catch (error) { stored = null; }
      setTheme(themes.includes(stored) ? stored : "system");
      button.hidden = false;
      button.addEventListener("click", function () {
        const next = themes[(themes.indexOf(button.dataset.now) + 1) % themes.length];
        setTheme(next);
        try { localStorage.setItem("transfer-bench-theme", next); } catch (error) { stored = next; }
      });

      // Tables whose heads are buttons: one press sorts up, the next down, the third as it was.
      document.querySelectorAll("table.sortable").forEach(function (table) {
        const body = table.tBodies[0];
        const original = Array.from(body.rows);
        const heads = Array.from(table.tHead.rows[0].cells);
        heads.forEach(function (head, column) {
          const press = head.querySelector("button");
          if (!press) { return; }
          press.addEventListener("click", function () {
            const order = { none: "descending", descending: "ascending", ascending: "none" };
            const first = head.dataset.first || "descending";
            const now = head.getAttribute("aria-sort") || "none";
            let next = order[now];
            if (first === "ascending") {
              next = { none: "ascending", ascending: "descending", descending: "none" }[now];
            }
            heads.forEach(function (other) {
              if (other.querySelector("button")) { other.setAttribute("aria-sort", "none"); }
            });
            head.setAttribute("aria-sort", next);
            let rows = original.slice();
            if (next !== "none") {
              const sign = next === "ascending" ? 1 : -1;
              rows.sort(function (left, right) {
                const a = left.cells[column].dataset.value;
                const b = right.cells[column].dataset.value;
                if (a === undefined || b === undefined || a === "" || b === "") {
                  return (a ? 0 : 1) - (b ? 0 : 1);
                }
                const difference = Number(a) - Number(b);
                return sign * (Number.isNaN(difference) ? a.localeCompare(b) : difference);
              });
            }
            body.append.apply(body, rows);
          });
        });
      });

      // The filters of the summary.
      const words = byID("filter-text"), family = byID("filter-family");
      const verdict = byID("filter-verdict"), count = byID("filter-count");
      function filter() {
        const text = words.value.trim().toLowerCase();
        let shown = 0;
        Array.from(byID("summary-table").tBodies[0].rows).forEach(function (row) {
          const fits = row.cells[0].textContent.toLowerCase().includes(text) &&
            (family.value === "" || row.dataset.family === family.value) &&
            (verdict.value === "" || row.dataset.verdict === verdict.value);
          row.hidden = !fits;
          shown += fits ? 1 : 0;
        });
        count.textContent = shown === 1 ? "1 row" : shown + " rows";
      }
      [words, family, verdict].forEach(function (input) {
        input.addEventListener("input", filter);
      });
      filter();

      // The heat map: one stop of the tabulator, arrows from cell to cell.
      const map = byID("heat-map");
      if (map) {
        const cells = new Map(), said = byID("heat-map-value");
        let current = null;
        map.querySelectorAll(".cell").forEach(function (cell) {
          cells.set(cell.dataset.r + "," + cell.dataset.c, cell);
          cell.setAttribute("role", "img");
          cell.setAttribute("aria-label", cell.querySelector("title").textContent);
          cell.setAttribute("tabindex", current ? "-1" : "0");
          current = current || cell;
        });
        function show(cell) { said.textContent = cell.getAttribute("aria-label"); }
        map.addEventListener("mouseover", function (event) {
          const cell = event.target.closest(".cell");
          if (cell) { show(cell); }
        });
        map.addEventListener("focusin", function (event) {
          const cell = event.target.closest(".cell");
          if (cell) { show(cell); }
        });
        map.addEventListener("keydown", function (event) {
          const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
          const step = steps[event.key], cell = event.target.closest(".cell");
          if (!step || !cell) { return; }
          const next = cells.get((Number(cell.dataset.r) + step[0]) + "," +
            (Number(cell.dataset.c) + step[1]));
          event.preventDefault();
          if (!next) { return; }
          cell.setAttribute("tabindex", "-1");
          next.setAttribute("tabindex", "0");
          next.focus();
        });
      }

      // One method on one pair: its confusion matrix and its reliability curve.
      const source = byID("cell-data");
      if (!source) { return; }
      const data = JSON.parse(source.textContent);
      const pair = byID("cell-pair"), method = byID("cell-method");
      function svg(name, attributes, parent, text) {
        const element = document.createElementNS(svgSpace, name);
        Object.keys(attributes).forEach(function (key) {
          element.setAttribute(key, attributes[key]);
        });
        if (text !== undefined) { element.textContent = text; }
        if (parent) { parent.append(element); }
        return element;
      }
      function html(name, text, parent, style) {
        const element = document.createElement(name);
        if (text !== null) { element.textContent = text; }
        if (style) { element.className = style; }
        parent.append(element);
        return element;
      }
      function confusion(names, flat, place) {
        place.replaceChildren();
        const counts = new Map();
        let unmatched = false;
        const totals = names.map(function () { return 0; });
        for (let at = 0; at !== flat.length; at += 3) {
          counts.set(flat[at] + "," + flat[at + 1], flat[at + 2]);
          totals[flat[at]] += flat[at + 2];
          unmatched = unmatched || flat[at + 1] === names.length;
        }
        const columns = unmatched ? names.concat(["no class"]) : names;
        const table = html("table", null, place);
        html("caption", "Confusion matrix: rows are true classes, counts over all repetitions", table);
        const head = html("tr", null, html("thead", null, table));
        html("th", "true, predicted", head);
        columns.forEach(function (name) { html("th", name, head, "num").scope = "col"; });
        const body = html("tbody", null, table);
        names.forEach(function (name, row) {
          const line = html("tr", null, body);
          html("th", name, line).scope = "row";
          columns.forEach(function (other, column) {
            const value = counts.get(row + "," + column) || 0;
            const cell = html("td", value === 0 ? "·" : String(value), line, "num");
            const share = totals[row] === 0 ? 0 : value / totals[row];
            const colour = row === column ? "var(--posbg)" : "var(--negbg)";
            if (share !== 0) {
              cell.style.background = "color-mix(in srgb, " + colour + " " +
                Math.round(25 + 75 * share) + "%, var(--ground))";
            }
            cell.title = name + " as " + other + ": " + value + ", " +
              (100 * share).toFixed(1) + "% of the class";
          });
        });
      }
      function reliability(flat, place) {
        place.replaceChildren();
        if (flat.length === 0) {
          html("p", "No confidences: this method gives clusters.", place, "soft");
          return;
        }
        const size = 300, left = 44, top = 14;
        const at = function (value) { return left + value * size; };
        const up = function (value) { return top + size - value * size; };
        const picture = svg("svg", { width: left + size + 20, height: top + size + 44,
          role: "img", "aria-label": "Reliability curve", "font-size": 11 }, place);
        [0, 0.25, 0.5, 0.75, 1].forEach(function (tick) {
          svg("line", { "class": "grid", x1: at(0), x2: at(1), y1: up(tick), y2: up(tick) }, picture);
          svg("line", { "class": "grid", x1: at(tick), x2: at(tick), y1: up(0), y2: up(1) }, picture);
          svg("text", { "class": "soft", x: left - 6, y: up(tick) + 4, "text-anchor": "end" },
            picture, String(100 * tick));
          svg("text", { "class": "soft", x: at(tick), y: up(0) + 16, "text-anchor": "middle" },
            picture, String(100 * tick));
        });
        svg("text", { x: at(0.5), y: up(0) + 36, "text-anchor": "middle" }, picture,
          "Confidence, % (dots as large as their samples are many)");
        svg("text", { x: 10, y: up(0.5), "text-anchor": "middle",
          transform: "rotate(-90 10 " + up(0.5) + ")" }, picture, "Right, %");
        svg("line", { "class": "zero", x1: at(0), y1: up(0), x2: at(1), y2: up(1),
          "stroke-dasharray": "5 3" }, picture);
        const points = [];
        let most = 0;
        for (let bin = 0; bin !== flat.length; bin += 3) { most = Math.max(most, flat[bin + 2]); }
        for (let bin = 0; bin !== flat.length; bin += 3) {
          points.push(at(flat[bin]) + "," + up(flat[bin + 1]));
        }
        svg("polyline", { "class": "s pos", fill: "none", "stroke-width": 2,
          points: points.join(" ") }, picture);
        for (let bin = 0; bin !== flat.length; bin += 3) {
          const dot = svg("circle", { "class": "f pos", cx: at(flat[bin]), cy: up(flat[bin + 1]),
            r: 2.5 + 6 * Math.sqrt(flat[bin + 2] / most) }, picture);
          svg("title", {}, dot, "confidence " + (100 * flat[bin]).toFixed(1) + "%, right " +
            (100 * flat[bin + 1]).toFixed(1) + "%, " + flat[bin + 2] + " samples");
        }
      }
      function draw() {
        const p = Number(pair.value), m = Number(method.value);
        const cell = data.cells[p * data.methods.length + m];
        byID("cell-none").hidden = cell !== null;
        byID("cell-shown").hidden = cell === null;
        if (cell === null) { return; }
        confusion(data.classes[p], cell.c, byID("cell-confusion"));
        reliability(cell.r, byID("cell-reliability"));
      }
      data.pairs.forEach(function (name, place) { html("option", name, pair).value = String(place); });
      data.methods.forEach(function (name, place) {
        html("option", name, method).value = String(place);
      });
      [pair, method].forEach(function (input) { input.addEventListener("input", draw); });
      draw();
    }());
    """
}
