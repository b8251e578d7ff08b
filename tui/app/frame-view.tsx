/** What Ink lays out of a frame: the screen in front, in slots for lines. */
import { Box } from "ink";
import type { ReactElement } from "react";
import { type Slots, SlotsContext } from "../components/lines.tsx";
import type { Frame, Screen } from "../screens/screen.ts";

export function FrameView(props: {
  readonly screen: Screen;
  readonly frame: Frame;
  readonly slots: Slots;
}): ReactElement {
  const { screen, frame, slots } = props;
  slots.clear();
  return (
    <SlotsContext.Provider value={slots}>
      <Box height={frame.rows} width={frame.columns}>
        {screen.view(frame)}
      </Box>
    </SlotsContext.Provider>
  );
}
