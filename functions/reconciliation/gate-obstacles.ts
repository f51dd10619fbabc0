/**
 * What keeps a day from being settled.
 *
 * | obstacle | goes away with |
 * | --- | --- |
 * | `open_differences` | their resolution, or a corrected file |
 * | `kept_resolutions` | a version that finds the money there: the statement speaks against what was resolved |
 * | `outdated_comparison` | the next version, which begins by itself: a payment was corrected while this one was at work |
 * | `line_errors`, `control_mismatch` | a corrected file |
 * | `day_not_over` | the whole file, or this one worked on again once the day is over |
 */
export const gateObstacles = [
  'open_differences',
  'kept_resolutions',
  'outdated_comparison',
  'line_errors',
  'control_mismatch',
  'day_not_over',
] as const;

export type GateObstacle = (typeof gateObstacles)[number];
