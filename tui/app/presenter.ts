/** Shows the application to somebody: as frames for the eye or as lines for the ear. */
export interface Presenter {
  /** Shows what is so now. */
  draw(): void;
  close(): void;
}
