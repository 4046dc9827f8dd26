package dev.tidewatch.match.regex;

import dev.tidewatch.match.regex.RegexNode.Place;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * A deterministic automaton over an NFA, built where texts lead. A state is the set of instructions
 * that wait for the next character, and what kind of character was the last one; places between
 * characters are decided when the next one is known. Reaching the budget of states empties the
 * table; an expression that does so again and again {@link #isThrashing}, and is better left to
 * RE2/J. Belongs to one thread.
 */
public final class LazyDfa {
  private static final int MAX_STATES = 512;
  private static final int MAX_FLUSHES = 16;

  private static final int MATCHED = -1;
  private static final int START = 1;

  // Kinds of characters, as far as places care.
  private static final int EDGE = 0;
  private static final int NEWLINE = 1;
  private static final int WORD = 2;
  private static final int OTHER = 3;

  private final Program program;
  private final byte[] classes = new byte[128];
  private final int[] samples;
  private final int classCount;

  /** By state and class: 0 unknown, {@link #MATCHED}, or the next state. */
  private int[] table;

  /** By state: 0 unknown, 1 the text matches if it ends here, 2 it does not. */
  private byte[] ends;

  private BitSet[] sets;
  private int[] kinds;
  private int states;
  private final Map<State, Integer> known = new HashMap<>();
  private int flushes;

  private record State(BitSet set, int kind) {}

  LazyDfa(Program program) {
    this.program = program;
    this.samples = classify();
    this.classCount = samples.length;
    this.table = new int[16 * classCount];
    this.ends = new byte[16];
    this.sets = new BitSet[16];
    this.kinds = new int[16];
    flush();
    flushes = 0;
  }

  /** Characters that no instruction and no place tells apart share a class. */
  private int[] classify() {
    Map<BitSet, Integer> found = new HashMap<>();
    int[] samples = new int[128];
    for (int c = 0; c < 128; c++) {
      BitSet signature = new BitSet();
      for (int i = 0; i < program.size(); i++) {
        if (program.step(i) instanceof Program.Take take && take.set().has(c)) {
          signature.set(i);
        }
      }
      signature.set(program.size() + kind(c));
      int next = found.size();
      int index = found.computeIfAbsent(signature, s -> next);
      classes[c] = (byte) index;
      samples[index] = c;
    }
    return Arrays.copyOf(samples, found.size());
  }

  private static int kind(int c) {
    return c == '\n' ? NEWLINE : AsciiSet.WORD.has(c) ? WORD : OTHER;
  }

  private void flush() {
    flushes++;
    known.clear();
    Arrays.fill(table, 0);
    Arrays.fill(ends, (byte) 0);
    states = START;
    BitSet start = new BitSet();
    start.set(program.start());
    state(start, EDGE);
  }

  /** The budget was reached so often that this costs more than it saves. */
  public boolean isThrashing() {
    return flushes > MAX_FLUSHES;
  }

  /** Whether the expression matches somewhere in a text of ASCII. */
  public boolean find(byte[] bytes, int at, int length) {
    int state = START;
    int end = at + length;
    for (int i = at; i < end; i++) {
      int next = table[state * classCount + classes[bytes[i]]];
      if (next <= 0) {
        next = next == 0 ? step(state, classes[bytes[i]]) : next;
        if (next == MATCHED) {
          return true;
        }
      }
      state = next;
    }
    if (ends[state] == 0) {
      ends[state] = (byte) (closure(sets[state], kinds[state], EDGE).get(0) ? 1 : 2);
    }
    return ends[state] == 1;
  }

  private int step(int from, int byClass) {
    int c = samples[byClass];
    int kind = kind(c);
    BitSet now = closure(sets[from], kinds[from], kind);
    int next = MATCHED;
    if (!now.get(0)) {
      BitSet after = new BitSet();
      for (int i = now.nextSetBit(0); i >= 0; i = now.nextSetBit(i + 1)) {
        if (program.step(i) instanceof Program.Take take && take.set().has(c)) {
          after.set(take.next());
        }
      }
      after.set(program.start());
      int before = flushes;
      next = state(after, kind);
      if (flushes != before) {
        // The state that led here is gone.
        return next;
      }
    }
    table[from * classCount + byClass] = next;
    return next;
  }

  /** The state's number; the table is emptied first if it is full. */
  private int state(BitSet set, int kind) {
    State key = new State(set, kind);
    Integer found = known.get(key);
    if (found != null) {
      return found;
    }
    if (states > MAX_STATES) {
      flush();
    }
    int made = states++;
    if (made == ends.length) {
      ends = Arrays.copyOf(ends, 2 * made);
      sets = Arrays.copyOf(sets, 2 * made);
      kinds = Arrays.copyOf(kinds, 2 * made);
      table = Arrays.copyOf(table, 2 * made * classCount);
    }
    sets[made] = set;
    kinds[made] = kind;
    known.put(key, made);
    return made;
  }

  /** Instructions reached without taking a character, between characters of two kinds. */
  private BitSet closure(BitSet from, int before, int after) {
    BitSet reached = new BitSet();
    int[] stack = new int[program.size() * 2 + from.cardinality()];
    int depth = 0;
    for (int i = from.nextSetBit(0); i >= 0; i = from.nextSetBit(i + 1)) {
      stack[depth++] = i;
    }
    while (depth > 0) {
      int i = stack[--depth];
      if (reached.get(i)) {
        continue;
      }
      reached.set(i);
      if (program.step(i) instanceof Program.Split split) {
        stack[depth++] = split.one();
        stack[depth++] = split.other();
      } else if (program.step(i) instanceof Program.Check check
          && holds(check.place(), before, after)) {
        stack[depth++] = check.next();
      }
    }
    return reached;
  }

  private static boolean holds(Place place, int before, int after) {
    return switch (place) {
      case TEXT_START -> before == EDGE;
      case TEXT_END -> after == EDGE;
      case LINE_START -> before == EDGE || before == NEWLINE;
      case LINE_END -> after == EDGE || after == NEWLINE;
      case WORD_EDGE -> (before == WORD) != (after == WORD);
      case NO_WORD_EDGE -> (before == WORD) == (after == WORD);
    };
  }
}
