/** What makes a figure ready for a paper is fetched when it is first asked for. */

import type { Prepare } from "../page/results-view.ts";

export const prepareFigure: Prepare = (...figure) =>
  void import("../paper/dialog.ts").then(({ openPaperDialog }) => openPaperDialog(...figure));
