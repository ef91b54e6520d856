/** Tiles in a row that stand for values in order: dragging from one to another chooses what lies between them. */

/**
 * @param holder of the tiles, now and later
 * @param tiles selects them in the holder
 * @param brush told the places of the first and the last tile
 */
export function brushTiles(
  holder: HTMLElement,
  tiles: string,
  brush: (first: number, last: number) => void,
): void {
  let from: number | undefined;
  const all = () => [...holder.querySelectorAll(tiles)];
  /** A finger's events stay with the tile that it came down on. */
  const at = ({ clientX, clientY }: PointerEvent) => {
    const tile = document.elementFromPoint(clientX, clientY)?.closest(tiles);
    return tile ? all().indexOf(tile) : -1;
  };
  const show = (first: number, last: number) =>
    all().forEach((tile, k) => tile.classList.toggle("brushed", k >= first && k <= last));
  const ends = (to: number): [number, number] => [Math.min(from!, to), Math.max(from!, to)];
  holder.addEventListener("pointerdown", (event) => {
    const tile = event.button === 0 ? at(event) : -1;
    from = tile < 0 ? undefined : tile;
  });
  holder.addEventListener("pointermove", (event) => {
    const to = from === undefined ? -1 : at(event);
    if (to >= 0 && to !== from) show(...ends(to));
  });
  const finish = (event: PointerEvent) => {
    const to = event.type === "pointerup" && from !== undefined ? at(event) : -1;
    if (from !== undefined) show(1, 0);
    if (to >= 0 && to !== from) brush(...ends(to));
    from = undefined;
  };
  holder.addEventListener("pointerup", finish);
  holder.addEventListener("pointercancel", finish);
  holder.addEventListener("pointerleave", finish);
}
