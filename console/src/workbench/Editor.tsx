import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { RuleDiagnostic } from "../api/wire";
import type { Vocabulary } from "../api/workbench";
import { completeRule } from "./completion";

const COLOURS = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: "var(--y-key)" },
  { tag: tags.propertyName, color: "var(--y-key)" },
  { tag: [tags.string, tags.content], color: "var(--y-str)" },
  { tag: tags.comment, color: "var(--y-com)" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--tx2)" },
]);

/** Characters that change what is read: CodeMirror's own set lacks these (console.md §14). */
const INVISIBLE = /[\u202a-\u202c\u2060-\u2064\u2068]|\u200c|\u200d/g;

export interface EditorHandle {
  goTo(line: number, column: number): void;
  nextProblem(): void;
}

interface Props {
  text: string;
  diagnostics: readonly RuleDiagnostic[];
  vocabulary: Vocabulary | undefined;
  onChange(text: string): void;
  onTest(): void;
  onReady(handle: EditorHandle): void;
}

/** The rule's YAML. Esc, then Tab leaves it; Tab alone indents. */
export function Editor(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({ parent: host.current, state: stateOf(latest) });
    view.current = made;
    latest.current.onReady({
      goTo: (line, column) => {
        const at = positionOf(made.state, line, column);
        made.dispatch({ selection: { anchor: at }, scrollIntoView: true });
        made.focus();
      },
      nextProblem: () => {
        made.focus();
        nextDiagnostic(made);
      },
    });
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const made = view.current;
    if (made && props.text !== made.state.doc.toString()) {
      made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: props.text } });
    }
  }, [props.text]);

  useEffect(() => {
    const made = view.current;
    if (made) made.dispatch(setDiagnostics(made.state, marks(made.state, props.diagnostics)));
  }, [props.diagnostics]);

  return <div className="cme" ref={host} />;
}

function stateOf(latest: { current: Props }): EditorState {
  return EditorState.create({
    doc: latest.current.text,
    extensions: [
      EditorView.cspNonce.of(nonce()),
      EditorView.contentAttributes.of({ "aria-label": "Rule, YAML", spellcheck: "false" }),
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSpecialChars({ addSpecialChars: INVISIBLE }),
      bracketMatching(),
      indentUnit.of("  "),
      EditorState.tabSize.of(2),
      yaml(),
      syntaxHighlighting(COLOURS),
      autocompletion({ override: [completeRule(() => latest.current.vocabulary)], icons: false }),
      keymap.of([
        {
          key: "Ctrl-Enter",
          mac: "Cmd-Enter",
          run: () => {
            latest.current.onTest();
            return true;
          },
        },
        ...completionKeymap,
        ...lintKeymap,
        ...historyKeymap,
        ...defaultKeymap,
        indentWithTab,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) latest.current.onChange(update.state.doc.toString());
      }),
    ],
  });
}

function positionOf(state: EditorState, line: number, column: number): number {
  const found = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  return Math.min(found.to, found.from + Math.max(0, column - 1));
}

/** From where the compiler points to the end of that word. */
function marks(state: EditorState, diagnostics: readonly RuleDiagnostic[]): Diagnostic[] {
  return diagnostics.map((each) => {
    const from = positionOf(state, each.line, each.column);
    const rest = state.doc.lineAt(from).text.slice(from - state.doc.lineAt(from).from);
    const length = /^[^\s|:,\]}]+/.exec(rest)?.[0].length ?? 0;
    return {
      from,
      to: Math.min(state.doc.length, from + Math.max(1, length)),
      severity: each.severity === "error" ? "error" : each.severity === "warning" ? "warning" : "hint",
      message: [each.message, each.remedy].filter(Boolean).join(". "),
      source: each.code,
    };
  });
}

function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}
