/** A whole frame: the screen in front, its hints and state below, and what lies over it. */
import { Box, Text } from "ink";
import type { ReactElement } from "react";
import type { App } from "./app.ts";
import { COLUMNS_MIN, hintRow, ROWS_MIN, statusRow, tabParts, tooSmallRow } from "./frame-rows.ts";
import { overlayPlace } from "./overlay-place.ts";

export function FrameView(props: {
  readonly app: App;
  readonly columns: number;
  readonly rows: number;
}): ReactElement {
  const { app, columns, rows } = props;
  const frame = app.frame(columns, rows);
  if (columns < COLUMNS_MIN || rows < ROWS_MIN) {
    return <Text wrap="truncate">{tooSmallRow(columns, rows)}</Text>;
  }
  const { front, overlay } = app;
  const look = { columns, theme: frame.theme };
  const tabs = tabParts(front.id, app.screens, look);
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Box height={frame.rows} width={columns} overflow="hidden">
        {front.view(frame)}
      </Box>
      <Text wrap="truncate">{hintRow(front.id, app.keys, look)}</Text>
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
  const { left, top } = overlayPlace(lines, columns, rows);
  return (
    <Box position="absolute" marginLeft={left} marginTop={top}>
      <Text>{lines.join("\n")}</Text>
    </Box>
  );
}
