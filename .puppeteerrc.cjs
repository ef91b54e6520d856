// Browsers are installed by the command on first use (src/cli/browser.ts), never by an install script.
module.exports = { skipDownload: true };
