/*! CodeMirror and Lezer: MIT License. Copyright (C) 2018-2024 by Marijn Haverbeke and others.
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and
this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED
"AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE. */
// What is CodeMirror's: how code looks, what keys do, and a file's text exactly as it is.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const LANGUAGES = {
  py: python,
  html,
  j2: html,
  xml: html,
  svg: html,
  css,
  js: javascript,
  mjs: javascript,
  json,
  md: markdown,
};

// Colours are the page's own, by their names there, so that light and dark are chosen in one place.
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.tagName], color: "var(--code-word)" },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-value)" },
  {
    tag: [tags.definition(tags.variableName), tags.function(tags.variableName), tags.className],
    color: "var(--code-name)",
  },
  { tag: [tags.attributeName, tags.propertyName, tags.meta], color: "var(--code-part)" },
  { tag: [tags.comment, tags.documentMeta], color: "var(--quiet)", fontStyle: "italic" },
  { tag: tags.heading, fontWeight: "bold" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strong, fontWeight: "bold" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--sheet)" },
  // The page draws it around the whole, which gutters would cover here.
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: ".875rem/1.5 ui-monospace, 'DejaVu Sans Mono', monospace", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--paper)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  ".cm-content ::selection, .cm-content::selection": { backgroundColor: "var(--code-chosen)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-chosen)", outline: "1px solid var(--quiet)" },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--part-paper)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--code-chosen)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--paper)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: ".4rem .6rem" },
  ".cm-panel.cm-search label": { fontSize: ".85rem" },
  ".cm-panel.cm-search [name=close]": { fontSize: "1.2rem", color: "inherit" },
  ".cm-textfield": { color: "inherit", backgroundColor: "var(--sheet)", border: "1px solid var(--quiet)" },
  ".cm-textfield, .cm-button": { fontSize: ".85rem" },
  ".cm-button": { color: "var(--accent)", background: "var(--sheet)", border: "1px solid var(--line)" },
  ":is(.cm-button, .cm-textfield, [name=close]):focus-visible": { outline: ".15rem solid var(--accent)" },
  "&.cm-merge-b .cm-changedLine": { backgroundColor: "var(--good-paper)" },
  "&.cm-merge-b .cm-changedText": { background: "none", textDecoration: "underline", textUnderlineOffset: ".2em" },
  ".cm-deletedChunk": { backgroundColor: "var(--bad-paper)" },
  ".cm-deletedChunk .cm-deletedText": { background: "none" },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--good)" },
  ".cm-deletedLineGutter": { background: "var(--bad)" },
});

const comparison = new Compartment();

// A text is taken apart at one kind of line end and put together by it, so that what nobody changed stays as it was, to
// the byte.
function separatorOf(text) {
  return /\r\n/.test(text) && !/(^|[^\r])\n/.test(text) ? "\r\n" : "\n";
}

function indentOf(path, text) {
  if (/^\t/m.test(text)) {
    return "\t";
  }
  return path.endsWith(".py") ? "    " : "  ";
}

/** The state of one file, with its own history. `changed` is called after each change of its text. */
export function stateOf({ path, editable, text }, changed) {
  const separator = separatorOf(text);
  const language = LANGUAGES[path.split(".").pop()];
  const narrow = window.matchMedia("(max-width: 60rem)").matches;
  return EditorState.create({
    doc: EditorState.create({ extensions: EditorState.lineSeparator.of(separator) }).toText(text),
    extensions: [
      EditorState.lineSeparator.of(separator),
      EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?|\n/g, separator)),
      EditorState.readOnly.of(!editable),
      // A tabindex, though it takes the focus anyway: whoever checks a part that scrolls looks for one in it.
      EditorView.contentAttributes.of({ "aria-label": editable ? path : `${path}, read-only`, tabindex: "0" }),
      indentUnit.of(indentOf(path, text)),
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      search({ top: true }),
      syntaxHighlighting(COLOURS),
      language ? language() : [],
      narrow ? EditorView.lineWrapping : [],
      comparison.of([]),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap]),
      // Where nothing can be written, Tab goes on as everywhere.
      editable ? keymap.of([indentWithTab]) : [],
      LOOK,
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          changed();
        }
      }),
    ],
  });
}

/** An editor in the element. Its styles are a sheet that no tag brings, which a strict policy lets in. */
export function openEditor(element) {
  const root = element.attachShadow({ mode: "open" });
  return new EditorView({ root, parent: root });
}

/** Show the lines that are not as in `original`, or no more where it is null. */
export function compare(view, original) {
  const options = { original, mergeControls: false, syntaxHighlightDeletions: false };
  view.dispatch({ effects: comparison.reconfigure(original === null ? [] : unifiedMergeView(options)) });
}

/** Put a whole text in the place of what is there, as one step of the history. */
export function replaceAll(view, text) {
  const changes = { from: 0, to: view.state.doc.length, insert: view.state.toText(text) };
  view.dispatch({ changes, selection: { anchor: 0 } });
}

/** Open the search in the file. */
export function searchIn(view) {
  openSearchPanel(view);
}

/** Put the cursor into a line, from 1, in the middle of what is seen. */
export function goTo(view, number) {
  const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
}
