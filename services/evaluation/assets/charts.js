// Charts beside tables: `<table data-chart="line">` or `"bar"`. A column whose heading has `data-series` is drawn from
// its cells' `data-value`; one that is empty leaves a gap. The table stays the truth: the chart says nothing besides.
"use strict";

const CHART_COLOURS = ["#0b4f8a", "#a3161b", "#1b5e35", "#7a4b00", "#5b3a8e", "#00707a", "#8a0b5c", "#4b5563", "#b35900"];

function seriesOf(table) {
  const headings = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  return headings.flatMap((heading, column) => {
    if (heading.dataset.series === undefined) return [];
    const data = rows.map((row) => {
      const value = row.cells[column].dataset.value;
      return value === undefined || value === "" ? null : Number(value);
    });
    return [{ label: heading.textContent.trim(), data }];
  });
}

function drawChart(table) {
  if (table.dataset.drawn) return;
  table.dataset.drawn = "yes";
  const lines = table.dataset.chart === "line";
  const labels = [...table.tBodies[0].rows].map((row) => row.cells[0].textContent.trim());
  const datasets = seriesOf(table).map((series, index) => {
    const colour = CHART_COLOURS[index % CHART_COLOURS.length];
    return { ...series, borderColor: colour, backgroundColor: colour, borderWidth: lines ? 2 : 0, pointRadius: 3 };
  });
  if (!datasets.some((series) => series.data.some((value) => value !== null))) return;
  const place = document.createElement("div");
  place.className = lines ? "chart" : "chart bars";
  place.dataset.rows = labels.length > 12 ? "many" : "few";
  place.setAttribute("aria-hidden", "true");
  const canvas = place.appendChild(document.createElement("canvas"));
  table.parentElement.before(place);
  new Chart(canvas, {
    type: table.dataset.chart,
    data: { labels, datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: lines ? "x" : "y",
      plugins: { legend: { display: datasets.length > 1, position: "bottom" } },
      scales: { [lines ? "y" : "x"]: { beginAtZero: table.dataset.from === undefined, suggestedMin: Number(table.dataset.from ?? 0), ticks: { precision: 0 } } },
    },
  });
}

document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table[data-chart]")) drawChart(table);
});
