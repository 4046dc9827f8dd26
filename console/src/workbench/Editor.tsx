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
import { plain } from "../text/defang";
import { completeRule } from "./completion";
import { fixOf, wordAt } from "./fixes";

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
  /** Puts what the remedy names into the place of the word that is wrong. */
  fix(diagnostic: RuleDiagnostic): void;
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
      fix: (diagnostic) => {
        apply(made, diagnostic);
        made.focus();
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
        { key: "Alt-Enter", run: (view) => fixNearest(view, latest.current.diagnostics) },
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

/** The word that the compiler points at. */
function place(state: EditorState, diagnostic: RuleDiagnostic): { from: number; to: number } {
  const line = state.doc.line(Math.min(Math.max(1, diagnostic.line), state.doc.lines));
  const [from, to] = wordAt(line.text, diagnostic.column);
  return { from: line.from + from, to: line.from + to };
}

function marks(state: EditorState, diagnostics: readonly RuleDiagnostic[]): Diagnostic[] {
  return diagnostics.map((each) => {
    const { from, to } = place(state, each);
    const fix = fixOf(each);
    return {
      from,
      to: Math.min(state.doc.length, Math.max(to, from + 1)),
      severity: each.severity === "error" ? "error" : each.severity === "warning" ? "warning" : "hint",
      message: [each.message, each.remedy].filter(Boolean).join(". "),
      source: each.code,
      ...(fix !== null
        ? { actions: [{ name: `Use ${plain(fix)}`, apply: (view) => apply(view, each) }] }
        : {}),
    };
  });
}

/** False where the remedy takes a person. */
function apply(view: EditorView, diagnostic: RuleDiagnostic): boolean {
  const fix = fixOf(diagnostic);
  if (fix === null) return false;
  const { from, to } = place(view.state, diagnostic);
  view.dispatch({ changes: { from, to, insert: fix }, selection: { anchor: from + fix.length } });
  return true;
}

/** Mends what stands on the cursor's line, else the next below it, else the first. */
function fixNearest(view: EditorView, diagnostics: readonly RuleDiagnostic[]): boolean {
  const line = view.state.doc.lineAt(view.state.selection.main.head).number;
  const mendable = diagnostics.filter((each) => fixOf(each) !== null);
  const next =
    mendable.find((each) => each.line === line) ?? mendable.find((each) => each.line > line) ?? mendable[0];
  return next !== undefined && apply(view, next);
}

function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}
