/** A whole frame: the screen in front, its hints and state below, and what lies over it. */
import { Box, Text } from "ink";
import type { ReactElement } from "react";
import { widthOf } from "../components/text-width.ts";
import type { App } from "./app.ts";
import { COLUMNS_MIN, hintRow, ROWS_MIN, statusRow, tabParts, tooSmallRow } from "./frame-rows.ts";

export function FrameView(props: {
  readonly app: App;
  readonly columns: number;
  readonly rows: number;
}): ReactElement {
  const { app, columns, rows } = props;
  if (columns < COLUMNS_MIN || rows < ROWS_MIN) {
    return <Text wrap="truncate">{tooSmallRow(columns, rows)}</Text>;
  }
  const frame = app.frame(columns, rows);
  const { front, overlay } = app;
  const look = { columns, theme: frame.theme };
  const tabs = tabParts(front.id, app.screens, look);
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Box height={frame.rows} width={columns}>
        {front.view(frame)}
      </Box>
      <Text wrap="truncate">{hintRow(app.keys, look)}</Text>
      <Text wrap="truncate">{statusRow(tabs, app.status, look)}</Text>
      {overlay === null ? null : (
        <Over lines={overlay.lines(frame)} columns={columns} rows={rows} />
      )}
    </Box>
  );
}

function Over(props: {
  readonly lines: readonly string[];
  readonly columns: number;
  readonly rows: number;
}): ReactElement {
  const { lines, columns, rows } = props;
  const left = Math.max(0, Math.floor((columns - widthOf(lines[0] ?? "")) / 2));
  const top = Math.max(0, Math.floor((rows - lines.length) / 2));
  return (
    <Box position="absolute" marginLeft={left} marginTop={top}>
      <Text>{lines.join("\n")}</Text>
    </Box>
  );
}
