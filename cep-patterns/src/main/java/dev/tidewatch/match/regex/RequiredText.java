package dev.tidewatch.match.regex;

import dev.tidewatch.match.regex.RegexNode.Choice;
import dev.tidewatch.match.regex.RegexNode.OneOf;
import dev.tidewatch.match.regex.RegexNode.Repeat;
import dev.tidewatch.match.regex.RegexNode.Sequence;
import java.util.ArrayList;
import java.util.List;

/** Text without which an expression cannot match, in small letters. */
final class RequiredText {
  private static final int MAX_ALTERNATIVES = 24;

  /** The longest of a sequence's runs so far, and the run that is being read. */
  private final StringBuilder run = new StringBuilder();

  private List<String> best = List.of();

  private RequiredText() {}

  /** One of these is in every text that matches; empty: nothing is known. */
  static List<String> of(RegexNode node) {
    RequiredText required = new RequiredText();
    required.read(node);
    required.endRun();
    return required.best;
  }

  private void read(RegexNode node) {
    if (node instanceof OneOf one && one.set().single() >= 0) {
      run.append((char) one.set().single());
    } else if (node instanceof Sequence sequence) {
      sequence.parts().forEach(this::read);
    } else if (node instanceof Repeat repeat && repeat.least() > 0) {
      read(repeat.part());
      endRun();
      // What is repeated may stand once more before what follows.
      offer(of(repeat.part()));
    } else if (!(node instanceof RegexNode.At)) {
      endRun();
      if (node instanceof Choice choice) {
        offer(anyOf(choice));
      }
    }
  }

  private static List<String> anyOf(Choice choice) {
    List<String> all = new ArrayList<>();
    for (RegexNode part : choice.parts()) {
      List<String> one = of(part);
      if (one.isEmpty() || all.size() + one.size() > MAX_ALTERNATIVES) {
        return List.of();
      }
      all.addAll(one);
    }
    return all;
  }

  private void endRun() {
    if (!run.isEmpty()) {
      offer(List.of(run.toString()));
      run.setLength(0);
    }
  }

  private void offer(List<String> found) {
    if (worth(found) > worth(best)) {
      best = List.copyOf(found);
    }
  }

  /** The shortest alternative decides; many of them cost a little. */
  private static double worth(List<String> texts) {
    int shortest = texts.stream().mapToInt(String::length).min().orElse(0);
    return texts.isEmpty() ? 0 : shortest + 1 - texts.size() / 100.0;
  }
}
