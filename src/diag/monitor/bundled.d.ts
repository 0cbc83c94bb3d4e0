// What an import with `?bundled` gives (tools/bundled_text.mjs): the text of a script or style sheet.
declare module '*?bundled' {
  const text: string;
  export default text;
}
