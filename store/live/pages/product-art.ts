/**
 * A picture for every product, drawn from its name: the same name, the same picture. A few plain
 * shapes in one of a handful of palettes, so that a shelf of them looks like a row of prints.
 */
import { spreadOf } from "../../core/spread.ts";

/** Ground, two shapes, an accent. */
const PALETTES = [
  ["#f3e3d3", "#d9683c", "#2f4858", "#f2b544"],
  ["#dfe7e3", "#3c6e71", "#e07a5f", "#f2cc8f"],
  ["#efe1e4", "#9d3c56", "#40376e", "#f4a259"],
  ["#e3e6f2", "#3d5a98", "#ee6c4d", "#f6d186"],
  ["#ece8dc", "#5f7a4b", "#c8553d", "#e9c46a"],
  ["#e8dff0", "#6d4c91", "#f08a5d", "#3fa7a3"],
  ["#f4e9cd", "#b5651d", "#468189", "#77aca2"],
  ["#dbe9ee", "#2a6f97", "#c05746", "#ffd166"],
] as const;

type Palette = readonly [ground: string, one: string, two: string, accent: string];

/** In which order a palette's colors go to the shapes. */
const ORDERS = [
  [1, 2, 3],
  [2, 1, 3],
  [2, 3, 1],
  [1, 3, 2],
] as const;
type Shape = (palette: Palette, turn: number) => string;

/** Drawn on a square of 400 units. */
const SHAPES: readonly Shape[] = [
  ([, one, two, accent], turn) =>
    `<path d="M90 340V200a110 110 0 0 1 220 0v140z" fill="${one}"/>` +
    `<path d="M145 340V215a55 55 0 0 1 110 0v125z" fill="${two}"/>` +
    `<circle cx="${90 + 220 * turn}" cy="80" r="34" fill="${accent}"/>`,
  ([, one, two, accent], turn) =>
    `<circle cx="200" cy="200" r="128" fill="${one}"/>` +
    `<path d="M72 200a128 128 0 0 0 256 0z" fill="${two}"/>` +
    `<circle cx="${140 + 120 * turn}" cy="150" r="30" fill="${accent}"/>`,
  ([, one, two, accent], turn) =>
    `<path d="M60 320 200 76l140 244z" fill="${one}"/>` +
    `<path d="M130 320 200 198l70 122z" fill="${accent}"/>` +
    `<rect x="60" y="320" width="280" height="22" fill="${two}"/>` +
    `<circle cx="${100 + 200 * turn}" cy="96" r="28" fill="${two}"/>`,
  ([, one, two, accent], turn) =>
    `<rect x="80" y="120" width="150" height="220" rx="75" fill="${one}"/>` +
    `<rect x="170" y="${60 + 60 * turn}" width="150" height="220" rx="75" fill="${two}" ` +
    'opacity=".92"/>' +
    `<circle cx="200" cy="216" r="26" fill="${accent}"/>`,
  ([, one, two, accent], turn) =>
    `<path d="M80 200a120 120 0 0 1 240 0z" fill="${one}"/>` +
    `<path d="M120 212h160l-34 128h-92z" fill="${two}"/>` +
    `<circle cx="${150 + 100 * turn}" cy="150" r="24" fill="${accent}"/>`,
  ([, one, two, accent], turn) =>
    `<path d="M70 330V130h60v200zm100 0V70h60v260zm100 0V170h60v160z" fill="${one}"/>` +
    `<path d="M70 330a130 130 0 0 1 260 0z" fill="${two}"/>` +
    `<circle cx="200" cy="${270 + 30 * turn}" r="26" fill="${accent}"/>`,
];

/** The picture of a product as an SVG document. */
export function productArt(name: string): string {
  const colors = PALETTES[Math.floor(spreadOf(`art.palette ${name}`) * PALETTES.length)];
  const order = ORDERS[Math.floor(spreadOf(`art.order ${name}`) * ORDERS.length)];
  const palette = [colors[0], colors[order[0]], colors[order[1]], colors[order[2]]] as const;
  const shape = SHAPES[Math.floor(spreadOf(`art.shape ${name}`) * SHAPES.length)];
  const turn = Math.round(spreadOf(`art.turn ${name}`) * 100) / 100;
  const mirrored =
    spreadOf(`art.mirror ${name}`) < 0.5 ? ' transform="matrix(1 0 0 -1 0 410)"' : "";
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="presentation">' +
    `<rect width="400" height="400" fill="${palette[0]}"/>` +
    `<g${mirrored}>${shape(palette, turn)}</g></svg>`
  );
}
