// Charts beside tables, which stay the truth: a chart says nothing besides, and is hidden from whoever reads by ear.
// `data-chart="line"` or `"bar"`: each column whose heading has `data-series` is drawn from its cells' `data-value`; an
// empty cell leaves a gap. `data-chart="rows"`: each row gets a small chart of its own, from 25 to 100, with the line at
// `data-least` under which a value falls short; columns whose heading has `data-few` rest on few answers.
"use strict";

const CHART_COLOURS = ["#0b4f8a", "#a3161b", "#1b5e35", "#7a4b00"];
const CHART_DASHES = [[], [6, 4], [2, 3]];
const CHART_MARKS = ["circle", "rect", "triangle", "rectRot"];
const QUIET = "#4b5563";

const wordsOf = (cell) => cell.textContent.trim();

function valueOf(cell) {
  const value = cell.dataset.value;
  return value === undefined || value === "" ? null : Number(value);
}

function known(values) {
  return values.filter((value) => value !== null).length;
}

function place(className) {
  const place = document.createElement("div");
  place.className = className;
  place.setAttribute("aria-hidden", "true");
  return place;
}

function draw(place, type, data, options) {
  const canvas = place.appendChild(document.createElement("canvas"));
  new Chart(canvas, { type, data, options: { animation: false, maintainAspectRatio: false, ...options } });
}

function drawColumns(table, type) {
  const rows = [...table.tBodies[0].rows];
  const lines = type === "line";
  const labels = rows.map((row) => wordsOf(row.cells[0]));
  const found = [...table.tHead.rows[0].cells].flatMap((heading, column) => {
    if (heading.dataset.series === undefined) return [];
    return [{ label: wordsOf(heading), data: rows.map((row) => valueOf(row.cells[column])) }];
  });
  if (Math.max(...found.map((series) => known(series.data))) < (lines ? 2 : 1)) return; // one point is no line
  // Colour alone tells nobody which line is which.
  const datasets = found.map((series, index) => {
    const colour = CHART_COLOURS[index % CHART_COLOURS.length];
    const line = { borderWidth: 2, borderDash: CHART_DASHES[index % CHART_DASHES.length] };
    const marks = { pointStyle: CHART_MARKS[index % CHART_MARKS.length], pointRadius: 4 };
    const looks = lines ? { ...line, ...marks } : { maxBarThickness: 14 };
    return { ...series, borderColor: colour, backgroundColor: colour, ...looks };
  });
  const chart = place("chart");
  if (!lines) chart.style.height = `${5 + 2.2 * labels.length}rem`;
  table.parentElement.before(chart);
  draw(chart, type, { labels, datasets }, {
    indexAxis: lines ? "x" : "y",
    plugins: { legend: { display: datasets.length > 1, position: "bottom", labels: { usePointStyle: lines } } },
    scales: { [lines ? "y" : "x"]: { beginAtZero: true, ticks: { precision: 0 } } },
  });
}

// What is below the line is a red triangle, what rests on few answers is hollow.
function course(values, few, least) {
  const short = (value) => value !== null && value < least;
  const colours = values.map((value, nth) => (short(value) && !few[nth] ? CHART_COLOURS[1] : CHART_COLOURS[0]));
  return {
    data: values,
    borderColor: CHART_COLOURS[0],
    borderWidth: 2,
    pointBorderColor: colours,
    pointBorderWidth: 2,
    pointBackgroundColor: colours.map((colour, nth) => (few[nth] ? "#fff" : colour)),
    pointStyle: values.map((value, nth) => (short(value) && !few[nth] ? "triangle" : "circle")),
    pointRadius: values.map((value, nth) => (short(value) && !few[nth] ? 6 : 4)),
    spanGaps: false,
  };
}

function drawRow(all, row, months, few, least) {
  const [name, ...cells] = row.cells;
  const values = cells.map(valueOf);
  // It is drawn where it stands, since its size is that of its place.
  const small = all.appendChild(document.createElement("div"));
  small.appendChild(document.createElement("strong")).textContent = wordsOf(name);
  const floor = { data: months.map(() => least), borderColor: QUIET, borderWidth: 1, borderDash: [4, 3], pointRadius: 0 };
  const ticks = { color: QUIET, font: { size: 11 }, maxRotation: 0, padding: 2 };
  const marked = (axis) => { axis.ticks = [25, 50, 75, 100].map((value) => ({ value })); };
  const datasets = [course(values, few, least), floor];
  draw(small.appendChild(place("small")), "line", { labels: months, datasets }, {
    plugins: { legend: { display: false } },
    // Somewhat more than the scale has, so that no mark is cut off at its ends.
    scales: { x: { grid: { display: false }, ticks }, y: { min: 20, max: 105, afterBuildTicks: marked, ticks } },
  });
}

function drawRows(table) {
  const headings = [...table.tHead.rows[0].cells].slice(1);
  const rows = [...table.tBodies[0].rows].filter((row) => row.cells[0].dataset.drawn !== undefined);
  if (!rows.some((row) => known([...row.cells].slice(1).map(valueOf)))) return;
  const months = headings.map((heading) => heading.dataset.short);
  const few = headings.map((heading) => heading.dataset.few !== undefined);
  const all = place("charts");
  (table.closest("details") ?? table.parentElement).before(all);
  for (const row of rows) drawRow(all, row, months, few, Number(table.dataset.least));
}

document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table[data-chart]")) {
    if (table.dataset.chart === "rows") drawRows(table);
    else drawColumns(table, table.dataset.chart);
  }
});
