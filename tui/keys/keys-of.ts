/** The keys that do something on a screen: what help, hints, palette and the documentation show. */
import {
  COMMON_KEYS,
  type KeyBinding,
  SCREEN_KEYS,
  SCREENS,
  type ScreenId,
  SHELL_KEYS,
} from "./key-table.ts";

/** The screen's own keys first, then the common ones that it takes, then the application's. */
export function keysOf(
  screen: { readonly id: ScreenId; readonly actions: object },
  screens: readonly ScreenId[],
): readonly KeyBinding[] {
  const missing = new Set<string>(
    SCREENS.filter((id) => !screens.includes(id)).map((id) => `screen:${id}`),
  );
  return [
    ...SCREEN_KEYS[screen.id],
    ...COMMON_KEYS.filter(({ action }) => action === "back" || action in screen.actions),
    ...SHELL_KEYS.filter(({ action }) => !missing.has(action)),
  ];
}
