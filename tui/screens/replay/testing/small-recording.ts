/** The orders of a sale of half an hour, as a shop exports them. */

const FIRST = Date.UTC(2024, 2, 1, 17, 0, 0);
const ORDERS = 360;
/** Of a linear congruence, so that no two runs differ. */
const [TIMES, PLUS, MODULUS] = [1_103_515_245, 12_345, 2_147_483_648];

/** Most come early; some buyers come twice. */
export function smallRecording(): string {
  let state = 7;
  const drawn = () => {
    state = (state * TIMES + PLUS) % MODULUS;
    return state / MODULUS;
  };
  const rows = Array.from({ length: ORDERS }, (_, number) => {
    const share = drawn();
    const at = FIRST + Math.floor(share * share * 1_800_000);
    return {
      at,
      buyer: Math.floor(drawn() * 300),
      total: 20 + Math.floor(drawn() * 8_000) / 100,
      number,
    };
  }).sort((one, other) => one.at - other.at);
  const lines = rows.map(
    ({ at, buyer, total, number }) =>
      `${new Date(at).toISOString()},O${number},B${buyer},${total.toFixed(2)}`,
  );
  return `${["time,order,buyer,total", ...lines].join("\n")}\n`;
}
