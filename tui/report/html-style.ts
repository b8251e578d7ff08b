/**
 * The style sheet of HTML reports: light and dark by what the reader's system asks for, narrow
 * screens, and A4 paper. Lines of plans are told apart by colour (Okabe and Ito's) and by dash.
 */

/** Of the first six plans; a seventh looks like the first. */
const DASHES = ["none", "18 9", "4 8", "22 7 4 7", "12 12", "2 14"];

export const REPORT_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--card:#f6f7f9;--ink:#1b1f24;--soft:#57606a;--rule:#d5dae0;--good:#00664b;--bad:#b3261e;--warn:#8a4b00;--none:#0059a0;
--p0:#0072b2;--p1:#d55e00;--p2:#009e73;--p3:#a9447f;--p4:#6b5b00;--p5:#444b54;--fault:#d55e0022;--focus:#0072b21c}
@media (prefers-color-scheme:dark){:root{--paper:#15181c;--card:#1e2228;--ink:#e8eaed;--soft:#a4adb8;--rule:#3a414a;--good:#4cc9a0;--bad:#ff8a80;--warn:#f5b84b;--none:#7cc4f5;
--p0:#56b4e9;--p1:#e69f00;--p2:#00b386;--p3:#cc79a7;--p4:#f0e442;--p5:#b6bec8;--fault:#e69f0026;--focus:#56b4e926}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:1.7rem;line-height:1.2;margin:0}
h2{font-size:1.2rem;margin:44px 0 12px}
h3{font-size:1rem;margin:22px 0 6px}
p{margin:6px 0}
header>p,.soft,small,figcaption,footer{color:var(--soft)}
small{font-size:.8rem;font-weight:400;display:block;line-height:1.35;white-space:normal}td small{white-space:nowrap}
code,pre{font:.86rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:10px 12px;white-space:pre-wrap}
.verdict{border:1px solid var(--rule);border-left:8px solid;border-radius:10px;background:var(--card);padding:16px 20px;margin:20px 0}
.verdict h2{margin:0;font-size:1.55rem;line-height:1.25}
.good{color:var(--good)}.bad{color:var(--bad)}.warning{color:var(--warn)}.none{color:var(--none)}
.verdict.good,.verdict.bad,.verdict.warning,.verdict.none{border-left-color:currentColor}
.verdict p{color:var(--ink)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;padding:0;margin:16px 0;list-style:none}
.cards li{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:10px 14px}
.cards h3{margin:0 0 4px;font-size:.86rem;font-weight:600;color:var(--soft)}
.cards dl{margin:0}.cards dt{font-size:.8rem;color:var(--soft)}.cards dd{margin:0 0 4px;font-size:1.2rem;font-weight:650;font-variant-numeric:tabular-nums}
.key{display:inline-block;width:26px;height:10px;margin-right:6px;vertical-align:1px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:6px 10px;border-bottom:1px solid var(--rule);text-align:right;vertical-align:top}
thead th{color:var(--soft);font-weight:600;font-size:.84rem;vertical-align:bottom}
th:first-child,td:first-child,.words th,.words td{text-align:left}
td{white-space:nowrap}.words td{white-space:normal}tbody th{min-width:11rem}details tbody th{min-width:0}.unsure{color:var(--soft)}
tbody th{font-weight:600}
th.nowrap{white-space:nowrap}
td svg{width:120px;height:16px;display:block;margin-left:auto}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,500px),1fr));gap:26px 28px}
figure{margin:0;break-inside:avoid;min-width:0}
figure h3{margin:0}
figure>svg{width:100%;height:auto;display:block;overflow:visible;margin-top:6px}
figcaption{font-size:.86rem}
svg text{font:22px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--soft)}
.end{text-anchor:end}.middle{text-anchor:middle}
.grid{stroke:var(--rule);stroke-width:1.5}.tick{stroke:var(--soft);stroke-width:2}
.line{fill:none;stroke-width:3.6;stroke-linejoin:round}
.band{stroke:none;opacity:.17}.stem{stroke-width:1.6;stroke-dasharray:2 8}
.missed{fill:var(--bad)}.fault{fill:var(--fault)}.focus{fill:var(--focus)}
.cursor{stroke:var(--soft);stroke-width:2}
.whisker{stroke:var(--ink);stroke-width:2}.zero{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 2}.dot{fill:var(--ink)}
${DASHES.map(planRule).join("\n")}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;padding:0;margin:8px 0 16px;list-style:none;font-size:.92rem}
.legend svg{width:34px;height:12px;vertical-align:-1px;margin-right:8px}
.readout{min-height:1.5em;margin:0;font-size:.86rem;font-variant-numeric:tabular-nums}
details{margin-top:4px;font-size:.86rem}summary{cursor:pointer;color:var(--soft)}
details .wide{max-height:320px;overflow:auto}
:focus-visible{outline:3px solid var(--none);outline-offset:2px}
footer{padding-top:32px;padding-bottom:40px;font-size:.86rem}
@media (max-width:560px){main,header,footer{padding-left:14px;padding-right:14px}h1{font-size:1.4rem}.verdict h2{font-size:1.3rem}.cards{grid-template-columns:1fr 1fr}svg text{font-size:34px}.minor{display:none}th,td{padding:6px 7px}}
@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--rule:#bbb;--good:#00664b;--bad:#b3261e;--warn:#8a4b00;--none:#0059a0;--p0:#0072b2;--p1:#d55e00;--p2:#009e73;--p3:#a9447f;--p4:#6b5b00;--p5:#444b54}
@page{size:A4;margin:14mm}body{font-size:10.5pt}main,header,footer{padding:0;max-width:none}.charts{grid-template-columns:1fr 1fr}h2,h3{break-after:avoid}tr,.verdict,.cards li{break-inside:avoid}details,.readout,.cursor{display:none}.wide{overflow:visible}table{font-size:8pt}td{white-space:normal}th,td{padding:3px 5px}small{font-size:7pt}tbody th{min-width:0}td svg{width:64px}}
`.trim();

/** The class of a plan's colour and dash, by its place in the result. */
export function planClass(index: number): string {
  return `p${index % DASHES.length}`;
}

function planRule(dash: string, index: number): string {
  const colour = `var(--p${index})`;
  return `.line.p${index}{stroke:${colour};stroke-dasharray:${dash}}.stem.p${index}{stroke:${colour}}.band.p${index},.batch.p${index},.sold.p${index}{fill:${colour}}`;
}
