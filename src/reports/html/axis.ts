/** How a label at `position` percent of an axis is set: centred, but inside the drawing at its ends. */
export function anchorAt(position: number): 'start' | 'middle' | 'end' {
  if (position < 2) return 'start';
  return position > 98 ? 'end' : 'middle';
}

/** A coordinate or length as a percentage, so that a drawing fits any width. */
export function percent(share: number): string {
  return `${share.toFixed(2)}%`;
}
