package dev.tidewatch.sigma.parse;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how large a regular expression becomes once its counted repetitions are written out,
 * before the engine is asked to do so: {@code ((a{1000}){1000}){1000}} is 20 characters and a
 * billion instructions. Never too small by more than a constant factor.
 */
final class RegexSize {
  /** Beyond it {@link #of} stops counting. */
  static final long TOO_LARGE = 200_000;

  /** Groups deeper than this are too large too: engines recurse over them. */
  private static final int MAX_DEPTH = 250;

  private final String regex;
  private final Deque<Long> outer = new ArrayDeque<>();
  private long group;
  private long atom;
  private int at;

  private RegexSize(String regex) {
    this.regex = regex;
  }

  /** Instructions, or {@link #TOO_LARGE}. */
  static long of(String regex) {
    return new RegexSize(regex).measure();
  }

  private long measure() {
    while (at < regex.length()) {
      char c = regex.charAt(at++);
      switch (c) {
        case '\\' -> {
          at++;
          begin(1);
        }
        case '[' -> skipClass();
        case '(' -> open();
        case ')' -> close();
        case '{' -> repeat();
        default -> begin(1);
      }
      if (group + atom >= TOO_LARGE || outer.size() > MAX_DEPTH) {
        return TOO_LARGE;
      }
    }
    while (!outer.isEmpty()) {
      close();
    }
    return Math.min(group + atom, TOO_LARGE);
  }

  private void begin(long size) {
    group += atom;
    atom = size;
  }

  private void open() {
    begin(0);
    outer.push(group);
    group = 0;
  }

  private void close() {
    if (!outer.isEmpty()) {
      atom = group + atom + 2;
      group = outer.pop();
    }
  }

  private void skipClass() {
    int from = at;
    if (at < regex.length() && regex.charAt(at) == '^') {
      at++;
    }
    if (at < regex.length() && regex.charAt(at) == ']') {
      at++;
    }
    while (at < regex.length() && regex.charAt(at) != ']') {
      at += regex.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
    begin(1 + (at - from) / 4);
  }

  private void repeat() {
    int end = regex.indexOf('}', at);
    String counts = end < 0 ? "" : regex.substring(at, end);
    if (!counts.matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
      begin(1);
      return;
    }
    long most = 1;
    for (String count : counts.split(",")) {
      most = Math.max(most, Long.parseLong(count));
    }
    atom = Math.min(TOO_LARGE, Math.max(atom, 1) * (most + 1));
    at = end + 1;
  }
}
