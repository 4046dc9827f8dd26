package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.EventFields;
import java.util.Arrays;

/** Runs events through partitions, one after the other. Belongs to one thread. */
final class Evaluation implements Found {
  private final EventFields<Partition> event;
  private final Scratch scratch;
  private int number;
  private Partition partition =
      new Partition(
          new int[0],
          new int[0][],
          new FieldTest[0],
          new boolean[0],
          new int[0],
          new FieldIndex[0],
          null);

  // By test of the partition: the event that it was last answered for, and the answer.
  private int[] answeredFor = new int[1024];
  private boolean[] answers = new boolean[1024];

  // By rule of the partition: the event that it was last a candidate for.
  private int[] candidateFor = new int[1024];
  private int[] candidates = new int[1024];
  private int candidateCount;

  private int[] fired = new int[64];
  private int firedCount;

  /** Rules of the event that only the reference can evaluate. */
  private int[] undecided = new int[16];

  private int undecidedCount;

  Evaluation(EventFields<Partition> event, int regexes) {
    this.event = event;
    this.scratch = new Scratch(regexes);
  }

  /** Evaluates the event that was read last. */
  void run(Partition next) {
    begin(next);
    for (FieldIndex field : next.fields()) {
      field.find(event, scratch, this);
    }
    KeywordIndex keywords = next.keywords();
    if (keywords != null) {
      keywords.find(event, scratch.hits, this);
    }
    for (int rule : next.always()) {
      add(rule);
    }
    for (int i = 0; i < candidateCount; i++) {
      evaluate(candidates[i]);
    }
    Arrays.sort(fired, 0, firedCount);
  }

  private void begin(Partition next) {
    partition = next;
    candidateCount = 0;
    firedCount = 0;
    undecidedCount = 0;
    if (++number == Integer.MAX_VALUE) {
      number = 1;
      Arrays.fill(answeredFor, 0);
      Arrays.fill(candidateFor, 0);
    }
    if (answeredFor.length < next.tests().length) {
      answeredFor = new int[next.tests().length * 2];
      answers = new boolean[answeredFor.length];
    }
    if (candidateFor.length < next.rules().length) {
      candidateFor = new int[next.rules().length * 2];
      candidates = new int[candidateFor.length];
    }
  }

  @Override
  public void hits(Entries entries, int[] found, int from, int count) {
    for (int i = from; i < from + count; i++) {
      int entry = found[i];
      if (entries.decides[entry]) {
        int test = entries.tests[entry];
        answeredFor[test] = number;
        answers[test] = true;
      }
      for (int rule : entries.rules[entry]) {
        add(rule);
      }
    }
  }

  private void add(int rule) {
    if (candidateFor[rule] != number) {
      candidateFor[rule] = number;
      candidates[candidateCount++] = rule;
    }
  }

  private void evaluate(int rule) {
    int[] program = partition.programs()[rule];
    if (program.length == 0) {
      if (undecidedCount == undecided.length) {
        undecided = Arrays.copyOf(undecided, 2 * undecidedCount);
      }
      undecided[undecidedCount++] = partition.rules()[rule];
      return;
    }
    int at = program[program.length - 1];
    while (at >= 0) {
      at = program[holds(program[at]) ? at + 1 : at + 2];
    }
    if (at == Branches.TRUE) {
      fire(partition.rules()[rule]);
    }
  }

  private void fire(int rule) {
    if (firedCount == fired.length) {
      fired = Arrays.copyOf(fired, 2 * firedCount);
    }
    fired[firedCount++] = rule;
  }

  private boolean holds(int test) {
    if (answeredFor[test] == number) {
      return answers[test];
    }
    if (partition.decided()[test]) {
      return false;
    }
    boolean answer = partition.tests()[test].holds(event, scratch);
    answeredFor[test] = number;
    answers[test] = answer;
    return answer;
  }

  /** Rules whose conditions were tried on the event. */
  int candidateCount() {
    return candidateCount;
  }

  int firedCount() {
    return firedCount;
  }

  /** In ascending order. */
  int fired(int index) {
    return fired[index];
  }

  int undecidedCount() {
    return undecidedCount;
  }

  int undecided(int index) {
    return undecided[index];
  }
}
