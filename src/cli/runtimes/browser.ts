/** Finds a Chrome, or installs one. */

import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import type { InstalledBrowser } from "@puppeteer/browsers";
import { homeFolder, isWritable } from "../process/cache-folder.ts";
import { complaintOf } from "../process/complaint.ts";
import { BrowserError, explain } from "../process/failure.ts";
import { packageRoot } from "../process/package-root.ts";

/** Prints one line to the user. */
export type Say = (line: string) => void;

const environmentVariable = "PUPPETEER_EXECUTABLE_PATH";
/** Until the download's host has answered. */
const answerMilliseconds = 8_000;
/** Without a byte of the download. */
const stallMilliseconds = 30_000;
const downloadMilliseconds = 15 * 60_000;

/**
 * Paths of Chrome or Chromium, at least one, in the order to try: those that are there, else one that this installs, saying
 * what it does.
 *
 * @throws BrowserError, one line that says what to do
 */
export async function ensureBrowsers(say: Say = (line) => console.error(line)): Promise<string[]> {
  const found = await findBrowsers();
  if (found.length > 0) return found;
  const problems: string[] = [];
  for (const install of [installDownload, installPackage]) {
    try {
      return [await install(say)];
    } catch (error) {
      problems.push(explain(error));
    }
  }
  throw new BrowserError(
    `no Chrome was found and none could be installed (${problems.join("; ")}): ` +
      `install Google Chrome or Chromium, or set ${environmentVariable} to the path of one`,
  );
}

/** The first of them. */
export const ensureBrowser = async (say?: Say): Promise<string> => (await ensureBrowsers(say))[0];

/**
 * Paths of the browsers that are installed; of the one that the environment names alone.
 *
 * @throws BrowserError when that is none
 */
export async function findBrowsers(): Promise<string[]> {
  const named = process.env[environmentVariable];
  if (named) {
    if (isProgram(named)) return [resolve(named)];
    throw new BrowserError(
      `${environmentVariable} is ${JSON.stringify(named)}, which is ${isFolder(named) ? "a folder" : "no program"}; ` +
        `set it to the path of a Chrome${inBundle(named)}, or unset it`,
    );
  }
  const seen = new Set<string>();
  return [...(await findDownloads()), ...(await findInstalled())].filter((path) => {
    const isNew = !seen.has(realpathSync(path));
    seen.add(realpathSync(path));
    return isNew;
  });
}

/** A Mac's application is a folder, with the program in it. */
function inBundle(path: string): string {
  const program = join(path, "Contents", "MacOS", basename(path, ".app"));
  return isProgram(program) ? `, as ${JSON.stringify(program)}` : "";
}

/** Where puppeteer looks for its downloads, and a place of the package's own where that cannot be written. */
function downloadFolders(): string[] {
  const home = homeFolder();
  const usual = process.env.PUPPETEER_CACHE_DIR || (home && join(home, ".cache", "puppeteer"));
  return [...(usual ? [usual] : []), join(packageRoot, "node_modules", ".cache", "puppeteer")];
}

/** Puppeteer's downloads of Chrome, the newest first. */
async function findDownloads(): Promise<string[]> {
  const { Browser, getInstalledBrowsers, getVersionComparator } = await import("@puppeteer/browsers");
  const compare = getVersionComparator(Browser.CHROME);
  const listed = await Promise.all(
    downloadFolders().map((cacheDir) =>
      // A folder that may not be read, or whose list is damaged, holds none.
      getInstalledBrowsers({ cacheDir }).catch((): InstalledBrowser[] => []),
    ),
  );
  return listed
    .flat()
    .filter(({ browser, executablePath }) => browser === Browser.CHROME && isProgram(executablePath))
    .sort((a, b) => compare(b.buildId, a.buildId))
    .map(({ executablePath }) => executablePath);
}

async function findInstalled(): Promise<string[]> {
  const { Browser, ChromeReleaseChannel, computeSystemExecutablePath } = await import("@puppeteer/browsers");
  const { STABLE, BETA, DEV } = ChromeReleaseChannel;
  const channels = [STABLE, BETA, DEV].flatMap((channel) => {
    try {
      return computeSystemExecutablePath({ browser: Browser.CHROME, channel });
    } catch {
      // It throws where there is none.
      return [];
    }
  });
  return [...channels, ...candidates()].filter(isProgram);
}

/** Where puppeteer does not look: Chromium, and anything in the PATH. */
function candidates(): string[] {
  if (process.platform === "darwin")
    return [
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      join(homeFolder() ?? "/", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ];
  if (process.platform === "win32")
    return [process.env.LOCALAPPDATA, process.env.PROGRAMFILES]
      .filter((folder) => folder !== undefined)
      .map((folder) => join(folder, "Chromium", "Application", "chrome.exe"));
  const names = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "chrome"];
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  return names.flatMap((name) => folders.filter(Boolean).map((folder) => resolve(folder, name)));
}

