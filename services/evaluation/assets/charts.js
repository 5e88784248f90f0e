// Charts beside tables: `<table data-chart="line">` or `"bar"`. A column whose heading has `data-series` is drawn from
// its cells' `data-value`, or with `data-rows` on the table each row; an empty cell leaves a gap. `data-from` is where
// the scale begins. The table stays the truth: the chart says nothing besides.
"use strict";

const CHART_COLOURS = ["#0b4f8a", "#a3161b", "#1b5e35", "#7a4b00", "#5b3a8e", "#00707a", "#8a0b5c", "#4b5563", "#b35900"];

const CHART_DASHES = [[], [6, 4], [2, 3]];
const CHART_MARKS = ["circle", "rect", "triangle", "rectRot", "cross", "star", "crossRot", "line", "dash"];

const wordsOf = (cell) => cell.textContent.trim();

function valueOf(cell) {
  const value = cell.dataset.value;
  return value === undefined || value === "" ? null : Number(value);
}

function read(table) {
  const headings = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  if (table.dataset.rows !== undefined) {
    const series = rows.map((row) => ({ label: wordsOf(row.cells[0]), data: [...row.cells].slice(1).map(valueOf) }));
    return { labels: headings.slice(1).map(wordsOf), series };
  }
  const series = headings.flatMap((heading, column) => {
    if (heading.dataset.series === undefined) return [];
    return [{ label: wordsOf(heading), data: rows.map((row) => valueOf(row.cells[column])) }];
  });
  return { labels: rows.map((row) => wordsOf(row.cells[0])), series };
}

function drawChart(table) {
  if (table.dataset.drawn) return;
  table.dataset.drawn = "yes";
  const lines = table.dataset.chart === "line";
  const { labels, series: found } = read(table);
  // Colour alone tells nobody which line is which.
  const datasets = found.map((series, index) => {
    const colour = CHART_COLOURS[index % CHART_COLOURS.length];
    const line = { borderWidth: 2, borderDash: CHART_DASHES[index % CHART_DASHES.length] };
    const marks = { pointStyle: CHART_MARKS[index % CHART_MARKS.length], pointRadius: 4 };
    const looks = lines ? { ...line, ...marks } : { maxBarThickness: 14 };
    return { ...series, borderColor: colour, backgroundColor: colour, ...looks };
  });
  const most = Math.max(...datasets.map((series) => series.data.filter((value) => value !== null).length));
  if (most < (lines ? 2 : 1)) return; // one point is no line
  const place = document.createElement("div");
  place.className = "chart";
  if (!lines) place.style.height = `${5 + 2.2 * labels.length}rem`;
  place.setAttribute("aria-hidden", "true");
  const canvas = place.appendChild(document.createElement("canvas"));
  table.parentElement.before(place);
  const from = table.dataset.from;
  const amounts = { beginAtZero: from === undefined, suggestedMin: Number(from ?? 0), ticks: { precision: 0 } };
  new Chart(canvas, {
    type: table.dataset.chart,
    data: { labels, datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: lines ? "x" : "y",
      plugins: { legend: { display: datasets.length > 1, position: "bottom", labels: { usePointStyle: lines } } },
      scales: { [lines ? "y" : "x"]: amounts },
    },
  });
}

document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table[data-chart]")) drawChart(table);
});
