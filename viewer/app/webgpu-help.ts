/** What to do where there is no WebGPU: it depends on the browser. */

import { element } from "../page/element.ts";

interface Advice {
  browser: string;
  /** Recognises the browser in its user agent string. */
  agent: RegExp;
  text: string;
}

/** In the order in which user agent strings must be tried: Edge and Chrome call themselves Safari too. */
const advice: readonly Advice[] = [
  {
    browser: "Firefox",
    agent: /Firefox\//,
    text: "from version 141 on Windows and 145 on Macs with Apple silicon; elsewhere use Firefox Nightly, or set dom.webgpu.enabled in about:config.",
  },
  {
    browser: "Chrome and Edge",
    agent: /Chrom(e|ium)\//,
    text: "from version 113 on Windows, macOS and ChromeOS, 121 on Android. On Linux start it with --enable-unsafe-webgpu --enable-features=Vulkan. If chrome://gpu says that WebGPU is disabled, turn on graphics acceleration in the settings.",
  },
  {
    browser: "Safari",
    agent: /Safari\//,
    text: "from version 26. Before that, turn on WebGPU under Settings, Feature Flags.",
  },
];

/** @param problem what went wrong, a sentence */
export function webgpuHelp(problem: string): HTMLElement {
  const here = advice.find(({ agent }) => agent.test(navigator.userAgent));
  const ordered = here ? [here, ...advice.filter((other) => other !== here)] : advice;
  return element(
    "section",
    { class: "warnings", role: "alert" },
    element("p", {}, problem),
    ...(isSecureContext
      ? []
      : [
          element(
            "p",
            {},
            "Browsers offer WebGPU to https pages and to 127.0.0.1 only; open this page there.",
          ),
        ]),
    element(
      "ul",
      {},
      ...ordered.map(({ browser, text }) => element("li", {}, element("strong", {}, browser), `: ${text}`)),
    ),
    element(
      "p",
      {},
      "Results can be looked at without it, and `npx alphasweep run` brings a browser of its own that has it, on the processor if need be.",
    ),
  );
}