/** A folder may be "executed", too. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/** Puppeteer's download of the Chrome it is made for. */
async function installDownload(say: Say): Promise<string> {
  const { Browser, canDownload, detectBrowserPlatform, install, uninstall } =
    await import("@puppeteer/browsers");
  // Exported, but left out of puppeteer's types.
  const { PUPPETEER_REVISIONS: revisions } = (await import("puppeteer-core")) as unknown as {
    PUPPETEER_REVISIONS: { chrome: string };
  };
  const platform = detectBrowserPlatform();
  if (!platform) throw new Error("there is no download for this system");
  const folders = downloadFolders();
  const cacheDir = folders.find(isWritable);
  if (cacheDir === undefined) throw new Error(`a download cannot be kept in ${folders.join(" or ")}`);
  const wanted = {
    browser: Browser.CHROME,
    buildId: revisions.chrome,
    platform,
    cacheDir,
    ...(process.env.PUPPETEER_CHROME_DOWNLOAD_BASE_URL && {
      baseUrl: process.env.PUPPETEER_CHROME_DOWNLOAD_BASE_URL,
    }),
  };
  say(`no Chrome found; looking for a download of Chrome ${wanted.buildId}`);
  const answers = await within(answerMilliseconds, canDownload(wanted)).catch(() => false);
  if (!answers) throw new Error("its download host cannot be reached");

  say(`downloading Chrome ${wanted.buildId} into ${wanted.cacheDir}`);
  let advancedAt = Date.now();
  let toldPercent = 0;
  const stall = watchStall(() => advancedAt);
  const download = install({
    ...wanted,
    downloadProgressCallback: (bytes, total) => {
      advancedAt = Date.now();
      const percent = total > 0 ? Math.floor((bytes / total) * 4) * 25 : 0;
      if (percent > toldPercent) say(`${(toldPercent = percent)} % of ${Math.round(total / 2 ** 20)} MB`);
    },
  });
  const { executablePath } = await Promise.race([
    within(downloadMilliseconds, download),
    stall.failure,
  ]).finally(stall.stop);
  const problem = missingLibraries(executablePath);
  if (problem) {
    // Left in place, it would be found and fail the next time.
    await uninstall(wanted);
    throw new Error(`Chrome was downloaded but does not start: ${problem}`);
  }
  return executablePath;
}

function watchStall(advancedAt: () => number): { failure: Promise<never>; stop: () => void } {
  let stop = (): void => {};
  const failure = new Promise<never>((_, reject) => {
    const timer = setInterval(() => {
      if (Date.now() - advancedAt() > stallMilliseconds) reject(new Error("its download has stalled"));
    }, 1000);
    stop = () => clearInterval(timer);
  });
  return { failure, stop };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("its download takes too long")), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** On a bare Linux the download lacks system libraries; elsewhere asking would open a window. */
function missingLibraries(executable: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  const { status, stderr, error } = spawnSync(executable, ["--version"], {
    encoding: "utf8",
    timeout: 30_000,
  });
  if (status === 0) return undefined;
  return complaintOf(executable, stderr ?? "")?.text ?? error?.message ?? "it does not run";
}

/** Debian's package, with a font: without one, text in pages is blank. */
async function installPackage(say: Say): Promise<string> {
  if (process.platform !== "linux" || !isDebian()) throw new Error("this is not Debian");
  if (process.getuid?.() !== 0) throw new Error('not root: run "apt-get install chromium" as root');
  say("installing the Debian package chromium with apt-get");
  await run("apt-get", ["update", ...waitForLock]);
  await run("apt-get", [
    "install",
    "-y",
    "--no-install-recommends",
    ...waitForLock,
    "chromium",
    "fonts-dejavu-core",
  ]);
  const [found] = await findInstalled();
  if (!found) throw new Error("the package chromium brought no browser");
  say(`installed ${found}`);
  return found;
}

/** Another apt-get may be at work. */
const waitForLock = ["-o", "DPkg::Lock::Timeout=300"];

/** Ubuntu's chromium package is only a pointer to a snap. */
function isDebian(): boolean {
  if (!existsSync("/etc/debian_version") || !existsSync("/etc/os-release")) return false;
  return !/^ID(_LIKE)?=.*ubuntu/m.test(readFileSync("/etc/os-release", "utf8"));
}

function run(program: string, parameters: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    let told = "";
    child.stderr.on("data", (bytes: Buffer) => (told = (told + bytes.toString()).slice(-4000)));
    child.on("error", reject);
    child.on("close", (code) => {
      const last = told.trim().split("\n").at(-1);
      if (code === 0) resolve();
      else reject(new Error(`${program} ${parameters[0]} failed: ${last || `exit code ${code}`}`));
    });
  });
}
