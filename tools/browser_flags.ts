// How Chromium is started for tests: without a window, and told to call nobody.

export const browserFlags: string[] = [
  '--no-sandbox',
  '--headless',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];
