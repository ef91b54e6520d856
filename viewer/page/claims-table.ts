/** Published claims as a table: what is said, what is expected, what was measured, the verdict. */

import { type ClaimRow, verdictsText } from "../../src/results/claims.ts";
import { formatNumber } from "../figures/format.ts";
import { element } from "./element.ts";

/**
 * @param of what the claims are about
 * @param isOpen whether the table is seen at once, not only its tally
 */
export function claimsTable(claims: readonly ClaimRow[], of: string, isOpen: boolean): HTMLElement {
  return element(
    "details",
    { class: "claims", open: isOpen },
    element("summary", {}, `Claims: ${verdictsText(claims.map(({ verdict }) => verdict))}`),
    element(
      "div",
      { class: "table", tabindex: 0, role: "region", "aria-label": `Claims of ${of}` },
      element(
        "table",
        {},
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            ...["claim", "expected", "measured", "verdict"].map((title) =>
              element("th", { scope: "col" }, title),
            ),
          ),
        ),
        element(
          "tbody",
          {},
          ...claims.flatMap((claim, k) => [
            ...(claim.source === claims[k - 1]?.source ? [] : [sourceRow(claim)]),
            claimRow(claim),
          ]),
        ),
      ),
    ),
  );
}

const sourceRow = ({ source }: ClaimRow): HTMLElement =>
  element("tr", { class: "source" }, element("th", { scope: "colgroup", colspan: 4 }, source));

const claimRow = ({ claim, claimed, expected, measured, verdict }: ClaimRow): HTMLElement =>
  element(
    "tr",
    { "data-verdict": verdict },
    element("td", {}, claim),
    element("td", {}, expected, ...(claimed === expected ? [] : [` (claimed: ${claimed})`])),
    element("td", {}, measured === null ? "not measurable" : formatNumber(measured)),
    element("td", {}, verdict),
  );
