package dev.tidewatch.match.regex;

import dev.tidewatch.match.regex.RegexNode.At;
import dev.tidewatch.match.regex.RegexNode.Choice;
import dev.tidewatch.match.regex.RegexNode.OneOf;
import dev.tidewatch.match.regex.RegexNode.Place;
import dev.tidewatch.match.regex.RegexNode.Repeat;
import dev.tidewatch.match.regex.RegexNode.Sequence;
import java.util.ArrayList;
import java.util.List;

/**
 * A Thompson NFA: instructions by number, 0 is the match. Made from the end: each part is compiled
 * with what comes after it.
 */
final class Program {
  private static final int MAX_INSTRUCTIONS = 4_000;

  /** An instruction. */
  sealed interface Step {}

  /** The text matches. */
  record Match() implements Step {}

  /** A character of the set, then on. */
  record Take(AsciiSet set, int next) implements Step {}

  /** Both ways. */
  record Split(int one, int other) implements Step {}

  /** On if the place is right. */
  record Check(Place place, int next) implements Step {}

  private final List<Step> steps = new ArrayList<>();
  private int start;

  private Program() {}

  static Program of(RegexNode node) throws UnknownSyntaxException {
    Program program = new Program();
    program.steps.add(new Match());
    program.start = program.compile(node, 0);
    return program;
  }

  int start() {
    return start;
  }

  int size() {
    return steps.size();
  }

  Step step(int index) {
    return steps.get(index);
  }

  private int add(Step step) throws UnknownSyntaxException {
    if (steps.size() >= MAX_INSTRUCTIONS) {
      throw new UnknownSyntaxException("large");
    }
    steps.add(step);
    return steps.size() - 1;
  }

  private int compile(RegexNode node, int next) throws UnknownSyntaxException {
    if (node instanceof OneOf one) {
      return add(new Take(one.set(), next));
    }
    if (node instanceof At at) {
      return add(new Check(at.place(), next));
    }
    if (node instanceof Sequence sequence) {
      int then = next;
      for (int i = sequence.parts().size() - 1; i >= 0; i--) {
        then = compile(sequence.parts().get(i), then);
      }
      return then;
    }
    if (node instanceof Choice choice) {
      int any = compile(choice.parts().get(choice.parts().size() - 1), next);
      for (int i = choice.parts().size() - 2; i >= 0; i--) {
        any = add(new Split(compile(choice.parts().get(i), next), any));
      }
      return any;
    }
    return repeat((Repeat) node, next);
  }

  private int repeat(Repeat repeat, int next) throws UnknownSyntaxException {
    int then = next;
    if (repeat.most() < 0) {
      int loop = add(new Split(next, next));
      steps.set(loop, new Split(compile(repeat.part(), loop), next));
      then = loop;
    } else {
      for (int i = repeat.least(); i < repeat.most(); i++) {
        then = add(new Split(compile(repeat.part(), then), next));
      }
    }
    for (int i = 0; i < repeat.least(); i++) {
      then = compile(repeat.part(), then);
    }
    return then;
  }
}
