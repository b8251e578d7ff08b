/**
 * The one script of an HTML report: where the pointer is over a chart it shows the row of the table
 * behind the chart that belongs to that moment. It formats nothing and asks for nothing; without it
 * the page says the same.
 */

export const REPORT_SCRIPT = `
for (const figure of document.querySelectorAll("figure[data-left]")) {
  const svg = figure.querySelector("svg[data-from]");
  const cursor = svg.querySelector(".cursor");
  const readout = figure.querySelector(".readout");
  const heads = [...figure.querySelectorAll("thead th")].map((head) => head.textContent);
  const rows = [...figure.querySelectorAll("tbody tr")];
  const left = Number(figure.dataset.left), right = Number(figure.dataset.right);
  const from = Number(svg.dataset.from), to = Number(svg.dataset.to);
  const width = svg.viewBox.baseVal.width;
  const show = (x, text) => {
    cursor.setAttribute("visibility", text === "" ? "hidden" : "visible");
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    readout.textContent = text;
  };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const at = from + ((share - left) / (right - left)) * (to - from);
    const row = rows.find((one) => at >= Number(one.dataset.from) && at < Number(one.dataset.to));
    if (row === undefined || share < left || share > right) return show(0, "");
    const cells = [...row.cells].map((cell) => cell.textContent);
    const told = cells.slice(1).map((cell, index) => heads[index + 1] + " " + cell);
    show(share * width, cells[0] + ": " + told.join(", "));
  });
  svg.addEventListener("pointerleave", () => show(0, ""));
}
`.trim();
